package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceAddresses;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** One Service to its service ports, in both families. */
final class ServiceTranslation {
    static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";
    static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

    private static final String LOAD_BALANCER = "LoadBalancer";
    private static final int LONGEST_AFFINITY = 86_400;
    private static final int DEFAULT_AFFINITY = 10_800;
    private static final Comparator<Cidr> CIDR_ORDER = Comparator.comparing((Cidr c) -> new IpPort(c.base(), 0))
            .thenComparingInt(Cidr::prefix);

    private final ServiceObject service;
    private final Notes notes;

    ServiceTranslation(ServiceObject service, Notes notes) {
        this.service = service;
        this.notes = notes;
    }

    /** Why kube-proxy would leave the Service alone; empty where it would not. */
    Optional<String> skipped(Optional<String> serviceProxyName) {
        Optional<String> proxy = Optional.ofNullable(service.labels().get(PROXY_NAME_LABEL));
        if (!proxy.equals(serviceProxyName)) {
            return Optional.of(serviceProxyName.map(own -> "no label " + PROXY_NAME_LABEL + "=" + own)
                    .orElseGet(
                            () -> "label " + PROXY_NAME_LABEL + "=" + proxy.orElse("") + " gives it to another proxy"));
        }
        if (service.labels().containsKey(HEADLESS_LABEL)) {
            return Optional.of("label " + HEADLESS_LABEL + " says that it is headless");
        }
        if (service.type().equals("ExternalName")) {
            return Optional.of("type ExternalName is for DNS alone");
        }
        if (service.clusterIP().equals("None")) {
            return Optional.of("headless (clusterIP is None)");
        }
        return service.clusterIP().isEmpty() ? Optional.of("no clusterIP") : Optional.empty();
    }

    /** The Service's address in a family; empty = not proxied in this family at all. */
    Optional<InetAddress> clusterIp(IpFamily family) {
        if (service.ipFamilies().isEmpty()) {
            return address("clusterIP", service.clusterIP()).filter(ip -> IpFamily.of(ip) == family);
        }
        List<String> addresses = service.clusterIPs().isEmpty()
                ? List.of(service.clusterIP())
                : service.clusterIPs();
        int index = service.ipFamilies().indexOf(family.toString());
        if (index < 0 || index >= addresses.size()) {
            return Optional.empty();
        }
        return address("clusterIPs", addresses.get(index)).filter(ip -> IpFamily.of(ip) == family);
    }

    /**
     * What a Service's ports share with the rest of the input.
     *
     * @param nodePorts this node's addresses that node ports are served on
     * @param nodePortsUnserved why there are none in any family, {@code ""} where there are some
     */
    record Surroundings(Map<IpFamily, List<InetAddress>> nodePorts, String nodePortsUnserved, FeatureGates gates) {
    }

    /** The Service's ports in one family, where its address is {@code clusterIp}. */
    List<ServicePort> ports(InetAddress clusterIp, SliceTranslation slices, ServicePolicy policy,
            Surroundings around) {
        IpFamily family = IpFamily.of(clusterIp);
        List<Cidr> sourceRanges = sourceRanges(family);
        SessionAffinity affinity = affinity();
        TrafficPolicy internal = trafficPolicy("internalTrafficPolicy", service.internalTrafficPolicy());
        TrafficPolicy external = externalPolicy(around.gates());
        int healthPort = external == TrafficPolicy.LOCAL && service.type().equals(LOAD_BALANCER)
                ? service.healthCheckNodePort()
                : 0;
        List<InetAddress> externalIps = externalIps(family, around.gates());
        List<InetAddress> vips = loadBalancerVips(family);
        Map<ServicePortName, ServicePort> ports = new TreeMap<>();
        for (ServiceObject.Port port : service.ports()) {
            Optional<ServicePortName> name = name(port, family);
            if (name.isEmpty()) {
                continue;
            }
            ServiceAddresses addresses = new ServiceAddresses(clusterIp, port.port(), nodePort(port), externalIps,
                    vips);
            ServicePort made = new ServicePort(name.get(), addresses, frontends(name.get(), addresses, around),
                    slices.endpoints(name.get()), internal, external, affinity, sourceRanges, healthPort, policy);
            ServicePort first = ports.putIfAbsent(name.get(), made);
            if (first != null) {
                note("port " + port.port() + " is left out, since port " + first.addresses().port()
                        + " has the same name \"" + port.name() + "\" (expected: every port its own)");
            }
        }
        return List.copyOf(ports.values());
    }

    /** The port's identity; empty where it is not proxied. */
    private Optional<ServicePortName> name(ServiceObject.Port port, IpFamily family) {
        Optional<Protocol> protocol = protocol(port.protocol());
        if (protocol.isEmpty()) {
            note("protocol \"" + port.protocol() + "\" is left out (expected: TCP or UDP)");
            return Optional.empty();
        }
        if (port.port() < 1 || port.port() > 65535) {
            note("port " + port.port() + " is left out (expected: 1-65535)");
            return Optional.empty();
        }
        ServicePortName name = new ServicePortName(service.name(), port.name(), protocol.get(), family);
        return switch (protocol.get()) {
            case TCP, UDP -> Optional.of(name);
            case SCTP -> {
                notes.gather("SCTP ports are not proxied", name.toString());
                yield Optional.empty();
            }
        };
    }

    private int nodePort(ServiceObject.Port port) {
        if (port.nodePort() < 0 || port.nodePort() > 65535) {
            note("nodePort " + port.nodePort() + " is left out (expected: 1-65535)");
            return 0;
        }
        return port.nodePort();
    }

    private List<InetAddress> externalIps(IpFamily family, FeatureGates gates) {
        if (!gates.allowServiceExternalIps()) {
            if (!service.externalIPs().isEmpty()) {
                notes.gather("externalIPs are not served, as feature gate AllowServiceExternalIPs says",
                        service.name().toString());
            }
            return List.of();
        }
        return addresses("externalIPs", service.externalIPs(), family);
    }

    /** With ipMode Proxy the load balancer itself wants to see the traffic (KEP-1860). */
    private List<InetAddress> loadBalancerVips(IpFamily family) {
        List<String> texts = service.loadBalancerIngress().stream()
                .filter(ingress -> !ingress.ip().isEmpty()
                        && (ingress.ipMode().isEmpty() || ingress.ipMode().equals("VIP")))
                .map(ServiceObject.Ingress::ip).toList();
        return addresses("loadBalancer.ingress", texts, family);
    }

    private List<InetAddress> addresses(String field, List<String> texts, IpFamily family) {
        return texts.stream().flatMap(text -> address(field, text).stream()).filter(ip -> IpFamily.of(ip) == family)
                .map(ip -> new IpPort(ip, 0)).distinct().sorted().map(IpPort::ip).toList();
    }

    private List<Frontend> frontends(ServicePortName name, ServiceAddresses addresses, Surroundings around) {
        TreeSet<Frontend> frontends = new TreeSet<>();
        int port = addresses.port();
        frontends.add(frontend(FrontendKind.CLUSTER_IP, name, addresses.clusterIp(), port));
        addresses.externalIps().forEach(ip -> frontends.add(frontend(FrontendKind.EXTERNAL_IP, name, ip, port)));
        addresses.loadBalancerVips().forEach(ip -> frontends.add(frontend(FrontendKind.LOAD_BALANCER, name, ip, port)));
        if (addresses.nodePort() != 0) {
            for (InetAddress ip : around.nodePorts().getOrDefault(name.family(), List.of())) {
                frontends.add(frontend(FrontendKind.NODE_PORT, name, ip, addresses.nodePort()));
            }
            if (!around.nodePortsUnserved().isEmpty()) {
                notes.gather(around.nodePortsUnserved(), name.toString());
            }
        }
        // A UDP client takes a reply from the address that it sent to, and from no other that the machine has.
        if (name.protocol() == Protocol.UDP
                && frontends.removeIf(frontend -> frontend.address().ip().isAnyLocalAddress())) {
            note("UDP port " + port + " is left out where the address stands for every address"
                    + " (expected: each address by itself)");
        }
        return List.copyOf(frontends);
    }

    private static Frontend frontend(FrontendKind kind, ServicePortName name, InetAddress ip, int port) {
        return new Frontend(kind, name.protocol(), new IpPort(ip, port));
    }

    private List<Cidr> sourceRanges(IpFamily family) {
        List<Cidr> ranges = new ArrayList<>();
        int unreadable = 0;
        for (String text : service.loadBalancerSourceRanges()) {
            Optional<Cidr> range = Cidr.parse(text);
            range.ifPresent(ranges::add);
            if (range.isEmpty()) {
                unreadable++;
                note("loadBalancerSourceRanges: \"" + text.strip()
                        + "\" is left out (expected: a CIDR such as 10.0.0.0/8)");
            }
        }
        if (unreadable > 0 && ranges.isEmpty()) {
            note("loadBalancerSourceRanges has no readable range, so every source is let in");
        }
        List<Cidr> own = ranges.stream().filter(range -> range.family() == family).sorted(CIDR_ORDER).distinct()
                .toList();
        return own.stream().anyMatch(range -> range.prefix() == 0) ? List.of() : own;
    }

    private SessionAffinity affinity() {
        return switch (service.sessionAffinity()) {
            case "ClientIP" -> {
                int seconds = service.affinityTimeoutSeconds().orElse(DEFAULT_AFFINITY);
                if (seconds < 1 || seconds > LONGEST_AFFINITY) {
                    note("timeoutSeconds " + seconds + " is ignored (expected: 1-" + LONGEST_AFFINITY + ")");
                    seconds = DEFAULT_AFFINITY;
                }
                yield new SessionAffinity.ClientIp(Duration.ofSeconds(seconds));
            }
            case "", "None" -> SessionAffinity.NONE;
            default -> {
                note("sessionAffinity \"" + service.sessionAffinity() + "\" is ignored (expected: None or ClientIP)");
                yield SessionAffinity.NONE;
            }
        };
    }

    /** Local counts only where the Service's type lets anybody in from outside. */
    private TrafficPolicy externalPolicy(FeatureGates gates) {
        boolean accessible = switch (service.type()) {
            case LOAD_BALANCER, "NodePort" -> true;
            case "", "ClusterIP" -> gates.allowServiceExternalIps() && !service.externalIPs().isEmpty();
            default -> false;
        };
        TrafficPolicy policy = trafficPolicy("externalTrafficPolicy", service.externalTrafficPolicy());
        if (!accessible) {
            return TrafficPolicy.CLUSTER;
        }
        if (policy == TrafficPolicy.LOCAL && service.type().equals(LOAD_BALANCER)
                && service.healthCheckNodePort() == 0) {
            note("healthCheckNodePort is missing (expected: a port, since externalTrafficPolicy is Local)");
        }
        return policy;
    }

    private TrafficPolicy trafficPolicy(String field, String text) {
        return switch (text) {
            case "Local" -> TrafficPolicy.LOCAL;
            case "", "Cluster" -> TrafficPolicy.CLUSTER;
            default -> {
                note(field + " \"" + text + "\" is ignored (expected: Cluster or Local)");
                yield TrafficPolicy.CLUSTER;
            }
        };
    }

    /** Kubernetes' protocol words, none meaning TCP; empty where the word is another. */
    static Optional<Protocol> protocol(String text) {
        return switch (text) {
            case "", "TCP" -> Optional.of(Protocol.TCP);
            case "UDP" -> Optional.of(Protocol.UDP);
            case "SCTP" -> Optional.of(Protocol.SCTP);
            default -> Optional.empty();
        };
    }

    private Optional<InetAddress> address(String field, String text) {
        Optional<InetAddress> ip = IpText.parse(text.strip());
        if (ip.isEmpty()) {
            note(field + ": \"" + text + "\" is left out (expected: an IP address)");
        }
        return ip;
    }

    private void note(String what) {
        notes.add(service.name() + ": " + what);
    }
}
