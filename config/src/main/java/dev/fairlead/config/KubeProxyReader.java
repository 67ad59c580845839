package dev.fairlead.config;

import dev.fairlead.config.Form.Meaning;
import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.config.ProxyConfig.Kubernetes;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A {@code kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration} in place of our own kind. What it says of nodes and
 * addresses means here what it means there (cmd/kube-proxy, apis/config/v1alpha1); what it says of the kernel's rules
 * has nothing to say here and gets a line each, never an error.
 */
final class KubeProxyReader {
    static final Type TYPE = new Type("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration");

    private static final String NFTABLES = "nftables";
    private static final int HEALTHZ_PORT = 10256;
    private static final int METRICS_PORT = 10249;

    private final Fields document;
    private final BiConsumer<Place, String> note;
    private final Set<String> understood = new HashSet<>(Set.of("apiVersion", "kind"));

    private KubeProxyReader(Fields document, BiConsumer<Place, String> note) {
        this.document = document;
        this.note = note;
    }

    /** @param note is told, for each field that is passed over, where it is and why */
    static ProxyConfigurationForm.Found read(Fields document, BiConsumer<Place, String> note) {
        KubeProxyReader reader = new KubeProxyReader(document, note);
        ProxyConfig settings = reader.settings();
        reader.tell(document.place(), "");
        return new ProxyConfigurationForm.Found(settings, List.of());
    }

    private ProxyConfig settings() {
        ProxyConfig defaults = ProxyConfig.DEFAULTS;
        return new ProxyConfig(defaults.logging(), defaults.admin(), services(), Optional.of(kubernetes()),
                door("healthzBindAddress", HEALTHZ_PORT), door("metricsBindAddress", METRICS_PORT), defaults.drain(),
                defaults.dataPath(), defaults.addresses(), defaults.eventLoops(), defaults.handover(),
                defaults.oneDoor(), defaults.privileges());
    }

    private TranslationSettings services() {
        TranslationSettings defaults = TranslationSettings.DEFAULTS;
        String mode = word("", "mode").orElse("");
        Optional<Boolean> localhost = flag("iptables", "localhostNodePorts");
        boolean iptablesAll = flag("iptables", "masqueradeAll").orElse(false);
        boolean nftablesAll = flag(NFTABLES, "masqueradeAll").orElse(false);
        // hostnameOverride is lower-cased there too, as nodes' names are.
        Optional<String> nodeName = word("", "hostnameOverride").map(name -> name.strip().toLowerCase(Locale.ROOT));
        return new TranslationSettings(nodeName, nodeAddresses(), policy(defaults.defaults()), Optional.empty(),
                new NodePorts(nodePortAddresses(mode), localhost.orElse(true)), gates(), pods(), List.of(),
                mode.equals(NFTABLES) ? nftablesAll : iptablesAll);
    }

    /** There they are set in the kernel, and 0s leaves its own; here 0s leaves ours. */
    private ServicePolicy policy(ServicePolicy defaults) {
        Duration udp = conntrackTimeout("udpTimeout").orElse(defaults.udpTimeout());
        Duration stream = conntrackTimeout("udpStreamTimeout").orElse(defaults.udpStreamTimeout());
        return defaults.withUdpTimeout(udp).withUdpStreamTimeout(stream);
    }

    private Optional<Duration> conntrackTimeout(String key) {
        return meaning("conntrack", key, GoDuration::parse).filter(Duration::isPositive);
    }

    /** A bind address that is no wildcard is the node's address there, before what the Node object says. */
    private List<InetAddress> nodeAddresses() {
        return meaning("", "bindAddress", text -> IpText.parse(text).<Meaning<InetAddress>>map(Meaning.Value::new)
                .orElseGet(() -> new Meaning.Wrong<>(Words.quote(text) + " is not an IP address (expected: such as"
                        + " 0.0.0.0)")))
                .filter(ip -> !ip.isAnyLocalAddress()).stream().toList();
    }

    /** With nftables an empty list is the primary addresses (KEP-3866), else every local address. */
    private List<String> nodePortAddresses(String mode) {
        understood.add("nodePortAddresses");
        List<String> addresses = new ArrayList<>();
        for (Place item : document.list("nodePortAddresses")) {
            item.anyText().ifPresent(text -> {
                switch (NodeForm.nodePortAddress(text)) {
                    case Meaning.Value<String>(String value) -> addresses.add(value);
                    case Meaning.Wrong<String>(String problem) -> item.problem(problem);
                }
            });
        }
        return addresses.isEmpty() && mode.equals(NFTABLES) ? List.of("primary") : addresses;
    }

    private FeatureGates gates() {
        understood.add("featureGates");
        return document.value("featureGates").flatMap(new GatesForm()::read).orElse(FeatureGates.DEFAULTS);
    }

    private PodDetection pods() {
        List<Cidr> clusterCidr = meaning("", "clusterCIDR", NodeForm::clusterCidr).orElse(List.of());
        understood.add("detectLocalMode");
        String mode = document.choice("detectLocalMode", NodeForm.DETECT_LOCAL_MODES);
        return NodeForm.pods(mode.isEmpty() ? NodeForm.CLUSTER_CIDR_MODE : mode, clusterCidr);
    }

    private Kubernetes kubernetes() {
        Optional<Path> kubeconfig = word("clientConnection", "kubeconfig").map(Path::of);
        Kubernetes defaults = Kubernetes.DEFAULTS;
        return new Kubernetes(kubeconfig, defaults.server(), defaults.namespace(), defaults.quiet(),
                defaults.atMost());
    }

    /** An address without a port has the port of its kind. */
    private Optional<Admin> door(String key, int port) {
        return meaning("", key, text -> {
            Optional<InetAddress> bare = IpText.parse(text);
            if (bare.isPresent()) {
                return new Meaning.Value<Admin>(new Admin.On(new IpPort(bare.get(), port)));
            }
            return switch (AddressText.parseAnyPort(text)) {
                case Meaning.Value<IpPort>(IpPort address) -> new Meaning.Value<Admin>(new Admin.On(address));
                case Meaning.Wrong<IpPort>(String problem) -> new Meaning.Wrong<Admin>(problem);
            };
        });
    }

    /** A text that is not empty, read at the top or in a section. */
    private Optional<String> word(String section, String key) {
        understood.add(section.isEmpty() ? key : section + "." + key);
        return around(section).flatMap(fields -> fields.optionalText(key)).filter(text -> !text.isBlank());
    }

    private Optional<Boolean> flag(String section, String key) {
        understood.add(section + "." + key);
        return document.object(section).flatMap(fields -> fields.flag(key));
    }

    private <T> Optional<T> meaning(String section, String key, Function<String, Meaning<T>> parser) {
        Optional<String> text = word(section, key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (parser.apply(text.get())) {
            case Meaning.Value<T>(T value) -> Optional.of(value);
            case Meaning.Wrong<T>(String problem) -> {
                around(section).flatMap(fields -> fields.value(key)).ifPresent(place -> place.problem(problem));
                yield Optional.empty();
            }
        };
    }

    private Optional<Fields> around(String section) {
        return section.isEmpty() ? Optional.of(document) : document.object(section);
    }

    /** One line for each field that says something and is not understood. */
    private void tell(Place place, String path) {
        for (Place.Entry entry : place.entries()) {
            String name = path.isEmpty() ? entry.key() : path + "." + entry.key();
            if (understood.contains(name) || entry.value().isNull()) {
                continue;
            }
            if (entry.value().shape() == Place.Shape.MAPPING) {
                tell(entry.value(), name);
            } else {
                note.accept(entry.value(), name + " of KubeProxyConfiguration is passed over: " + why(name));
            }
        }
    }

    private static String why(String name) {
        String section = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        return switch (section) {
            case "iptables", "ipvs", NFTABLES, "winkernel", "conntrack" ->
                "Fairlead keeps no rules and no connection tracking in the kernel";
            case "detectLocal" -> "no source is told from others by its interface";
            case "clientConnection", "configSyncPeriod" -> "the API server is followed by watches at its own pace";
            default -> "it has no meaning here";
        };
    }
}
