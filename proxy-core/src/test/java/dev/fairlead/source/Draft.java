package dev.fairlead.source;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Objects of a test in the making, and the translator they are for. */
public final class Draft {
    public static final KnownBalancers BALANCERS = new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(List.of("least-conn", "random", "round-robin"));
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return choice.parameters().isEmpty() ? Optional.empty() : Optional.of("takes no parameters");
        }
    };
    public static final TranslationSettings SETTINGS = TranslationSettings.DEFAULTS.withNodeName(Optional.of("here"));
    public static final NodeObject NODE = NodeObject.staying("here", Map.of("topology.kubernetes.io/zone", "zone-a"),
            List.of(new NodeObject.Address("InternalIP", "192.168.0.1")), List.of());

    private Draft() {
    }

    public static ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings) {
        return new ServiceTranslator(new PolicyWords(BALANCERS)).translate(objects, settings);
    }

    public static ServiceSnapshot translate(ServiceObject... services) {
        return translate(new ObjectSet(List.of(services), List.of(), List.of(NODE)), SETTINGS);
    }

    public static TranslationSettings nodePortAddresses(String... values) {
        return SETTINGS.withNodePorts(new NodePorts(List.of(values), true));
    }

    public static TranslationSettings nodeAddresses(String... values) {
        return SETTINGS.withNodeAddresses(
                List.of(values).stream().map(v -> IpText.parse(v).orElseThrow()).toList());
    }

    public static TranslationSettings proxyName(String name) {
        return SETTINGS.withServiceProxyName(Optional.of(name));
    }

    public static TranslationSettings withoutNodeHints() {
        return SETTINGS.withGates(new FeatureGates(false, true));
    }

    public static TranslationSettings withoutExternalIps() {
        return SETTINGS.withGates(new FeatureGates(true, false));
    }

    public static TranslationSettings withoutNode() {
        return TranslationSettings.DEFAULTS;
    }

    /** default/web with ClusterIP 10.96.0.10 and port http 80, until more is said. */
    public static Service service() {
        return new Service();
    }

    public static Service service(String name, String clusterIp) {
        return new Service().name(name).clusterIp(clusterIp);
    }

    /** A slice of default/web with port http 8080. */
    public static SliceObject slice(String name, SliceObject.Member... members) {
        return slice(name, "IPv4", List.of(port("http", 8080)), members);
    }

    public static SliceObject slice(String name, String addressType, List<SliceObject.Port> ports,
            SliceObject.Member... members) {
        return new SliceObject("default", name, Map.of("kubernetes.io/service-name", "web"), addressType, ports,
                List.of(members));
    }

    public static SliceObject.Port port(String name, int number) {
        return new SliceObject.Port(Optional.of(name), "TCP", Optional.of(number));
    }

    /** An endpoint that says nothing but its address. */
    public static SliceObject.Member pod(String address) {
        return new SliceObject.Member(List.of(address), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(), List.of());
    }

    public static SliceObject.Member pod(String address, String node) {
        return new SliceObject.Member(List.of(address), Optional.of(true), Optional.of(true), Optional.of(false),
                Optional.of(node), List.of(), List.of());
    }

    /** An endpoint that is neither ready nor serving. */
    public static SliceObject.Member unready(String address) {
        return new SliceObject.Member(List.of(address), Optional.of(false), Optional.of(false), Optional.of(false),
                Optional.empty(), List.of(), List.of());
    }

    /** An endpoint that serves while it terminates. */
    public static SliceObject.Member draining(String address, String node) {
        return new SliceObject.Member(List.of(address), Optional.of(false), Optional.of(true), Optional.of(true),
                Optional.of(node), List.of(), List.of());
    }

    /** {@link #NODE} with the pods' addresses of its own. */
    public static NodeObject nodeWithPods(String... podCidrs) {
        return NodeObject.staying(NODE.name(), NODE.labels(), NODE.addresses(), List.of(podCidrs));
    }

    /** A Service in the making. */
    public static final class Service {
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

        public Service name(String value) {
            name = new ServiceName("default", value);
            return this;
        }

        public Service label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        public Service annotation(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        public Service type(String value) {
            type = value;
            return this;
        }

        public Service clusterIp(String value) {
            clusterIp = value;
            return this;
        }

        public Service dual(List<String> ips, List<String> ipFamilies) {
            clusterIps = ips;
            families = ipFamilies;
            clusterIp = ips.isEmpty() ? clusterIp : ips.getFirst();
            return this;
        }

        public Service ports(ServiceObject.Port... values) {
            ports = List.of(values);
            return this;
        }

        public Service nodePort(int value) {
            return ports(new ServiceObject.Port("http", "TCP", 80, value));
        }

        public Service externalIps(String... values) {
            externalIps = List.of(values);
            return this;
        }

        public Service vip(String ip, String mode) {
            ingress = List.of(new ServiceObject.Ingress(ip, mode));
            return this;
        }

        public Service sourceRanges(String... values) {
            sourceRanges = List.of(values);
            return this;
        }

        public Service affinity(String word, Optional<Integer> timeout) {
            affinity = word;
            affinityTimeout = timeout;
            return this;
        }

        public Service policies(String internalTraffic, String externalTraffic) {
            internal = internalTraffic;
            external = externalTraffic;
            return this;
        }

        public ServiceObject object() {
            return new ServiceObject(name, labels, annotations, type, clusterIp, clusterIps, families, ports,
                    externalIps, ingress, sourceRanges, affinity, affinityTimeout, internal, external, 32000);
        }
    }
}
