package dev.fairlead.transport.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.NetworkNamespace;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class LocalRoutesTest {
    private final NetworkNamespace node = NetworkNamespace.open();
    private final NetworkNamespace outside = NetworkNamespace.open();
    private Optional<LocalRoutes> opened = Optional.empty();

    LocalRoutesTest() throws Exception {
    }

    @BeforeEach
    void join() throws Exception {
        node.join("eth1", "192.168.7.1/24 fd00:7::1/64", outside, "192.168.7.2/24 fd00:7::2/64");
        opened = Optional.of(node.inside(LocalRoutes::new));
    }

    @AfterEach
    void close() {
        opened.ifPresent(LocalRoutes::close);
        node.close();
        outside.close();
    }

    private LocalRoutes routes() {
        return opened.orElseThrow();
    }

    private static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    private static LocalRoute route(String block, String source, int metric) {
        return new LocalRoute(Cidr.parse(block).orElseThrow(), Optional.of(source).filter(text -> !text.isEmpty())
                .map(LocalRoutesTest::ip), metric);
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.0/12, 192.168.7.1, 10.100.1.2, 10.112.0.1", "fd00:96::/108, fd00:7::1, fd00:96::7, fd00:97::1",
            "203.0.113.250/32, '', 203.0.113.250, 203.0.113.251", "2001:db8::5/128, '', 2001:db8::5, 2001:db8::6"})
    void aBlockIsThisMachinesFromTheAddToTheRemove(String block, String source, String within, String beside)
            throws Exception {
        LocalRoute route = route(block, source, 70);

        routes().add(route);

        assertThat(routes().list()).containsExactly(route);
        assertThat(routes().isLocal(ip(within))).isTrue();
        assertThat(routes().isLocal(ip(beside))).isFalse();

        routes().remove(route);

        assertThat(routes().list()).isEmpty();
        assertThat(routes().isLocal(ip(within))).isFalse();
    }

    @Test
    void theRouteIsWhatTheKernelsOwnCommandSays() throws Exception {
        routes().add(route("10.96.0.0/12", "192.168.7.1", 70));
        routes().add(route("fd00:96::/108", "fd00:7::1", 70));

        assertThat(node.ip("route show table local proto 70").strip())
                .isEqualTo("local 10.96.0.0/12 dev lo scope host src 192.168.7.1 metric 70");
        assertThat(node.ip("-6 route show table local proto 70").strip())
                .startsWith("local fd00:96::/108 dev lo src fd00:7::1 metric 70");
    }

    @Test
    void addingTwiceAndRemovingTwiceIsLikeOnce() throws Exception {
        LocalRoute four = route("203.0.113.250/32", "192.168.7.1", 1000);
        LocalRoute six = route("2001:db8::5/128", "fd00:7::1", 1000);
        for (int i = 0; i < 2; i++) {
            routes().add(four);
            routes().add(six);
        }

        assertThat(routes().list()).containsExactlyInAnyOrder(four, six);

        for (int i = 0; i < 2; i++) {
            routes().remove(four);
            routes().remove(six);
        }
        assertThat(routes().list()).isEmpty();
    }

    @Test
    void routesOfOthersAreNeitherListedNorRemoved() throws Exception {
        node.ip("route add local 203.0.113.9/32 dev lo");
        node.ip("-6 route add local 2001:db8::9/128 dev lo");

        assertThat(routes().list()).isEmpty();
        routes().remove(route("203.0.113.9/32", "", 0));
        routes().remove(route("2001:db8::9/128", "", 0));
        routes().remove(route("192.168.7.1/32", "", 0));

        assertThat(routes().isLocal(ip("203.0.113.9"))).isTrue();
        assertThat(routes().isLocal(ip("2001:db8::9"))).isTrue();
        assertThat(routes().isLocal(ip("192.168.7.1"))).isTrue();
    }

    @Test
    void tenThousandRoutesAreListedWhole() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            routes().add(route("10." + (96 + i / 60_000) + "." + i / 250 + "." + i % 250 + "/32", "", 1000));
        }

        assertThat(routes().list()).hasSize(10_000).doesNotHaveDuplicates();
    }

    @Test
    void whatTheKernelRefusesIsSaidInItsWords() {
        assertThatThrownBy(() -> routes().add(route("10.96.0.0/12", "192.168.7.99", 70)))
                .isInstanceOf(NetlinkFailure.class)
                .hasMessage("add the route local 10.96.0.0/12 dev lo metric 70 src 192.168.7.99: Invalid argument");
    }

    @Test
    void theOwnAddressIsTheOneThatFarAwayIsDialledWithElseTheFirst() throws Exception {
        node.ip("link add eth2 type bridge");
        node.ip("link set eth2 up");
        node.ip("address add 192.168.9.1/24 dev eth2");
        assertThat(routes().ownAddress(IpFamily.IPV4)).contains(ip("192.168.7.1"));
        assertThat(routes().ownAddress(IpFamily.IPV6)).contains(ip("fd00:7::1"));

        node.ip("route add default via 192.168.9.2");
        assertThat(routes().ownAddress(IpFamily.IPV4)).contains(ip("192.168.9.1"));

        node.ip("-6 address del fd00:7::1/64 dev eth1");
        assertThat(routes().ownAddress(IpFamily.IPV6)).isEmpty();
    }
}
