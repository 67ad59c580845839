package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.PickContext;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.Listeners;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.linux.bpf.Steering;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One data path with sessions and doors on top, real endpoints on loopback, and a record of how connections ended. */
final class Rig {
    static final ServicePortName WEB = new ServicePortName(new ServiceName("default", "web"), "http", Protocol.TCP,
            IpFamily.IPV4);

    static final ServicePortName DNS = new ServicePortName(new ServiceName("kube-system", "dns"), "dns", Protocol.UDP,
            IpFamily.IPV4);
    private static final ServicePortName OTHER = new ServicePortName(new ServiceName("default", "other"), "",
            Protocol.UDP, IpFamily.IPV4);

    final BlockingQueue<SessionSummary> ended = new LinkedBlockingQueue<>();
    final AtomicLong skippedNanos = new AtomicLong();
    final List<Upstream> upstreams = new ArrayList<>();
    final ServiceCounters counters = new ServiceCounters();
    final ServiceCounters otherCounters = new ServiceCounters();
    final PublishedTable table = new PublishedTable();
    final DataPath path;
    final Sessions sessions;
    final Listeners listeners;
    private final List<AutoCloseable> toClose = new ArrayList<>();
    volatile boolean observerFails;
    private long revision;

    Rig(DataPath path) {
        this(path, new SessionRoom(Long.MAX_VALUE, 0));
    }

    Rig(DataPath path, SessionRoom room) {
        this(path, room, Inheritance.none());
    }

    Rig(DataPath path, SessionRoom room, Inheritance inheritance) {
        this(path, room, inheritance, VipBinder.GIVEN, Optional.empty());
    }

    /** With the doors of TCP behind the one door. */
    Rig(DataPath path, SessionRoom room, Steering steering) {
        this(path, room, Inheritance.none(), VipBinder.GIVEN, Optional.of(steering));
    }

    Rig(DataPath path, SessionRoom room, Inheritance inheritance, VipBinder vips, Optional<Steering> steering) {
        this.path = path;
        Ticker ticker = new Ticker() {
            @Override
            public long nanos() {
                return System.nanoTime() + skippedNanos.get();
            }

            @Override
            public long epochMillis() {
                return 0;
            }
        };
        this.sessions = new Sessions(path, table, ticker, summary -> {
            ended.add(summary);
            if (observerFails) {
                throw new IllegalStateException("planted");
            }
        }, Duration.ofMillis(50));
        this.listeners = new Listeners(path, sessions, room, inheritance, vips, steering);
    }

    /** A listening endpoint whose connections the test accepts itself. */
    ServerSocket endpoint() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        socket.setSoTimeout(10_000);
        toClose.add(socket);
        return socket;
    }

    /**
     * A port that refuses: somebody has it and does not listen, so that no door can get it, and nobody who dials it can
     * be given it as his own and meet himself.
     */
    IpPort refusing() throws IOException {
        Socket holder = new Socket();
        toClose.add(holder);
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new IpPort(holder.getLocalAddress(), holder.getLocalPort());
    }

    /** A port that was free a moment ago. */
    static IpPort free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return address(socket);
        }
    }

    /** A port whose queue is full, so that the kernel drops every further SYN. */
    IpPort silent() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        toClose.add(socket);
        for (int i = 0; i < 4; i++) {
            Socket filler = new Socket();
            toClose.add(filler);
            try {
                filler.connect(socket.getLocalSocketAddress(), 200);
            } catch (IOException full) {
                break;
            }
        }
        return address(socket);
    }

    static IpPort address(ServerSocket socket) {
        return new IpPort(socket.getInetAddress(), socket.getLocalPort());
    }

    /** Opens a door at a free port; endpoints are picked in the order given. */
    IpPort serve(UnaryOperator<ServicePolicy> policy, List<Cidr> ranges, ConnectionLimit limit, List<Upstream> there)
            throws IOException, OpenFailure {
        IpPort frontend = free();
        publish(route(WEB, frontend, policy, ranges, limit, there, counters));
        listeners.open(TransportAddress.tcp(frontend), SourceFilter.EVERYBODY);
        return frontend;
    }

    /** Opens a door there, whatever else has it, with one endpoint. */
    void serveAt(IpPort frontend, IpPort endpoint) throws OpenFailure {
        publish(route(WEB, frontend, UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(WEB, endpoint, Gate.OPEN)), counters));
        listeners.open(TransportAddress.tcp(frontend), SourceFilter.EVERYBODY);
    }

    private Route route(ServicePortName service, IpPort frontend, UnaryOperator<ServicePolicy> policy,
            List<Cidr> ranges, ConnectionLimit limit, List<Upstream> there, ServiceCounters counted) {
        upstreams.addAll(there);
        List<IpPort> endpoints = there.stream().map(Upstream::address).toList();
        RouteSpec spec = new RouteSpec(service, FrontendKind.CLUSTER_IP, List.of(frontend), endpoints,
                service.protocol() == Protocol.UDP ? endpoints : List.of(), !endpoints.isEmpty(), Optional.empty(),
                SessionAffinity.NONE,
                ranges, policy.apply(ServicePolicy.DEFAULTS));
        return Route.straight(spec, there, new InOrder(there), limit, counted);
    }

    private void publish(Route route) {
        List<Route> routes = new ArrayList<>(table.current().routes());
        routes.removeIf(one -> one.spec().service().protocol() == route.spec().service().protocol()
                && one.spec().frontends().equals(route.spec().frontends()));
        routes.add(route);
        table.publish(new RoutingTable(++revision, routes));
    }

    /** Opens a UDP door at a free port; endpoints are picked in the order given. */
    IpPort serveDatagrams(UnaryOperator<ServicePolicy> policy, List<Cidr> ranges, ConnectionLimit limit,
            List<Upstream> there) throws IOException, OpenFailure {
        return serveDatagrams(route(DNS, freeDatagramPort(), policy, ranges, limit, there, counters));
    }

    IpPort serveDatagrams(UnaryOperator<ServicePolicy> policy, IpPort... endpoints) throws IOException, OpenFailure {
        return serveDatagrams(policy, List.of(), ConnectionLimit.NONE, datagramUpstreams(endpoints));
    }

    IpPort serveDatagrams(IpPort... endpoints) throws IOException, OpenFailure {
        return serveDatagrams(UnaryOperator.identity(), endpoints);
    }

    /** As {@link #serveDatagrams(IpPort...)}, for a service of its own, counted by itself. */
    IpPort serveOther(IpPort endpoint) throws IOException, OpenFailure {
        return serveDatagrams(route(OTHER, freeDatagramPort(), UnaryOperator.identity(), List.of(),
                ConnectionLimit.NONE, List.of(new Upstream(OTHER, endpoint, Gate.OPEN)), otherCounters));
    }

    private IpPort serveDatagrams(Route route) throws OpenFailure {
        publish(route);
        IpPort frontend = route.spec().frontends().getFirst();
        listeners.open(TransportAddress.udp(frontend), SourceFilter.EVERYBODY);
        return frontend;
    }

    /** Opens a UDP door there; endpoints are picked in the order given. */
    IpPort serveDatagramsAt(IpPort frontend, IpPort... endpoints) throws OpenFailure {
        return serveDatagrams(route(DNS, frontend, UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                datagramUpstreams(endpoints), counters));
    }

    /** From now on new flows of that frontend go elsewhere. */
    void retarget(IpPort frontend, IpPort... endpoints) {
        retarget(frontend, datagramUpstreams(endpoints));
    }

    void retarget(IpPort frontend, List<Upstream> there) {
        publish(route(DNS, frontend, UnaryOperator.identity(), List.of(), ConnectionLimit.NONE, there, counters));
    }

    /** From now on that frontend is another service's. */
    void handOver(IpPort frontend, IpPort endpoint) {
        publish(route(OTHER, frontend, UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(OTHER, endpoint, Gate.OPEN)), otherCounters));
    }

    List<Upstream> datagramUpstreams(IpPort... endpoints) {
        return Stream.of(endpoints).map(endpoint -> new Upstream(DNS, endpoint, Gate.OPEN)).toList();
    }

    private static IpPort freeDatagramPort() throws IOException {
        try (UdpSocket free = new UdpSocket()) {
            return free.address();
        }
    }

    IpPort serve(UnaryOperator<ServicePolicy> policy, IpPort... endpoints) throws IOException, OpenFailure {
        List<Upstream> there = new ArrayList<>();
        for (IpPort endpoint : endpoints) {
            there.add(new Upstream(WEB, endpoint, Gate.OPEN));
        }
        return serve(policy, List.of(), ConnectionLimit.NONE, there);
    }

    IpPort serve(IpPort... endpoints) throws IOException, OpenFailure {
        return serve(UnaryOperator.identity(), endpoints);
    }

    Socket dial(IpPort frontend) throws IOException {
        Socket socket = new Socket();
        toClose.add(socket);
        socket.connect(frontend.socketAddress(), 10_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    Socket accept(ServerSocket endpoint) throws IOException {
        Socket socket = endpoint.accept();
        toClose.add(socket);
        socket.setSoTimeout(10_000);
        return socket;
    }

    SessionSummary nextEnd() throws InterruptedException {
        SessionSummary summary = ended.poll(10, TimeUnit.SECONDS);
        assertThat(summary).as("a connection that ended within 10 s").isNotNull();
        return Optional.ofNullable(summary).orElseThrow();
    }

    void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    /** Closes all sockets of the test, then asserts that the proxy forgets every connection. */
    void finish() throws Exception {
        for (AutoCloseable closeable : toClose) {
            closeable.close();
        }
        listeners.closeAll();
        try {
            await("sessions left behind").atMost(Duration.ofSeconds(10)).until(() -> sessions.live() == 0);
            assertThat(upstreams).allSatisfy(upstream -> assertThat(upstream.inFlight()).isZero());
            assertThat(counters.open()).isZero();
            assertThat(counters.flows()).isZero();
            assertThat(sessions.flows()).isZero();
        } finally {
            path.close();
        }
    }

    /** The first candidate that is not excluded. */
    private record InOrder(List<Upstream> candidates) implements Picker {
        @Override
        public Optional<Upstream> pick(PickContext context) {
            return candidates.stream().filter(candidate -> !context.excluded(candidate)).findFirst();
        }
    }
}
