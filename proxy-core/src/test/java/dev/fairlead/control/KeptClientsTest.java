package dev.fairlead.control;

import static dev.fairlead.control.TurnBench.ONE;
import static dev.fairlead.control.TurnBench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.table.KeptClients;
import dev.fairlead.table.RouteSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints see their clients' addresses, and which clients'. */
class KeptClientsTest {
    private static final String SERVICE = """
            node one
            pods 10.1.0.0/16
            default/web:http TCP
              ClusterIP 10.96.0.10:80
              endpoints 10.1.2.3:8080(on one) 10.1.3.4:8080(on two) 10.1.2.5:8080 10.0.0.5:8080(on one) 127.0.0.1:8080(on one)
            """;
    private static final InetAddress NODE = ip("10.0.0.5");

    private static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    private static RouteSpec spec(String word) {
        ServiceSnapshot read = SnapshotText.parse(SERVICE + "  transparent " + word);
        NodeIdentity node = new NodeIdentity(read.node().name(), Optional.empty(), List.of(NODE));
        return RouteSpecs.of(
                new ServiceSnapshot(node, read.network(), read.ports(), read.skipped(), read.notes())).getFirst();
    }

    @Test
    void localIsThoseOfThisNodeButNotAtItsOwnAddress() {
        assertThat(spec("local").keptClients().map(KeptClients::endpoints))
                .contains(List.of(IpPort.of("10.1.2.3:8080")));
    }

    @Test
    void allIsAllButThoseAtTheNodesOwnAddress() {
        assertThat(spec("all").keptClients().map(KeptClients::endpoints)).contains(
                List.of(IpPort.of("10.1.2.3:8080"), IpPort.of("10.1.2.5:8080"), IpPort.of("10.1.3.4:8080")));
    }

    @Test
    void whereNothingIsSaidTheNodeIsSeen() {
        assertThat(spec("off").keptClients()).isEmpty();
        assertThat(spec("off").keeps(ip("10.1.9.9"), IpPort.of("10.1.2.3:8080"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10.1.9.9, true", "203.0.113.9, true", "10.1.2.3, false", "10.0.0.5, false", "127.0.0.1, false",
            "0.0.0.0, false", "224.0.0.1, false", "169.254.1.1, false", "fd00::9, false"})
    void theNodeItselfTheEndpointItselfAndWhoHasNoAddressToAnswerToAreNotKept(String client, boolean kept) {
        assertThat(spec("local").keeps(ip(client), IpPort.of("10.1.2.3:8080"))).isEqualTo(kept);
        assertThat(spec("local").keeps(ip(client), IpPort.of("10.1.3.4:8080"))).isFalse();
    }

    @Test
    void aDoorWithSourceRangesTakesLoadBalancersWhoeverTheirClientsAre() {
        RouteSpec ranges = RouteSpecs.of(SnapshotText.parse("""
                default/web:http TCP
                  LoadBalancer 203.0.113.7:80
                  sourceRanges 198.51.100.0/24
                  endpoints 10.1.2.3:8080
                  acceptProxyProtocolFrom 192.168.7.0/24,fd00:7::/64
                """)).getFirst();

        assertThat(ranges.filter()).hasToString("198.51.100.0/24 192.168.7.0/24");
    }

    @Test
    void theKernelIsPreparedBeforeTheTableThatNeedsIt() {
        TurnBench bench = new TurnBench();
        List<String> seen = new ArrayList<>();
        bench.doors.onCall(call -> seen.add(call + " at table " + bench.published.current().revision()));
        bench.offer(WEB + ONE);
        assertThat(seen).containsExactly("open 10.96.0.10:80 at table 1");
        seen.clear();

        bench.offer(WEB + ONE + "  transparent all\n");

        assertThat(seen).containsExactly("keep clients at table 1");
    }
}
