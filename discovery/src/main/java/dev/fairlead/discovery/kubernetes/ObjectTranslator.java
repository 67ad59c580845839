package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.SliceKey;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The API client's objects to the small records that routing reads: absent fields become what the records say absent
 * means, nothing is judged. Pure; objects may be partial. Labels and annotations that nobody here reads are left out:
 * {@code kubectl apply} alone writes the whole object into one.
 */
public final class ObjectTranslator {
    private static final List<String> READ_LABELS = List.of("kubernetes.io/service-name", "service.kubernetes.io/");
    private static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    private ObjectTranslator() {
    }

    /** A Service; one without a namespace is in {@code default}, as kubectl has it. */
    public static ServiceObject service(Service service) {
        ObjectMeta metadata = metadata(service);
        ServiceSpec spec = Objects.requireNonNullElseGet(service.getSpec(), ServiceSpec::new);
        return new ServiceObject(serviceName(service), startingWith(READ_LABELS, metadata.getLabels()),
                startingWith(List.of(PolicyWord.ANNOTATION_PREFIX), metadata.getAnnotations()), text(spec.getType()),
                text(spec.getClusterIP()), texts(spec.getClusterIPs()), texts(spec.getIpFamilies()),
                list(spec.getPorts(),
                        port -> new ServiceObject.Port(text(port.getName()), text(port.getProtocol()),
                                number(port.getPort()), number(port.getNodePort()))),
                texts(spec.getExternalIPs()), ingress(service.getStatus()), texts(spec.getLoadBalancerSourceRanges()),
                text(spec.getSessionAffinity()), affinityTimeout(spec.getSessionAffinityConfig()),
                text(spec.getInternalTrafficPolicy()), text(spec.getExternalTrafficPolicy()),
                number(spec.getHealthCheckNodePort()));
    }

    private static List<ServiceObject.Ingress> ingress(@Nullable ServiceStatus status) {
        if (status == null || status.getLoadBalancer() == null) {
            return List.of();
        }
        return list(status.getLoadBalancer().getIngress(),
                ingress -> new ServiceObject.Ingress(text(ingress.getIp()), text(ingress.getIpMode())));
    }

    private static Optional<Integer> affinityTimeout(@Nullable SessionAffinityConfig config) {
        return config == null || config.getClientIP() == null
                ? Optional.empty()
                : Optional.ofNullable(config.getClientIP().getTimeoutSeconds());
    }

    /** An EndpointSlice; namespaces as for Services. */
    public static SliceObject slice(EndpointSlice slice) {
        ObjectMeta metadata = metadata(slice);
        return new SliceObject(namespace(metadata), text(metadata.getName()),
                startingWith(READ_LABELS, metadata.getLabels()), text(slice.getAddressType()),
                list(slice.getPorts(),
                        port -> new SliceObject.Port(Optional.ofNullable(port.getName()), text(port.getProtocol()),
                                Optional.ofNullable(port.getPort()))),
                list(slice.getEndpoints(), ObjectTranslator::member));
    }

    /** Which Service it is. */
    static ServiceName serviceName(Service service) {
        ObjectMeta metadata = metadata(service);
        return new ServiceName(namespace(metadata), text(metadata.getName()));
    }

    /** Which slice it is. */
    static SliceKey sliceKey(EndpointSlice slice) {
        ObjectMeta metadata = metadata(slice);
        return new SliceKey(namespace(metadata), text(metadata.getName()));
    }

    /**
     * When what made the slice change happened, to the nanosecond, by the slice controller's clock; empty where it does
     * not say so in RFC 3339.
     */
    static Optional<Instant> trigger(EndpointSlice slice) {
        Map<String, String> annotations = metadata(slice).getAnnotations();
        String text = annotations == null ? null : annotations.get(TRIGGER_TIME);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    private static SliceObject.Member member(Endpoint endpoint) {
        EndpointConditions conditions = Objects.requireNonNullElseGet(endpoint.getConditions(),
                EndpointConditions::new);
        EndpointHints hints = Objects.requireNonNullElseGet(endpoint.getHints(), EndpointHints::new);
        return new SliceObject.Member(texts(endpoint.getAddresses()), Optional.ofNullable(conditions.getReady()),
                Optional.ofNullable(conditions.getServing()), Optional.ofNullable(conditions.getTerminating()),
                Optional.ofNullable(endpoint.getNodeName()), list(hints.getForZones(), zone -> text(zone.getName())),
                list(hints.getForNodes(), node -> text(node.getName())));
    }

    /** A Node. */
    public static NodeObject node(Node node) {
        ObjectMeta metadata = metadata(node);
        NodeStatus status = Objects.requireNonNullElseGet(node.getStatus(), NodeStatus::new);
        NodeSpec spec = Objects.requireNonNullElseGet(node.getSpec(), NodeSpec::new);
        return new NodeObject(text(metadata.getName()), texts(metadata.getLabels()), list(status.getAddresses(),
                address -> new NodeObject.Address(text(address.getType()), text(address.getAddress()))),
                podCidrs(spec), list(spec.getTaints(), taint -> text(taint.getKey())),
                metadata.getDeletionTimestamp() != null);
    }

    /** An old object has the first of them alone. */
    private static List<String> podCidrs(NodeSpec spec) {
        List<String> blocks = texts(spec.getPodCIDRs());
        return blocks.isEmpty() && spec.getPodCIDR() != null ? List.of(spec.getPodCIDR()) : blocks;
    }

    private static ObjectMeta metadata(HasMetadata object) {
        return Objects.requireNonNullElseGet(object.getMetadata(), ObjectMeta::new);
    }

    private static String namespace(ObjectMeta metadata) {
        String namespace = text(metadata.getNamespace());
        return namespace.isEmpty() ? "default" : namespace;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static List<String> texts(@Nullable List<String> texts) {
        return list(texts, ObjectTranslator::text);
    }

    private static Map<String, String> texts(@Nullable Map<String, String> texts) {
        Map<String, String> present = new HashMap<>();
        if (texts != null) {
            texts.forEach((key, value) -> present.put(key, text(value)));
        }
        return present;
    }

    private static Map<String, String> startingWith(List<String> prefixes, @Nullable Map<String, String> texts) {
        Map<String, String> present = texts(texts);
        present.keySet().removeIf(key -> prefixes.stream().noneMatch(key::startsWith));
        return present;
    }

    private static <A, B> List<B> list(@Nullable List<A> list, Function<A, B> each) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).map(each).toList();
    }
}
