package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Services of every shape on a cluster with Fairlead and on its twin with kube-proxy's rules: every client dials every
 * address of each, and meets the same. Each is there twice: once dialled at its ClusterIP, with
 * {@code transparent: all}, since a client's node is on the way of every reply to it; and once at its other addresses,
 * with {@code transparent: local}, since replies of another node's pods go home by themselves.
 */
final class SideBySide implements Closeable {
    /** Where silence is what is expected. */
    private static final int QUICK_MILLIS = 500;
    private static final int SLOW_MILLIS = 1500;
    private static final int TRIES = 6;
    private static final int ROUNDS = 12;

    private final Cluster fairlead;
    private final TwinCluster kube;
    private final List<Scene> scenes = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();

    /**
     * A kind of Service.
     *
     * @param spec of the Service, given a client that may be allowed or not
     * @param slice given one with an endpoint on each node
     */
    private record Shape(String name, UnaryOperator<String> spec, SliceOf slice) {
    }

    @FunctionalInterface
    private interface SliceOf {
        Slice of(Slice empty, Endpoint here, Endpoint there);
    }

    /**
     * Who dials what.
     *
     * @param frontend what the address is: {@code ClusterIP}, {@code node port}, {@code load balancer},
     *     {@code externalIP}
     * @param through the number of the node at which the proxy, or the rules, are met
     * @param away whether a pod dials a node that is not its own
     */
    record Flow(String shape, String client, Protocol protocol, String address, String frontend, int through,
            boolean away) {
    }

    /** An address of a Service. */
    private record Dialled(String address, String frontend, Optional<Integer> node) {
    }

    /** What became of a flow, here and on the twin. */
    enum Verdict {
        /** The same. */
        SAME,
        /**
         * Silence there, a refusal or a reset here: a node's own process dials an external address of a Service without
         * endpoints. kube-proxy rejects what comes in and what is forwarded, not what the node sends.
         */
        SILENT_THERE,
        /**
         * A pod dials another node, whose rules send it back to an endpoint on its own: the replies do not pass that
         * node, which alone could translate them, and are lost.
         */
        LOST_THERE,
        /** Something else. */
        DIFFERENT
    }

    /** What a flow met, and what sources the endpoints saw that it met on both. */
    record Outcome(Flow flow, Verdict verdict, Set<String> here, Set<String> there, List<SourceSeen> sources) {
    }

    private SideBySide(Cluster fairlead, TwinCluster kube) {
        this.fairlead = fairlead;
        this.kube = kube;
    }

    private static List<Shape> shapes() {
        String internal = "internalTrafficPolicy: Local\n";
        String external = "externalTrafficPolicy: Local\n";
        return List.of(
                new Shape("an endpoint on each node", client -> "", (slice, here, there) -> slice.ready(here, there)),
                new Shape("no endpoint", client -> "", (slice, here, there) -> slice),
                new Shape("an endpoint that is not ready", client -> "", (slice, here, there) -> slice.unready(here)),
                new Shape("endpoints that terminate", client -> "",
                        (slice, here, there) -> slice.terminating(here, there)),
                new Shape("one endpoint that terminates and one that is ready", client -> "",
                        (slice, here, there) -> slice.terminating(here).ready(there)),
                new Shape("hints for both zones", client -> "",
                        (slice, here, there) -> slice.hinted("zone-a", here).hinted("zone-b", there)),
                new Shape("internalTrafficPolicy Local, an endpoint on the first node", client -> internal,
                        (slice, here, there) -> slice.ready(here)),
                new Shape("externalTrafficPolicy Local, an endpoint on the first node", client -> external,
                        (slice, here, there) -> slice.ready(here)),
                new Shape("both policies Local, one endpoint terminates on the first node",
                        client -> internal + external, (slice, here, there) -> slice.terminating(here)),
                new Shape("loadBalancerSourceRanges of one client",
                        client -> "loadBalancerSourceRanges: [\"" + client + "\"]\n",
                        (slice, here, there) -> slice.ready(here, there)));
    }

    /** Makes the services on both. */
    static SideBySide open(Cluster fairlead, TwinCluster kube, Path directory, Duration patience) throws IOException {
        SideBySide both = new SideBySide(fairlead, kube);
        try {
            for (Shape shape : shapes()) {
                for (IpFamily family : IpFamily.values()) {
                    both.make(shape, new Scene(fairlead, family, patience), "all");
                    both.make(shape, new Scene(fairlead, family, patience), "local");
                }
            }
            kube.load(fairlead, directory);
        } catch (IOException | RuntimeException failed) {
            both.close();
            throw failed;
        }
        return both;
    }

    private void make(Shape shape, Scene scene, String transparent) throws IOException {
        scenes.add(scene);
        Endpoint here = scene.endpoint(scene.pod(0, "a"));
        Endpoint there = scene.endpoint(scene.pod(1, "a"));
        kube.serve(here, there);
        IpFamily family = scene.family();
        Service service = scene.service().transparent(transparent);
        Service.Port tcp = service.ports().getFirst().as("tcp", Protocol.TCP).withNodePort(scene.nodePort(0));
        Service.Port udp = tcp.as("udp", Protocol.UDP);
        service = service.withPorts(tcp, udp).loadBalanced(scene.externalIp())
                .with("externalIPs: [\"" + scene.externalIp(1) + "\"]")
                .with(shape.spec().apply(scene.client(0).ip(family) + "/" + family.bits()));
        scene.apply(service, shape.slice().of(Slice.of(service), here, there));
        boolean inside = transparent.equals("all");
        List<Dialled> dialled = inside
                ? List.of(new Dialled(service.address(), "ClusterIP", Optional.empty()))
                : List.of(new Dialled(scene.at(0, scene.nodePort(0)), "node port", Optional.of(0)),
                        new Dialled(scene.at(1, scene.nodePort(0)), "node port", Optional.of(1)),
                        new Dialled(Addresses.at(scene.externalIp(), 80), "load balancer", Optional.empty()),
                        new Dialled(Addresses.at(scene.externalIp(1), 80), "externalIP", Optional.empty()));
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            for (Dialled one : dialled) {
                // Nothing routes ClusterIPs to nodes.
                Stream.concat(scene.everywhere().stream(), Stream.of(inside ? here.host() : scene.outside()))
                        .forEach(client -> flows.add(new Flow(shape.name(), client.name(), protocol, one.address(),
                                one.frontend(), one.node().orElse(client.node().equals("node1") ? 1 : 0),
                                away(scene, client, one.address()))));
            }
        }
    }

    private static boolean away(Scene scene, Host client, String address) {
        return Stream.of(0, 1).anyMatch(node -> client.equals(scene.client(1 - node))
                && address.equals(scene.at(node, scene.nodePort(0))));
    }

    List<Flow> flows() {
        return List.copyOf(flows);
    }

    /** Dials it on both, until both met the same or it is clear that they do not. */
    Outcome compare(Flow flow) throws IOException {
        Map<String, Set<String>> here = new TreeMap<>();
        Map<String, Set<String>> there = new TreeMap<>();
        Verdict verdict = Verdict.DIFFERENT;
        for (int round = 0; round < ROUNDS && goesOn(verdict, round); round++) {
            if (!Stream.concat(here.keySet().stream(), there.keySet().stream()).allMatch(Client::answered)) {
                here.clear();
                there.clear();
            }
            int patience = round == 0 ? QUICK_MILLIS : SLOW_MILLIS;
            dial(kube.network(), flow, patience, there);
            dial(fairlead.network(), flow, patience, here);
            verdict = verdict(flow, here.keySet(), there.keySet());
        }
        return new Outcome(flow, verdict, here.keySet(), there.keySet(),
                SourceSeen.compare(fairlead.network(), flow, here, there));
    }

    /** In the first round patience is short, and its silence is believed only where it is the same in both. */
    private static boolean goesOn(Verdict verdict, int rounds) {
        return verdict == Verdict.DIFFERENT || (rounds == 1 && verdict != Verdict.SAME);
    }

    /** @param met the sources that an endpoint saw, by its name; none for a verdict */
    private static void dial(Network network, Flow flow, int patience, Map<String, Set<String>> met)
            throws IOException {
        Client client = new Client(network.host(flow.client()), patience);
        for (int i = 0; i < TRIES; i++) {
            String answer = client.ask(flow.protocol(), flow.address(), "seen");
            if (!Client.answered(answer)) {
                met.put(answer, Set.of());
                return;
            }
            String[] words = answer.split(" ", 2);
            met.computeIfAbsent(words[1], _ -> new TreeSet<>()).add(words[0]);
        }
    }

    private Verdict verdict(Flow flow, Set<String> here, Set<String> there) {
        boolean refused = here.stream().noneMatch(Client::answered);
        // What a node's own rules drop or reject of its own datagrams fails at once, and is not told apart.
        if (here.equals(there)
                || (refused && there.stream().allMatch(met -> met.contains("Operation not permitted")))) {
            return Verdict.SAME;
        }
        if (!there.equals(Set.of(Client.TIMEOUT))) {
            return Verdict.DIFFERENT;
        }
        Host client = fairlead.network().host(flow.client());
        if (refused) {
            boolean leaves = client.name().equals(client.node())
                    && List.of("load balancer", "externalIP").contains(flow.frontend());
            return leaves ? Verdict.SILENT_THERE : Verdict.DIFFERENT;
        }
        boolean goesBack = flow.away() && here.stream().allMatch(name -> name.startsWith(client.node() + "-"));
        return goesBack ? Verdict.LOST_THERE : Verdict.DIFFERENT;
    }

    /** What a reader of the list is told of them. */
    static String text(List<Outcome> outcomes) {
        Map<String, List<Outcome>> shapes = outcomes.stream().collect(
                Collectors.groupingBy(outcome -> outcome.flow().shape(), LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(
                """

                        ## Beside kube-proxy's rules

                        Services of each shape, on the cluster and on its twin, whose nodes have the rules that `fairlead explain -o iptables`
                        prints, loaded by iptables-restore. Pods, nodes and the client outside dial their ClusterIP, node ports, load-balancer
                        address and externalIP over TCP and UDP, IPv4 and IPv6. The same is: the same set of endpoints, or a refusal in both, or
                        silence in both. Silence is there where a node's own process dials an external address of a Service without endpoints:
                        kube-proxy rejects what comes in and what is forwarded, not what a node sends. Lost there are replies to a pod that dialled
                        the node port of another node and was sent to an endpoint on its own node: they do not pass the node that translated the
                        request.

                        | services with | flows | the same | silence there, refused or reset here | answered here, lost there |
                        |---|---|---|---|---|
                        """);
        shapes.forEach((shape, some) -> text.append("| ").append(shape).append(" | ").append(some.size()).append(" | ")
                .append(count(some, Verdict.SAME)).append(" | ").append(count(some, Verdict.SILENT_THERE))
                .append(" | ").append(count(some, Verdict.LOST_THERE)).append(" |\n"));
        return text.append(SourceSeen.text(outcomes)).toString();
    }

    private static long count(List<Outcome> outcomes, Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
    }

    @Override
    public void close() throws IOException {
        for (Scene scene : scenes) {
            scene.close();
        }
    }
}
