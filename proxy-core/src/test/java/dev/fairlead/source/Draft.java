package dev.fairlead.source;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServiceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Objects of a test in the making, and the translator they are for. */
final class Draft {
    static final KnownBalancers BALANCERS = new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(List.of("least-conn", "random", "round-robin"));
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return choice.parameters().isEmpty() ? Optional.empty() : Optional.of("takes no parameters");
        }
    };
    static final TranslationSettings SETTINGS = new TranslationSettings(Optional.of("here"), ServicePolicy.DEFAULTS,
            List.of(), Optional.empty(), true, List.of());
    static final NodeObject NODE = new NodeObject("here", Map.of("topology.kubernetes.io/zone", "zone-a"),
            List.of(new NodeObject.Address("InternalIP", "192.168.0.1")));

    private Draft() {
    }

    static ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings) {
        return new ServiceTranslator(new PolicyWords(BALANCERS)).translate(objects, settings);
    }

    static ServiceSnapshot translate(ServiceObject... services) {
        return translate(new ObjectSet(List.of(services), List.of(), List.of(NODE)), SETTINGS);
    }

    static TranslationSettings nodePortAddresses(String... values) {
        return new TranslationSettings(SETTINGS.nodeName(), SETTINGS.defaults(), List.of(values),
                Optional.empty(), true, List.of());
    }

    static TranslationSettings nodeAddresses(String... values) {
        return new TranslationSettings(SETTINGS.nodeName(), SETTINGS.defaults(), List.of(),
                Optional.empty(), true, List.of(values).stream().map(v -> IpText.parse(v).orElseThrow()).toList());
    }

    static TranslationSettings proxyName(String name) {
        return new TranslationSettings(SETTINGS.nodeName(), SETTINGS.defaults(), List.of(),
                Optional.of(name), true, List.of());
    }

    static TranslationSettings withoutNodeHints() {
        return new TranslationSettings(SETTINGS.nodeName(), SETTINGS.defaults(), List.of(),
                Optional.empty(), false, List.of());
    }

    static TranslationSettings withoutNode() {
        return new TranslationSettings(Optional.empty(), SETTINGS.defaults(), List.of(), Optional.empty(),
                true, List.of());
    }

    /** default/web with ClusterIP 10.96.0.10 and port http 80, until more is said. */
    static Service service() {
        return new Service();
    }

    static Service service(String name, String clusterIp) {
        return new Service().name(name).clusterIp(clusterIp);
    }

    /** A slice of default/web with port http 8080. */
    static SliceObject slice(String name, SliceObject.Member... members) {
        return slice(name, "IPv4", List.of(port("http", 8080)), members);
    }

    static SliceObject slice(String name, String addressType, List<SliceObject.Port> ports,
            SliceObject.Member... members) {
        return new SliceObject("default", name, Map.of("kubernetes.io/service-name", "web"), addressType, ports,
                List.of(members));
    }

    static SliceObject.Port port(String name, int number) {
        return new SliceObject.Port(Optional.of(name), "TCP", Optional.of(number));
    }

    /** An endpoint that says nothing but its address. */
    static SliceObject.Member pod(String address) {
        return new SliceObject.Member(List.of(address), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(), List.of());
    }

    static SliceObject.Member pod(String address, String node) {
        return new SliceObject.Member(List.of(address), Optional.of(true), Optional.of(true), Optional.of(false),
                Optional.of(node), List.of(), List.of());
    }

    /** A Service in the making. */
    static final class Service {
        private ServiceName name = new ServiceName("default", "web");
        private final Map<String, String> labels = new TreeMap<>();
        private final Map<String, String> annotations = new TreeMap<>();
        private String type = "ClusterIP";
        private String clusterIp = "10.96.0.10";
        private List<String> clusterIps = List.of();
        private List<String> families = List.of();
        private List<ServiceObject.Port> ports = new ArrayList<>(
                List.of(new ServiceObject.Port("http", "TCP", 80, 0)));
        private List<String> externalIps = List.of();
        private List<ServiceObject.Ingress> ingress = List.of();
        private List<String> sourceRanges = List.of();
        private String affinity = "None";
        private Optional<Integer> affinityTimeout = Optional.empty();
        private String internal = "Cluster";
        private String external = "";

        Service name(String value) {
            name = new ServiceName("default", value);
            return this;
        }

        Service label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        Service annotation(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        Service type(String value) {
            type = value;
            return this;
        }

        Service clusterIp(String value) {
            clusterIp = value;
            return this;
        }

        Service dual(List<String> ips, List<String> ipFamilies) {
            clusterIps = ips;
            families = ipFamilies;
            clusterIp = ips.isEmpty() ? clusterIp : ips.getFirst();
            return this;
        }

        Service ports(ServiceObject.Port... values) {
            ports = List.of(values);
            return this;
        }

        Service nodePort(int value) {
            return ports(new ServiceObject.Port("http", "TCP", 80, value));
        }

        Service externalIps(String... values) {
            externalIps = List.of(values);
            return this;
        }

        Service vip(String ip, String mode) {
            ingress = List.of(new ServiceObject.Ingress(ip, mode));
            return this;
        }

        Service sourceRanges(String... values) {
            sourceRanges = List.of(values);
            return this;
        }

        Service affinity(String word, Optional<Integer> timeout) {
            affinity = word;
            affinityTimeout = timeout;
            return this;
        }

        Service policies(String internalTraffic, String externalTraffic) {
            internal = internalTraffic;
            external = externalTraffic;
            return this;
        }

        ServiceObject object() {
            return new ServiceObject(name, labels, annotations, type, clusterIp, clusterIps, families, ports,
                    externalIps, ingress, sourceRanges, affinity, affinityTimeout, internal, external, 32000);
        }
    }
}
