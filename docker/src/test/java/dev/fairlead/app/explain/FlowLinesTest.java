package dev.fairlead.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Flow;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import org.junit.jupiter.api.Test;

class FlowLinesTest {
    private static Flow flow(Protocol protocol, String source, String destination) {
        return new Flow(protocol, IpText.parse(source).orElseThrow(), IpPort.of(destination));
    }

    @Test
    void aLineIsAFlow() {
        FlowLines lines = FlowLines.read("flows", """
                # two of them
                10.180.0.2 -> 172.30.0.041:80/TCP

                  [fd00::1]->[fd00::2]:53/udp
                """);

        assertThat(lines.problems()).isEmpty();
        assertThat(lines.flows()).containsExactly(flow(Protocol.TCP, "10.180.0.2", "172.30.0.41:80"),
                flow(Protocol.UDP, "fd00::1", "[fd00::2]:53"));
    }

    @Test
    void everyMistakeIsSaidWithItsPlace() {
        FlowLines lines = FlowLines.read("flows", """
                10.1.2.3 10.96.0.10:80/TCP
                10.1.2 -> 10.96.0.10:80/TCP
                10.1.2.3 -> 10.96.0.10/TCP
                10.1.2.3 -> 10.96.0.10:80/TPC
                [fd00::1] -> 10.96.0.10:80/TCP
                10.1.2.3 -> 10.96.0.10:80/TCP
                """);

        assertThat(lines.problems()).containsExactly(
                "flows:1:1: \"10.1.2.3 10.96.0.10:80/TCP\" is not a flow (expected: SOURCE -> DESTINATION:PORT/PROTOCOL"
                        + " such as 10.1.2.3 -> 10.96.0.10:80/TCP)",
                "flows:2:1: \"10.1.2\" is not an IP address (expected: such as 10.1.2.3 or [fd00::1])",
                "flows:3:13: \"10.96.0.10\" is not an address and a port (expected: such as 10.96.0.10:80 or"
                        + " [fd00::1]:80)",
                "flows:4:27: unknown protocol \"TPC\" (expected: one of TCP, UDP, SCTP) - did you mean \"TCP\"?",
                "flows:5:1: \"[fd00::1]\" is an IPv6 address (expected: an IPv4 address, as the destination is)");
        assertThat(lines.flows()).hasSize(1);
    }
}
