package dev.fairlead.config;

import dev.fairlead.config.Form.Choice;
import dev.fairlead.config.Form.Flag;
import dev.fairlead.config.Form.Many;
import dev.fairlead.config.Form.Meaning;
import dev.fairlead.config.Form.Text;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys that say which node this is and what is around it; their names and meanings are kube-proxy's. */
final class NodeForm {
    static final String CLUSTER_CIDR_MODE = "ClusterCIDR";
    static final String NODE_CIDR_MODE = "NodeCIDR";
    static final List<String> DETECT_LOCAL_MODES = List.of(CLUSTER_CIDR_MODE, NODE_CIDR_MODE, "BridgeInterface",
            "InterfaceNamePrefix");
    static final List<String> NODE_PORT_WORDS = List.of("primary", "localhost", "all");

    private static final TranslationSettings DEFAULTS = TranslationSettings.DEFAULTS;
    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private static final Key<Optional<String>> NODE_NAME = Key.absent("nodeName",
            "The name of the node this runs on, which says which endpoints are local; no default: nothing is local.",
            new Text<>("the name of a node", List.of("worker-1"), NodeForm::nodeName));
    private static final Key<List<InetAddress>> NODE_ADDRESSES = Key.optional("nodeAddresses",
            "The node's own IP addresses, the primary of each family first; empty is those of its Node object.",
            new Many<>(new Text<>("an IP address", List.of("192.168.1.10"), NodeForm::ip)),
            DEFAULTS.nodeAddresses(), List.of());
    private static final Key<List<String>> NODE_PORT_ADDRESSES = Key.optional("nodePortAddresses",
            "Where NodePorts are opened: CIDRs, primary, localhost or all; empty is all of the node's addresses.",
            new Many<>(new Text<>("a CIDR such as 192.168.0.0/16, primary, localhost or all",
                    List.of("192.168.0.0/16", "primary"), NodeForm::nodePortAddress)),
            DEFAULTS.nodePorts().addresses(), List.of());
    private static final Key<Optional<String>> SERVICE_PROXY_NAME = Key.absent("serviceProxyName",
            "Serve only Services whose label service.kubernetes.io/service-proxy-name is this; no default: only those"
                    + " without the label.",
            new Text<>("the value of a label", List.of("fairlead"), NodeForm::labelValue));
    private static final Key<List<Cidr>> CLUSTER_CIDR = Key.optional("clusterCIDR",
            "The addresses of pods: a CIDR, or one of each family with a comma between; empty: no source is a pod.",
            new Text<>("a CIDR such as 10.244.0.0/16", List.of("10.244.0.0/16", "10.244.0.0/16,fd00:10:244::/56"),
                    NodeForm::clusterCidr),
            List.of(), "");
    private static final Key<String> DETECT_LOCAL_MODE = Key.optional("detectLocalMode",
            "How pods are told from other sources: ClusterCIDR by clusterCIDR, NodeCIDR by the Node's podCIDRs; with"
                    + " the others no source is a pod.",
            Choice.ofWords("mode", DETECT_LOCAL_MODES), CLUSTER_CIDR_MODE, CLUSTER_CIDR_MODE);
    private static final Key<List<Cidr>> SERVICE_CIDRS = Key.optional("serviceCIDRs",
            "Where ClusterIPs come from; all addresses in it are this proxy's.",
            new Many<>(new Text<>("a CIDR such as 10.96.0.0/12", List.of("10.96.0.0/12"), NodeForm::cidr)), List.of(),
            List.of());
    private static final Key<Boolean> MASQUERADE_ALL = Key.optional("masqueradeAll",
            "Whether kube-proxy would hide the source of every connection to a ClusterIP; matters to explain alone.",
            new Flag(), DEFAULTS.masqueradeAll(), DEFAULTS.masqueradeAll());
    private static final Key<FeatureGates> FEATURE_GATES = Key.optional("featureGates",
            "kube-proxy's feature gates; those that Fairlead knows are PreferSameTrafficDistribution (hints for nodes"
                    + " count) and AllowServiceExternalIPs (externalIPs are served).",
            new GatesForm(), DEFAULTS.gates(), Map.of());

    private NodeForm() {
    }

    static List<Key<?>> keys() {
        return List.of(NODE_NAME, NODE_ADDRESSES, NODE_PORT_ADDRESSES, SERVICE_PROXY_NAME, CLUSTER_CIDR,
                DETECT_LOCAL_MODE, SERVICE_CIDRS, MASQUERADE_ALL, FEATURE_GATES);
    }

    static TranslationSettings settings(Section section, ServicePolicy defaults) {
        return new TranslationSettings(section.value(NODE_NAME), section.value(NODE_ADDRESSES), defaults,
                section.value(SERVICE_PROXY_NAME),
                new NodePorts(section.value(NODE_PORT_ADDRESSES), DEFAULTS.nodePorts().localhost()),
                section.value(FEATURE_GATES), pods(section.value(DETECT_LOCAL_MODE), section.value(CLUSTER_CIDR)),
                section.value(SERVICE_CIDRS), section.value(MASQUERADE_ALL));
    }

    /** @param mode one of {@link #DETECT_LOCAL_MODES} */
    static PodDetection pods(String mode, List<Cidr> clusterCidr) {
        return switch (mode) {
            case CLUSTER_CIDR_MODE -> new PodDetection.ByCidr(clusterCidr);
            case NODE_CIDR_MODE -> new PodDetection.ByNode();
            default -> new PodDetection.ByInterface(mode);
        };
    }

    static Meaning<String> nodeName(String text) {
        return Metadata.isName(text)
                ? new Meaning.Value<>(text)
                : new Meaning.Wrong<>(Words.quote(text) + " is not a name (expected: " + Metadata.NAME_EXPECTED + ")");
    }

    private static Meaning<String> labelValue(String text) {
        return LABEL_VALUE.matcher(text).matches()
                ? new Meaning.Value<>(text)
                : new Meaning.Wrong<>(Words.quote(text)
                        + " is not the value of a label (expected: at most 63 letters, digits, -, _ and .)");
    }

    private static Meaning<InetAddress> ip(String text) {
        return IpText.parse(text).<Meaning<InetAddress>>map(Meaning.Value::new).orElseGet(() -> new Meaning.Wrong<>(
                Words.quote(text) + " is not an IP address (expected: such as 192.168.1.10 or fd00::10)"));
    }

    static Meaning<String> nodePortAddress(String text) {
        if (NODE_PORT_WORDS.contains(text) || Cidr.parse(text).isPresent()) {
            return new Meaning.Value<>(text);
        }
        return new Meaning.Wrong<>(Words.quote(text)
                + " is not a CIDR (expected: such as 192.168.0.0/16, primary, localhost or all)"
                + Words.didYouMean(text, NODE_PORT_WORDS));
    }

    private static Meaning<Cidr> cidr(String text) {
        return Cidr.parse(text).<Meaning<Cidr>>map(Meaning.Value::new).orElseGet(() -> new Meaning.Wrong<>(
                Words.quote(text) + " is not a CIDR (expected: such as 10.96.0.0/12 or fd00::/108)"));
    }

    /** CIDRs with commas between, as kube-proxy writes those of a dual-stack cluster; {@code ""} is none. */
    static Meaning<List<Cidr>> clusterCidr(String text) {
        List<Cidr> blocks = new ArrayList<>();
        if (text.isBlank()) {
            return new Meaning.Value<>(blocks);
        }
        for (String part : text.split(",", -1)) {
            Optional<Cidr> block = Cidr.parse(part);
            if (block.isEmpty()) {
                return new Meaning.Wrong<>(Words.quote(part.strip())
                        + " is not a CIDR (expected: such as 10.244.0.0/16, or one of each family with a comma"
                        + " between)");
            }
            if (blocks.stream().anyMatch(other -> other.family() == block.get().family())) {
                return new Meaning.Wrong<>(Words.quote(part.strip()) + " is a second " + block.get().family()
                        + " block (expected: at most one of each family)");
            }
            blocks.add(block.get());
        }
        return new Meaning.Value<>(blocks);
    }
}
