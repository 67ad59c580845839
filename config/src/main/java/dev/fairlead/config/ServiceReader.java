package dev.fairlead.config;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;

/** {@code v1 Service}. */
final class ServiceReader {
    static final String PORT_EXPECTED = "a whole number from 1 to 65535";
    static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
    static final List<String> AFFINITIES = List.of("None", "ClientIP");
    private static final List<String> TYPES = List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final String HEADLESS_LABEL = "service.kubernetes.io/headless";
    private static final String HEADLESS = "None";

    private final PolicyWords words;

    ServiceReader(PolicyWords words) {
        this.words = words;
    }

    /**
     * A Service as read.
     *
     * @param claims the doors it wants, empty where it is not proxied
     */
    record Found(ServiceObject service, Place name, List<Claim> claims) {
    }

    /** A port and where it says so. */
    private record PortPlace(ServiceObject.Port port, Place number, Optional<Place> nodePort) {
    }

    /** The Service, or empty after saying why it has no name. */
    Optional<Found> read(Fields object) {
        Fields spec = object.object("spec").orElse(new Fields(object.place().nothing()));
        Map<String, String> annotations = annotations(object);
        List<PortPlace> ports = ports(spec);
        String clusterIP = clusterIP(spec);
        List<String> clusterIPs = clusterIPs(spec);
        String type = spec.choice("type", TYPES);
        Optional<Fields> affinity = spec.object("sessionAffinityConfig").flatMap(f -> f.object("clientIP"));
        Optional<Integer> timeout = affinity.flatMap(f -> f.integer("timeoutSeconds", 1, 86_400,
                "a whole number of seconds from 1 to 86400"));
        List<ServiceObject.Ingress> ingress = new ArrayList<>();
        object.object("status").flatMap(f -> f.object("loadBalancer")).ifPresent(balancer -> {
            for (Fields each : balancer.objects("ingress")) {
                ingress.add(new ServiceObject.Ingress(each.text("ip"), each.text("ipMode")));
            }
        });
        List<String> ipFamilies = spec.texts("ipFamilies");
        List<String> externalIPs = spec.texts("externalIPs");
        List<String> sourceRanges = spec.texts("loadBalancerSourceRanges");
        String sessionAffinity = spec.choice("sessionAffinity", AFFINITIES);
        String internalPolicy = spec.choice("internalTrafficPolicy", POLICIES);
        String externalPolicy = spec.choice("externalTrafficPolicy", POLICIES);
        int healthPort = spec.integer("healthCheckNodePort", 0, 65535, PORT_EXPECTED).orElse(0);
        return Metadata.of(object).map(metadata -> {
            ServiceObject service = new ServiceObject(new ServiceName(metadata.namespace(), metadata.name()),
                    metadata.labels(), annotations, type, clusterIP, clusterIPs, ipFamilies,
                    ports.stream().map(PortPlace::port).toList(), externalIPs, ingress, sourceRanges, sessionAffinity,
                    timeout, internalPolicy, externalPolicy, healthPort);
            return new Found(service, metadata.place(), claims(service, metadata.place().spot(), ports));
        });
    }

    private Map<String, String> annotations(Fields object) {
        // Metadata of the wrong type is reported where the name is read.
        Optional<Fields> metadata = object.value("metadata").map(Fields::new);
        Map<String, String> annotations = metadata.map(m -> m.textMap("annotations")).orElse(Map.of());
        for (Place.Entry entry : metadata.flatMap(m -> m.value("annotations")).map(Place::entries).orElse(List.of())) {
            if (entry.key().startsWith(PolicyWord.ANNOTATION_PREFIX)) {
                checkAnnotation(entry);
            }
        }
        return annotations;
    }

    private void checkAnnotation(Place.Entry entry) {
        Optional<PolicyWord> word = words.byAnnotation(entry.key());
        if (word.isEmpty()) {
            List<String> known = words.all().stream().map(PolicyWord::annotation).toList();
            entry.unknown("annotation", known);
            return;
        }
        entry.value().anyText().ifPresent(text -> {
            if (word.get().parse(text) instanceof PolicyWord.Parsed.Wrong(String problem)) {
                entry.value().problem(problem);
            }
        });
    }

    private static String clusterIP(Fields spec) {
        spec.value("clusterIP").ifPresent(ServiceReader::checkClusterIP);
        return spec.value("clusterIP").map(Place::written).orElse("");
    }

    private static List<String> clusterIPs(Fields spec) {
        List<String> texts = new ArrayList<>();
        for (Place item : spec.list("clusterIPs")) {
            checkClusterIP(item);
            texts.add(item.written());
        }
        return texts;
    }

    private static void checkClusterIP(Place place) {
        place.text("an IP address or None").ifPresent(text -> {
            if (!text.isEmpty() && !text.equals(HEADLESS) && IpText.parse(text).isEmpty()) {
                place.problem(Words.quote(text) + " is not an IP address (expected: such as 10.96.0.10, or None)");
            }
        });
    }

    private static List<PortPlace> ports(Fields spec) {
        List<PortPlace> ports = new ArrayList<>();
        Map<String, Place> names = new HashMap<>();
        for (Fields port : spec.objects("ports")) {
            String name = port.text("name");
            String protocol = port.choice("protocol", PROTOCOLS);
            int nodePort = port.integer("nodePort", 0, 65535, PORT_EXPECTED).orElse(0);
            Place named = port.value("name").orElse(port.place());
            Place first = names.putIfAbsent(name, named);
            if (first != null) {
                named.problem((name.isEmpty()
                        ? "a second port without a name"
                        : "duplicate port name "
                                + Words.quote(name))
                        + " (expected: each port its own name; first at " + first.spot() + ")");
            }
            Optional<Place> number = port.value("port");
            if (number.isEmpty()) {
                port.place().problem("port is missing (expected: " + PORT_EXPECTED + ")");
                continue;
            }
            number.get().integer(1, 65535, PORT_EXPECTED).ifPresent(value -> ports.add(
                    new PortPlace(new ServiceObject.Port(name, protocol, value, nodePort), number.get(),
                            port.value("nodePort").filter(_ -> nodePort > 0))));
        }
        return ports;
    }

    /** The doors of a Service that is proxied (kube-proxy's rules); load balancer addresses may be shared. */
    private static List<Claim> claims(ServiceObject service, Spot declared, List<PortPlace> ports) {
        List<Claim> claims = new ArrayList<>();
        if (service.type().equals("ExternalName") || service.clusterIP().equals(HEADLESS)
                || service.labels().containsKey(HEADLESS_LABEL)) {
            return claims;
        }
        Set<InetAddress> addresses = new LinkedHashSet<>();
        IpText.parse(service.clusterIP()).ifPresent(addresses::add);
        service.clusterIPs().forEach(text -> IpText.parse(text).ifPresent(addresses::add));
        Set<IpFamily> families = new LinkedHashSet<>();
        addresses.forEach(address -> families.add(IpFamily.of(address)));
        for (String text : service.externalIPs()) {
            IpText.parse(text).filter(ip -> families.contains(IpFamily.of(ip))).ifPresent(addresses::add);
        }
        for (PortPlace port : ports) {
            Protocol protocol = protocol(port.port().protocol());
            for (InetAddress address : addresses) {
                claims.add(new Claim(service, declared,
                        new Claim.Door.Address(protocol, new IpPort(address, port.port().port())), port.number()));
            }
            port.nodePort().filter(_ -> !addresses.isEmpty()).ifPresent(place -> claims.add(
                    new Claim(service, declared, new Claim.Door.NodePort(protocol, port.port().nodePort()), place)));
        }
        return claims;
    }

    static Protocol protocol(String word) {
        return word.isEmpty() ? Protocol.TCP : Protocol.valueOf(word);
    }
}
