package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.admin.About;
import dev.fairlead.admin.AdminAddresses;
import dev.fairlead.balance.Balancers;
import dev.fairlead.control.ControlObserver;
import dev.fairlead.listen.AnyIpVip;
import dev.fairlead.listen.FreeBindVip;
import dev.fairlead.listen.OtherPorts;
import dev.fairlead.listen.PortMapVip;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.Station;
import dev.fairlead.listen.Station.Meets;
import dev.fairlead.listen.VipBinder;
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
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.uring.UringDataPath;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole proxy on a node, serving addresses that are nobody's until it makes them its own. */
@Timeout(120)
class OwnAddressesTest {
    private static final List<String> VIPS = List.of("10.96.0.10:80", "[fd00:96::a]:80", "203.0.113.250:80",
            "[2001:db8::250]:80");
    private static final List<Cidr> BLOCKS = Stream.of("10.96.0.0/12", "fd00:96::/108")
            .map(text -> Cidr.parse(text).orElseThrow()).toList();

    private final Station station = new Station();
    private Optional<ProxyServer> server = Optional.empty();
    private Optional<SnapshotSink> sink = Optional.empty();

    OwnAddressesTest() throws Exception {
    }

    @AfterEach
    void close() {
        stop();
        station.close();
    }

    private void stop() {
        server.ifPresent(running -> station.node.perform(running::close));
        server = Optional.empty();
    }

    /** The data paths that can bind to an address that is not the machine's. */
    enum Path {
        URING {
            @Override
            DataPath open() {
                assumeTrue(UringDataPath.unavailable().isEmpty(), "needs io_uring");
                return new UringDataPath(2, 0);
            }
        },
        EPOLL {
            @Override
            DataPath open() {
                return new EpollDataPath(2);
            }
        },
        CHANNEL {
            @Override
            DataPath open() {
                return new ChannelDataPath(ChannelKind.EPOLL, 2);
            }
        };

        abstract DataPath open();
    }

    private static VipBinder anyIp() throws Exception {
        return AnyIpVip.open(new AnyIpVip.Wishes(BLOCKS, List.of(), false), OtherPorts.ANSWER);
    }

    /** Threads that it starts are in the namespace of the thread that makes it. */
    private void start(Path path, boolean own) throws Exception {
        start(path, own ? anyIpInside() : new FreeBindVip());
    }

    private VipBinder anyIpInside() throws Exception {
        return station.node.inside(OwnAddressesTest::anyIp);
    }

    private void start(Path path, VipBinder vips) throws Exception {
        server = Optional.of(station.node.inside(() -> {
            ProxyServer made = new ProxyServer(new ProxyServer.Parts(path.open(), Balancers.installed(),
                    Optional.empty(), new AdminAddresses(Optional.empty(), Optional.empty(), Optional.empty()),
                    () -> "{}", new SessionRoom(Long.MAX_VALUE, 0), Optional.empty(), vips, Optional.empty(),
                    ControlObserver.NONE, new About("0", "token", Optional.empty(), List::of, () -> 1L, () -> 1L),
                    Ticker.SYSTEM, Randomness.SYSTEM));
            made.start(new ServiceSource() {
                @Override
                public void start(SnapshotSink to) {
                    sink = Optional.of(to);
                }

                @Override
                public void close() {
                    // Nothing runs.
                }
            });
            return made;
        }));
    }

    /** Offers a service at these addresses over a protocol and waits until it is in force. */
    private void serve(List<String> addresses, Protocol... protocols) throws Exception {
        List<ServicePort> ports = new ArrayList<>();
        for (Protocol protocol : protocols) {
            for (IpFamily family : IpFamily.values()) {
                List<Frontend> frontends = addresses.stream().map(IpPort::of)
                        .filter(address -> address.family() == family)
                        .map(address -> new Frontend(FrontendKind.EXTERNAL_IP, protocol, address)).sorted().toList();
                Endpoint endpoint = Endpoint
                        .ready(IpPort.of(family == IpFamily.IPV4 ? "192.168.7.1:9000" : "[fd00:7::1]:9000"));
                if (!frontends.isEmpty()) {
                    ports.add(new ServicePort(
                            new ServicePortName(new ServiceName("default", "web"), "web", protocol, family),
                            Ports.addresses(frontends), frontends, List.of(endpoint), TrafficPolicy.CLUSTER,
                            TrafficPolicy.CLUSTER, new SessionAffinity.None(), List.of(), 0, ServicePolicy.DEFAULTS));
                }
            }
        }
        ports.sort(Comparator.comparing(ServicePort::name));
        sink.orElseThrow().offer(
                new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, ports, List.of(), List.of()));
        assertThat(station.node.inside(() -> server.orElseThrow().awaitFirstSync(Duration.ofSeconds(20)))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void everyAddressServesPodAndNodeOverTcpAndUdpAndIsGivenBackAtTheEnd(Path path) throws Exception {
        station.listen("[::]:9000");
        station.echo(station.node, "192.168.7.1:9000");
        station.echo(station.node, "[fd00:7::1]:9000");
        start(path, true);

        serve(VIPS, Protocol.TCP, Protocol.UDP);

        for (var from : List.of(station.pod, station.node)) {
            for (String vip : VIPS) {
                assertThat(Station.tcp(from, vip)).as(vip).isEqualTo(Meets.SOMEBODY);
                assertThat(Station.udp(from, vip)).as(vip).isEqualTo(Meets.SOMEBODY);
            }
        }
        assertThat(routes()).contains("10.96.0.0/12", "203.0.113.250", "fd00:96::/108", "2001:db8::250");

        stop();
        assertThat(routes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatSomebodyElseMakesLocalLaterIsServedWithFreebind(Path path) throws Exception {
        station.listen("[::]:9000");
        station.echo(station.node, "192.168.7.1:9000");
        station.echo(station.node, "[fd00:7::1]:9000");
        start(path, false);
        serve(VIPS, Protocol.TCP, Protocol.UDP);

        station.node.ip("route add local 10.96.0.0/12 dev lo");
        station.node.ip("-6 route add local fd00:96::/108 dev lo");

        for (String vip : VIPS.subList(0, 2)) {
            assertThat(Station.tcp(station.pod, vip)).as(vip).isEqualTo(Meets.SOMEBODY);
            assertThat(Station.udp(station.pod, vip)).as(vip).isEqualTo(Meets.SOMEBODY);
        }
        stop();
        assertThat(station.node.ip("route show table local")).contains("local 10.96.0.0/12");
    }

    @Test
    void aConnectionKeepsItsAddressWhenTheServiceGoesUntilItEnds() throws Exception {
        String vip = "203.0.113.250:80";
        ServerSocket endpoint = station.closing(station.node.inside(() -> {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(IpPort.of("192.168.7.1:0").ip(), 9000));
            socket.setSoTimeout(10_000);
            return socket;
        }));
        start(Path.EPOLL, true);
        serve(List.of(vip), Protocol.TCP);
        Socket client = station.closing(station.pod.inside(() -> {
            Socket socket = new Socket();
            socket.connect(IpPort.of(vip).socketAddress(), 5_000);
            socket.setSoTimeout(10_000);
            return socket;
        }));
        Socket accepted = station.closing(endpoint.accept());

        serve(List.of());
        await().untilAsserted(() -> assertThat(Station.tcp(station.pod, vip)).isEqualTo(Meets.NOBODY));

        accepted.getOutputStream().write(7);
        assertThat(client.getInputStream().read()).isEqualTo(7);
        assertThat(routes()).contains("203.0.113.250");

        client.close();
        accepted.close();
        await().untilAsserted(() -> assertThat(routes()).doesNotContain("203.0.113.250"));
    }

    @Test
    void whereNothingMayBeChangedItIsServedAtLoopbackAndWhereThePortIsTakenElsewhereThere() throws Exception {
        station.listen("192.168.7.1:9000");
        station.listen("127.0.0.1:80");
        start(Path.EPOLL, new PortMapVip());

        serve(List.of("10.96.0.10:8080", "10.96.0.11:80", "10.96.0.12:8080"), Protocol.TCP);

        assertThat(Station.tcp(station.node, "127.0.0.1:8080")).isEqualTo(Meets.SOMEBODY);
        assertThat(server.orElseThrow().view().doors()).hasSize(3);
        assertThat(server.orElseThrow().view().failed()).isEmpty();
        assertThat(station.node.run("ss -Hltn src 127.0.0.1").lines()).hasSize(4);
    }

    private String routes() throws Exception {
        return station.node.ip("route show table local proto 70")
                + station.node.ip("-6 route show table local proto 70");
    }
}
