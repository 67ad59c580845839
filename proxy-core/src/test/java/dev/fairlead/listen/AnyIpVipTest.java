package dev.fairlead.listen;

import static dev.fairlead.listen.Station.Meets.NOBODY;
import static dev.fairlead.listen.Station.Meets.SILENCE;
import static dev.fairlead.listen.Station.Meets.SOMEBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.NetworkNamespace;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class AnyIpVipTest {
    private static final String SERVICES_4 = "10.96.0.0/12";
    private static final String SERVICES_6 = "fd00:96::/108";
    private static final String EXTERNAL_4 = "203.0.113.250:80";
    private static final String EXTERNAL_6 = "[2001:db8::250]:80";

    private final Station station = new Station();
    private final NetworkNamespace node = station.node;

    AnyIpVipTest() throws Exception {
    }

    @AfterEach
    void close() {
        station.close();
    }

    private NodeBinder binder(boolean keep, String... blocks) throws Exception {
        return NodeBinder.open(station, OtherPorts.ANSWER, keep, blocks);
    }

    private String routes() throws Exception {
        return node.ip("route show table local proto 70") + node.ip("-6 route show table local proto 70");
    }

    private List<String> arp() throws Exception {
        return node.inside(() -> List.of(Files.readString(Path.of("/proc/sys/net/ipv4/conf/all/arp_ignore")).strip(),
                Files.readString(Path.of("/proc/sys/net/ipv4/conf/all/arp_announce")).strip()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.10:80", "[fd00:96::a]:80", EXTERNAL_4, EXTERNAL_6})
    void aServicePortAnswersPodAndNodeAndItsOtherPortsRefuse(String address) throws Exception {
        String other = address.replaceFirst("80$", "81");
        try (NodeBinder binder = binder(false, SERVICES_4, SERVICES_6)) {
            binder.listen(address);

            for (NetworkNamespace from : List.of(node, station.pod)) {
                assertThat(Station.tcp(from, address)).isEqualTo(SOMEBODY);
                assertThat(Station.tcp(from, other)).isEqualTo(NOBODY);
                assertThat(Station.udp(from, other)).isEqualTo(NOBODY);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.10:80", "[fd00:96::a]:80", EXTERNAL_4, EXTERNAL_6})
    void theNodesOwnProcessesDialFromTheNodesAddress(String address) throws Exception {
        try (NodeBinder binder = binder(false, SERVICES_4, SERVICES_6)) {
            binder.listen(address);

            String source = node.inside(() -> {
                try (Socket socket = new Socket()) {
                    socket.connect(IpPort.of(address).socketAddress(), 2_000);
                    return IpText.format(socket.getLocalAddress());
                }
            });

            assertThat(source).isIn("192.168.7.1", "fd00:7::1");
        }
    }

    @Test
    void aSingleAddressLastsAsLongAsItsLongestLease() throws Exception {
        try (NodeBinder binder = binder(false)) {
            Lease web = binder.acquire(EXTERNAL_4);
            Lease dns = binder.acquire("203.0.113.250:53");
            assertThat(routes()).contains("local 203.0.113.250 dev lo").contains("src 192.168.7.1");

            binder.release(web);
            binder.release(web);
            assertThat(routes()).contains("local 203.0.113.250 dev lo");

            binder.release(dns);
            assertThat(routes()).isEmpty();
        }
    }

    @Test
    void whatIsTheMachinesAlreadyIsLeftAlone() throws Exception {
        node.ip("route add local 203.0.113.250/32 dev lo");
        try (NodeBinder binder = binder(false)) {
            for (String address : List.of("192.168.7.1:30080", "[fd00:7::1]:30080", EXTERNAL_4, "127.0.0.1:30080",
                    "127.0.0.9:30080", "[::1]:30080", "0.0.0.0:80")) {
                Lease lease = binder.acquire(address);
                assertThat(lease.places()).extracting(place -> place.foreign()).containsExactly(false);
                binder.release(lease);
            }

            assertThat(routes()).isEmpty();
        }
        assertThat(node.ip("route show table local")).contains("local 203.0.113.250 dev lo");
    }

    @Test
    void arpIsSilentWhileThereIsASingleAddressAndAsItWasAfterwards() throws Exception {
        node.run("sysctl -q -w net.ipv4.conf.all.arp_announce=1"); // and arp_ignore is 0
        try (NodeBinder binder = binder(false, SERVICES_4)) {
            assertThat(arp()).containsExactly("0", "1");
            Lease one = binder.acquire(EXTERNAL_4);
            Lease two = binder.acquire("198.51.100.7:80");
            Lease six = binder.acquire(EXTERNAL_6);
            assertThat(arp()).containsExactly("1", "2");

            binder.release(one);
            assertThat(arp()).containsExactly("1", "2");
            binder.release(two);
            assertThat(arp()).containsExactly("0", "1");
            binder.release(six);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTERNAL_4, EXTERNAL_6})
    void neighboursAreNotToldWhereASingleAddressIs(String address) throws Exception {
        String ip = IpText.format(IpPort.of(address).ip());
        // As on a network where somebody else announces the address.
        station.pod.ip("route add " + ip + " dev eth0");
        try (NodeBinder binder = binder(false)) {
            binder.listen(address);

            assertThat(Station.tcp(station.pod, address)).isIn(SILENCE, NOBODY);
            assertThat(station.pod.ip("neighbour show " + ip)).containsAnyOf("FAILED", "INCOMPLETE");
        }
    }

    @Test
    void withoutTheSilenceTheyWouldBe() throws Exception {
        node.ip("route add local 203.0.113.250/32 dev lo");
        station.pod.ip("route add 203.0.113.250/32 dev eth0");

        assertThat(Station.tcp(station.pod, EXTERNAL_4)).isEqualTo(NOBODY);
        assertThat(station.pod.ip("neighbour show 203.0.113.250")).contains("lladdr");
    }

    @Test
    void whatACrashedRunLeftIsUsedAgainAndTheRestGoesOnceTheFirstStateIsInForce() throws Exception {
        // Not closed: it was killed.
        NodeBinder crashed = binder(true, SERVICES_4, "10.200.0.0/16");
        for (String address : List.of(EXTERNAL_4, "198.51.100.7:80", EXTERNAL_6)) {
            crashed.acquire(address);
        }
        String before = routes();

        try (NodeBinder binder = binder(false, SERVICES_4)) {
            binder.acquire(EXTERNAL_4);
            assertThat(routes()).isEqualTo(before);

            binder.settled();

            assertThat(routes()).contains("local 10.96.0.0/12", "local 203.0.113.250").doesNotContain("10.200.0.0",
                    "198.51.100.7", "2001:db8::250");
            assertThat(arp()).containsExactly("1", "2");
        }
        assertThat(routes()).isEmpty();
        assertThat(arp()).containsExactly("0", "0");
    }

    @Test
    void aPredecessorTakesNothingFromItsSuccessorNorOneThatFailsFromItsPredecessor() throws Exception {
        NodeBinder predecessor = binder(false, SERVICES_4);
        Lease before = predecessor.acquire(EXTERNAL_4);
        String routes = routes();
        try (NodeBinder failing = binder(false, SERVICES_4)) {
            failing.alone(false);
            failing.release(failing.acquire(EXTERNAL_4));
            failing.settled();
        }
        assertThat(routes()).isEqualTo(routes);

        try (NodeBinder successor = binder(false, SERVICES_4)) {
            successor.alone(false);
            successor.acquire(EXTERNAL_4);
            predecessor.alone(false);
            predecessor.release(before);
            predecessor.close();
            assertThat(routes()).isEqualTo(routes);
            assertThat(arp()).containsExactly("1", "2");

            successor.alone(true);
            successor.settled();
            assertThat(routes()).isEqualTo(routes);
        }
        assertThat(routes()).isEmpty();
        assertThat(arp()).containsExactly("0", "0");
    }

    @Test
    void routesStayAfterAStopThatIsToldToKeepThemAndCleanupRemovesThem() throws Exception {
        try (NodeBinder binder = binder(true, SERVICES_4, SERVICES_6)) {
            binder.acquire(EXTERNAL_4);
        }
        assertThat(routes()).contains(SERVICES_4, SERVICES_6, "203.0.113.250");
        assertThat(arp()).containsExactly("1", "2");

        List<String> done = node.inside(Cleanup::run);

        assertThat(done).containsExactlyInAnyOrder(
                "removed: the route local 10.96.0.0/12 dev lo metric 70 src 192.168.7.1",
                "removed: the route local 203.0.113.250/32 dev lo metric 1000 src 192.168.7.1",
                "removed: the route local fd00:96::/108 dev lo metric 70 src fd00:7:0:0:0:0:0:1",
                "restored: net.ipv4.conf.all.arp_ignore and arp_announce are 0 and 0 again");
        assertThat(routes()).isEmpty();
        assertThat(arp()).containsExactly("0", "0");
        assertThat(node.inside(Cleanup::run)).isEmpty();
    }

    @Test
    void routesFollowTheNodesAddress() throws Exception {
        try (NodeBinder binder = binder(false, SERVICES_4)) {
            binder.acquire(EXTERNAL_4);
            // The kernel takes routes away with the address that is their source.
            node.ip("address del 192.168.7.1/24 dev eth1");
            node.ip("address add 192.168.7.5/24 dev eth1");
            node.ip("route replace default via 192.168.7.2");

            binder.addressesChanged();

            assertThat(routes()).contains("local 10.96.0.0/12 dev lo scope host src 192.168.7.5",
                    "local 203.0.113.250 dev lo scope host src 192.168.7.5").doesNotContain("192.168.7.1 ");
        }
        assertThat(routes()).isEmpty();
    }
}
