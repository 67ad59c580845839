package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Buffers;
import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.contender.Direct;
import dev.fairlead.loadtest.bench.contender.Dnat;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.contender.Haproxy;
import dev.fairlead.loadtest.bench.contender.Nginx;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.result.Unit;
import dev.fairlead.loadtest.bench.scenario.DatagramScenario.Speed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every scenario, with the two configurations of each peer that serve it best. */
public final class Scenarios {
    private static final long READER_BYTES_PER_SECOND = 1_000_000;
    private static final LoadRequest CONNECT_64 = new LoadRequest("connect", EndpointKind.REPLY, 64);
    /** With a second's flows open, and those that a contender is late to end, far from what descriptors allow. */
    private static final double UNTOLD_PER_SECOND = 4000;
    private static final int CONNECTIONS = 9900;
    private static final int LARGE = 1200;
    private static final int FLOWS = 15_000;

    private final List<Contender> fairleads;
    private final Fairlead usual;
    private final Extent extent;

    /**
     * Of this Fairlead.
     *
     * @param launch how it is started
     * @param dataPaths those that are measured, the usual one first
     */
    public Scenarios(List<String> launch, List<DataPathName> dataPaths, Extent extent) {
        this.fairleads = dataPaths.stream().map(path -> (Contender) Fairlead.on(path, launch)).toList();
        this.usual = Fairlead.on(dataPaths.getFirst(), launch);
        this.extent = extent;
    }

    /** In the order in which they are listed and run; all of them but those apart. */
    public List<Scenario> table() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(connect());
        all.addAll(pingPong());
        all.addAll(bulk());
        all.add(new LoadScenario("slow-readers", "256 readers of 1 MB/s on endless senders", Unit.GIGABYTE,
                new LoadRequest("slow", EndpointKind.SOURCE, 256).with("bytesPerSecond", READER_BYTES_PER_SECOND),
                false, false, "", List.of("The readers set the pace: rates are alike, CPU is compared."),
                with(new Haproxy(1, Buffers.DEFAULT), new Haproxy(1, Buffers.SPLICE_LARGE),
                        new Nginx(1, Buffers.DEFAULT),
                        new Nginx(1, Buffers.LARGE))));
        all.add(new IdleScenario("idle", "9,900 idle connections on one service", EndpointKind.ECHO, CONNECTIONS,
                Integer.MAX_VALUE,
                with(new Haproxy(1, Buffers.DEFAULT), new Nginx(1, Buffers.DEFAULT))));
        all.addAll(udp());
        all.add(new ChurnScenario("churn", "new connections, 64 at once, while endpoints come and go", CONNECT_64,
                with(new Haproxy(1, Buffers.DEFAULT), new Haproxy(2, Buffers.DEFAULT))));
        all.addAll(services());
        all.add(new StartScenario("start", "from exec to the first connection answered",
                with(new Haproxy(1, Buffers.DEFAULT), new Nginx(1, Buffers.DEFAULT))));
        all.add(fairness());
        all.add(new DiscoveryScenario("discovery", "a cluster followed: the first state, then changes",
                extent.cluster(), List.of(usual)));
        return all;
    }

    /** The long ones, which are run by their names only. */
    public List<Scenario> apart() {
        return List.of(new KernelRulesScenario("kernel-rules", "one Service changes: the kernel's rules, and Fairlead",
                extent.cluster(), List.of(usual)), oneDoor(), oneDoorChanges(), scrape(), untold(),
                flood("udp-flood", "which nobody answers", false),
                flood("udp-flood-answered", "which is answered", true), soak());
    }

    private Scenario soak() {
        return new SoakScenario("soak", "a mixture of everything, with churn, then a leak check", extent.soakSeconds(),
                Math.floorMod(System.nanoTime(), 1_000_000_000L), List.of(usual));
    }

    private List<Scenario> connect() {
        return List.of(connect("connect-1", "new connections, one at a time", 1, false),
                connect("connect-64", "new connections, 64 at once, no access log", 64, false),
                connect("connect-64-log", "new connections, 64 at once, one access-log line each", 64, true));
    }

    private Scenario connect(String id, String title, int connections, boolean accessLog) {
        return new LoadScenario(id, title, Unit.CONNECTION,
                new LoadRequest("connect", EndpointKind.REPLY, connections), true, accessLog, "", List.of(),
                accessLog ? with(smallPeers()) : with(smallPeers(), new Direct(), new Dnat()));
    }

    private List<Scenario> pingPong() {
        return Stream.of(1, 64, 512)
                .map(connections -> (Scenario) new LoadScenario("pingpong-" + connections,
                        "64 B ping-pong on " + connections + (connections == 1 ? " connection" : " connections"),
                        Unit.EXCHANGE, new LoadRequest("pingpong", EndpointKind.ECHO, connections), true, false, "",
                        List.of(), with(smallPeers(), new Direct(), new Dnat())))
                .toList();
    }

    private List<Scenario> bulk() {
        List<Scenario> all = new ArrayList<>();
        for (int streams : List.of(1, 8)) {
            for (EndpointKind kind : List.of(EndpointKind.SOURCE, EndpointKind.SINK)) {
                String direction = kind == EndpointKind.SOURCE ? "down" : "up";
                all.add(new LoadScenario("bulk-" + streams + "-" + direction,
                        "bulk " + direction + "stream, " + streams + (streams == 1 ? " stream" : " streams"),
                        Unit.GIGABYTE, new LoadRequest("bulk-" + direction, kind, streams), false, false, "",
                        List.of(),
                        with(new Haproxy(1, Buffers.SPLICE_LARGE), new Haproxy(2, Buffers.SPLICE_LARGE),
                                new Haproxy(1, Buffers.SPLICE), new Haproxy(1, Buffers.LARGE),
                                new Nginx(1, Buffers.LARGE),
                                new Nginx(2, Buffers.LARGE), new Haproxy(1, Buffers.DEFAULT),
                                new Nginx(1, Buffers.DEFAULT), new Direct(), new Dnat())));
            }
        }
        return all;
    }

    /** HAProxy serves no UDP. */
    private List<Scenario> udp() {
        return List.of(
                datagrams("udp-fixed", "64 B and reply on 512 client ports",
                        new LoadRequest("udp-fixed", EndpointKind.UDP_KEPT, 512), Speed.FULL_THEN_PACED, new Direct(),
                        new Dnat()),
                datagrams("udp-fixed-1200", "1,200 B and reply of the same size on 512 client ports",
                        new LoadRequest("udp-fixed", EndpointKind.UDP_LARGE, 512).with("request", LARGE).with("reply",
                                EndpointKind.UDP_LARGE.replyBytes()),
                        Speed.FULL_THEN_PACED),
                datagrams("udp-burst", "bursts of four requests of 64 B on each of 64 client ports",
                        new LoadRequest("udp-fixed", EndpointKind.UDP_KEPT, 64).with("burst", 4), Speed.FULL),
                datagrams("udp-fresh", "64 B and reply, each from a port of its own; one reply ends a flow",
                        new LoadRequest("udp-fresh", EndpointKind.UDP_FRESH, 64), Speed.FULL, new Direct(),
                        new Dnat()),
                new IdleScenario("udp-idle", "15,000 idle UDP flows on one service", EndpointKind.UDP_IDLE, FLOWS, 2,
                        with(new Nginx(1, Buffers.DEFAULT))));
    }

    private Scenario datagrams(String id, String title, LoadRequest load, Speed speed, Contender... others) {
        return new DatagramScenario(id, title, load, speed,
                with(Stream.concat(Stream.of(new Nginx(1, Buffers.DEFAULT), new Nginx(2, Buffers.DEFAULT)),
                        Stream.of(others)).toArray(Contender[]::new)));
    }

    /** Nobody is told that one reply is all there will be. */
    private Scenario untold() {
        return datagrams("udp-fresh-untold",
                "64 B and reply, each from a port of its own; a second without a datagram ends a flow",
                new LoadRequest("udp-fresh", EndpointKind.UDP_UNTOLD, 64).atRate(UNTOLD_PER_SECOND), Speed.OWN_RATE);
    }

    private Scenario flood(String id, String what, boolean answered) {
        return new FloodScenario(id, "64 UDP flows during a flood of spoofed sources, " + what,
                extent.floodSources(), answered,
                with(new Nginx(1, Buffers.DEFAULT), new Nginx(2, Buffers.DEFAULT)));
    }

    private List<Scenario> services() {
        List<Contender> sizes = extent.services().stream().map(size -> (Contender) usual.withServices(size)).toList();
        List<String> notes = List.of("The number at the end of the name says how many services are configured; one is "
                + "measured. Ratios are to the fewest.");
        return List.of(
                new LoadScenario("services-connect", "new connections, 64 at once, with many services", Unit.CONNECTION,
                        CONNECT_64, false, false, sizes.getFirst().name(), notes, sizes),
                new LoadScenario("services-pingpong", "64 B ping-pong on 64 connections, with many services",
                        Unit.EXCHANGE, new LoadRequest("pingpong", EndpointKind.ECHO, 64), false, false,
                        sizes.getFirst().name(), notes, sizes));
    }

    private Scenario oneDoor() {
        Fairlead most = usual.withServices(extent.services().getLast());
        return new LoadScenario("one-door", "new connections, 64 at once, with as many services behind one door",
                Unit.CONNECTION, CONNECT_64, true, false, most.name(), List.of("A listening socket for each service, or"
                        + " a few for all, to which a program in the kernel leads. Ratios are to the first."),
                List.of(most, most.behindOneDoor()));
    }

    private Scenario oneDoorChanges() {
        return new DiscoveryScenario("one-door-discovery", "a cluster followed, with and without the one door",
                extent.cluster(), List.of(usual, usual.behindOneDoor()));
    }

    private Scenario scrape() {
        return new ScrapeScenario("scrape", "metrics of many services are read while connections come",
                List.of(usual.withServices(extent.services().getLast())));
    }

    private Scenario fairness() {
        List<Contender> one = new ArrayList<>(onOneLoop());
        one.addAll(List.of(new Haproxy(1, Buffers.DEFAULT), new Haproxy(1, Buffers.SPLICE_LARGE),
                new Nginx(1, Buffers.DEFAULT), new Nginx(1, Buffers.LARGE)));
        return new FairnessScenario("fairness", "64 B ping-pong beside 4 bulk streams on the same loop", one);
    }

    private List<Contender> onOneLoop() {
        return fairleads.stream().filter(Fairlead.class::isInstance)
                .map(one -> (Contender) ((Fairlead) one).onOneLoop()).toList();
    }

    /** Where little is moved, buffers do not matter and threads may. */
    private static List<Contender> smallPeers() {
        return List.of(new Haproxy(1, Buffers.DEFAULT), new Haproxy(2, Buffers.DEFAULT), new Nginx(1, Buffers.DEFAULT),
                new Nginx(2, Buffers.DEFAULT));
    }

    private List<Contender> with(Contender... others) {
        return with(List.of(others));
    }

    private List<Contender> with(List<Contender> peers, Contender... others) {
        return Stream.of(fairleads, peers, List.of(others)).flatMap(List::stream).toList();
    }

    /**
     * How far the scenarios go that can be made large.
     *
     * @param services how many are configured, from the fewest to the most
     * @param cluster that is followed
     * @param soakSeconds of the soak's mixture
     * @param floodSources of a flood of datagrams
     */
    public record Extent(List<Integer> services, ClusterSize cluster, long soakSeconds, int floodSources) {
        /** As in the goals. */
        public static Extent full(long soakSeconds) {
            return new Extent(List.of(10, 1000, 10_000), ClusterSize.FULL, soakSeconds, 200_000);
        }
    }
}
