package dev.fairlead.control;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.source.DurationText;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.PolicyWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Snapshots as short text, for tests:
 *
 * <pre>
 * node one
 * pods 10.1.0.0/16
 * default/web:http TCP
 *   ClusterIP 10.96.0.10:80
 *   NodePort 10.0.0.5:30080 10.0.0.6:30080
 *   endpoints 10.1.2.3:8080 10.1.2.4:8080(draining) 10.1.2.5:8080(not-ready) 10.1.2.6:8080(on one)
 *   balancer round-robin
 *   affinity 3h
 *   sourceRanges 10.0.0.0/8
 *   internalPolicy Local
 *   externalPolicy Local
 *   connectTimeout 500ms
 * </pre>
 *
 * Lists keep the order of the text, so that a test can say that order does not matter.
 */
final class SnapshotText {
    private static final PolicyWords WORDS = new PolicyWords(new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(Set.of("random", "round-robin", "least-conn"));
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return Optional.empty();
        }
    });

    private NodeIdentity node = NodeIdentity.NONE;
    private ClusterNetwork network = ClusterNetwork.UNKNOWN;
    private final List<ServicePort> ports = new ArrayList<>();

    private SnapshotText() {
    }

    static ServiceSnapshot parse(String text) {
        SnapshotText reader = new SnapshotText();
        text.lines().filter(line -> !line.isBlank()).map(String::strip).forEach(reader::line);
        return new ServiceSnapshot(reader.node, reader.network, reader.ports, List.of(), List.of());
    }

    private void line(String line) {
        String[] words = line.split(" +", 2);
        String rest = words.length == 2 ? words[1] : "";
        if (words[0].contains("/")) {
            ports.add(start(words[0], Protocol.valueOf(rest)));
        } else if (words[0].equals("node")) {
            node = new NodeIdentity(Optional.of(rest), Optional.empty(), List.of());
        } else if (words[0].equals("pods")) {
            network = new ClusterNetwork(List.of(Cidr.parse(rest).orElseThrow()), List.of(), false, List.of(), false);
        } else {
            ports.set(ports.size() - 1, with(ports.getLast(), words[0], rest));
        }
    }

    private static ServicePort start(String name, Protocol protocol) {
        int slash = name.indexOf('/');
        int colon = name.indexOf(':') < 0 ? name.length() : name.indexOf(':');
        ServiceName service = new ServiceName(name.substring(0, slash), name.substring(slash + 1, colon));
        ServicePortName port = new ServicePortName(service, name.substring(Math.min(colon + 1, name.length())),
                protocol, IpFamily.IPV4);
        return new ServicePort(port, Ports.addresses(List.of()), List.of(), List.of(), TrafficPolicy.CLUSTER,
                TrafficPolicy.CLUSTER, SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS);
    }

    private static ServicePort with(ServicePort port, String key, String value) {
        List<String> values = Arrays.asList(value.split(" +(?![^(]*\\))"));
        List<Endpoint> endpoints = port.endpoints();
        TrafficPolicy internal = port.internalPolicy();
        TrafficPolicy external = port.externalPolicy();
        SessionAffinity affinity = port.affinity();
        List<Cidr> ranges = port.sourceRanges();
        ServicePolicy policy = port.policy();
        switch (key) {
            case "ClusterIP", "NodePort", "ExternalIP", "LoadBalancer" -> {
                return frontends(port, key, values);
            }
            case "endpoints" -> endpoints = values.stream().map(SnapshotText::endpoint).toList();
            case "affinity" -> affinity = new SessionAffinity.ClientIp(DurationText.parse(value).orElseThrow());
            case "sourceRanges" -> ranges = values.stream().map(range -> Cidr.parse(range).orElseThrow()).toList();
            case "internalPolicy" -> internal = policy(value);
            case "externalPolicy" -> external = policy(value);
            default -> policy = change(policy, key, value);
        }
        return new ServicePort(port.name(), port.addresses(), port.frontends(), endpoints, internal, external, affinity,
                ranges, 0, policy);
    }

    private static ServicePort frontends(ServicePort port, String kindWord, List<String> addresses) {
        FrontendKind kind = Arrays.stream(FrontendKind.values()).filter(k -> k.toString().equals(kindWord)).findFirst()
                .orElseThrow();
        List<Frontend> frontends = new ArrayList<>(port.frontends());
        addresses.forEach(address -> frontends.add(new Frontend(kind, port.name().protocol(), IpPort.of(address))));
        return new ServicePort(port.name(), Ports.addresses(frontends), frontends, port.endpoints(),
                port.internalPolicy(), port.externalPolicy(), port.affinity(), port.sourceRanges(), 0, port.policy());
    }

    private static Endpoint endpoint(String text) {
        int open = text.indexOf('(');
        if (open < 0) {
            return Endpoint.ready(IpPort.of(text));
        }
        IpPort address = IpPort.of(text.substring(0, open));
        String state = text.substring(open + 1, text.length() - 1);
        if (state.startsWith("on ")) {
            return new Endpoint(address, true, true, false, Optional.of(state.substring(3)), Set.of(), Set.of());
        }
        return switch (state) {
            case "draining" -> new Endpoint(address, false, true, true, Optional.empty(), Set.of(), Set.of());
            case "serving" -> new Endpoint(address, false, true, false, Optional.empty(), Set.of(), Set.of());
            case "not-ready" -> new Endpoint(address, false, false, false, Optional.empty(), Set.of(), Set.of());
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static TrafficPolicy policy(String word) {
        return Arrays.stream(TrafficPolicy.values()).filter(policy -> policy.toString().equals(word)).findFirst()
                .orElseThrow();
    }

    private static ServicePolicy change(ServicePolicy policy, String key, String value) {
        PolicyWord word = WORDS.byKey(key).orElseThrow(() -> new IllegalArgumentException(key));
        return switch (word.parse(value)) {
            case PolicyWord.Parsed.Change(var change) -> change.apply(policy);
            case PolicyWord.Parsed.Wrong(String problem) -> throw new IllegalArgumentException(problem);
        };
    }
}
