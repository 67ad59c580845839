package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.cluster.SideBySide.Flow;
import dev.fairlead.e2e.cluster.SourceSeen.Reason;
import dev.fairlead.model.Protocol;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSeenTest {
    private static final String POD = "10.180.0.13";

    @ParameterizedTest(name = "{0}, endpoint {1}: {2} here, {3} there is {4}")
    @CsvSource({
            "ClusterIP, node0-a:1, 10.180.0.13, 10.180.0.13, KEPT",
            "ClusterIP, node0-a:1, 192.168.0.10, 10.180.0.13, NONE",
            "ClusterIP, node1-a:1, 192.168.0.10, 10.180.0.13, NONE",
            "ClusterIP, node0-a:1, 10.180.0.13, 10.180.0.1, NONE",
            "ClusterIP, node0-a:1, 192.168.0.10, 10.180.0.1, OTHER_OF_NODE",
            "node port, node0-a:1, 10.180.0.13, 10.180.0.1, KEPT_HERE",
            "node port, node1-a:1, 192.168.0.10, 10.180.0.13, KEPT_THERE",
            "node port, node0-a:1, 192.168.0.10, 10.180.0.13, NONE",
            "node port, node0-a:1, 192.168.0.11, 192.168.0.11, NONE",
            "node port, node1-a:1, 192.168.0.10, 192.168.0.10, SAME_NODE"})
    void whatFitsNoReasonHasNone(String frontend, String endpoint, String here, String there, Reason reason) {
        Network network = new Network("planned");
        Flow flow = new Flow("any", "node0-client", Protocol.TCP, "172.30.0.1:80", frontend, 0, false);
        assertThat(network.host("node0-client").ipv4()).isEqualTo(POD);

        assertThat(SourceSeen.compare(network, flow, Map.of(endpoint, Set.of(here)), Map.of(endpoint, Set.of(there))))
                .extracting(SourceSeen::reason).containsExactly(reason);
    }
}
