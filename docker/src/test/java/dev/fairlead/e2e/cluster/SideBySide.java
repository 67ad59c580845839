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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Services of every shape on a cluster with Fairlead and on its twin with kube-proxy's rules: every client dials every
 * address of each, and meets the same.
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
     * @param away whether a pod dials a node that is not its own
     */
    record Flow(String shape, String client, Protocol protocol, String address, boolean away) {
    }

    /** What became of a flow, here and on the twin. */
    enum Verdict {
        /** The same. */
        SAME,
        /** Silence there, a refusal or a reset here. */
        SILENT_THERE,
        /**
         * A pod dials another node, whose rules send it back to an endpoint on its own: the replies do not pass that
         * node, which alone could translate them, and are lost.
         */
        LOST_THERE,
        /** Something else. */
        DIFFERENT
    }

    /** What a flow met. */
    record Outcome(Flow flow, Verdict verdict, Set<String> here, Set<String> there) {
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
                    both.make(shape, new Scene(fairlead, family, patience));
                }
            }
            kube.load(fairlead, directory);
        } catch (IOException | RuntimeException failed) {
            both.close();
            throw failed;
        }
        return both;
    }

    private void make(Shape shape, Scene scene) throws IOException {
        scenes.add(scene);
        Endpoint here = scene.endpoint(scene.pod(0, "a"));
        Endpoint there = scene.endpoint(scene.pod(1, "a"));
        kube.serve(here, there);
        IpFamily family = scene.family();
        Service service = scene.service();
        Service.Port tcp = service.ports().getFirst().as("tcp", Protocol.TCP).withNodePort(scene.nodePort(0));
        Service.Port udp = tcp.as("udp", Protocol.UDP);
        service = service.withPorts(tcp, udp).loadBalanced(scene.externalIp())
                .with("externalIPs: [\"" + scene.externalIp(1) + "\"]")
                .with(shape.spec().apply(scene.client(0).ip(family) + "/" + family.bits()));
        scene.apply(service, shape.slice().of(Slice.of(service), here, there));
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            for (String address : List.of(service.address(), scene.at(0, scene.nodePort(0)),
                    scene.at(1, scene.nodePort(0)), Addresses.at(scene.externalIp(), 80),
                    Addresses.at(scene.externalIp(1), 80))) {
                // Nothing routes ClusterIPs to nodes.
                Stream.concat(scene.everywhere().stream(),
                        address.equals(service.address()) ? Stream.of(here.host()) : Stream.of(scene.outside()))
                        .forEach(client -> flows.add(new Flow(shape.name(), client.name(), protocol, address,
                                away(scene, client, address))));
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
        Set<String> here = new TreeSet<>();
        Set<String> there = new TreeSet<>();
        Verdict verdict = Verdict.DIFFERENT;
        for (int round = 0; round < ROUNDS && goesOn(verdict, round); round++) {
            if (!Stream.concat(here.stream(), there.stream()).allMatch(Client::answered)) {
                here.clear();
                there.clear();
            }
            int patience = round == 0 ? QUICK_MILLIS : SLOW_MILLIS;
            dial(kube.network(), flow, patience, there);
            dial(fairlead.network(), flow, patience, here);
            verdict = verdict(flow, here, there);
        }
        return new Outcome(flow, verdict, here, there);
    }

    /** In the first round patience is short, and its silence is believed only where it is the same in both. */
    private static boolean goesOn(Verdict verdict, int rounds) {
        return verdict == Verdict.DIFFERENT || (rounds == 1 && verdict != Verdict.SAME);
    }

    private static void dial(Network network, Flow flow, int patience, Set<String> met) throws IOException {
        Client client = new Client(network.host(flow.client()), patience);
        for (int i = 0; i < TRIES; i++) {
            String answer = client.ask(flow.protocol(), flow.address(), "hostname");
            met.add(answer);
            if (!Client.answered(answer)) {
                return;
            }
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
        if (refused) {
            return Verdict.SILENT_THERE;
        }
        Host client = fairlead.network().host(flow.client());
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
                        silence in both. Lost there are replies to a pod that dialled the node port of another node and was sent to an endpoint
                        on its own node: they do not pass the node that translated the request.

                        | services with | flows | the same | silence there, refused or reset here | answered here, lost there |
                        |---|---|---|---|---|
                        """);
        shapes.forEach((shape, some) -> text.append("| ").append(shape).append(" | ").append(some.size()).append(" | ")
                .append(count(some, Verdict.SAME)).append(" | ").append(count(some, Verdict.SILENT_THERE))
                .append(" | ").append(count(some, Verdict.LOST_THERE)).append(" |\n"));
        return text.toString();
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
