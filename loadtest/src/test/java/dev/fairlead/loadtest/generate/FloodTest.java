package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FloodTest {
    @Test
    void eachDatagramHasASourceOfItsOwnAndThereAreAsManyAsWereAskedFor() throws Exception {
        try (Pair pair = new Pair(1);
                DatagramSocket target = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            Answer answer = pair.clients("flood from=127.98.0.0 sources=150 rate=20000 to=127.0.0.1:"
                    + target.getLocalPort());

            assertThat(answer.json()).startsWith("{\"sent\":150,").contains("\"errors\":0,");
            Set<SocketAddress> sources = new HashSet<>();
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            for (int i = 0; i < 150; i++) {
                target.receive(packet);
                assertThat(packet.getLength()).isEqualTo(64);
                sources.add(packet.getSocketAddress());
            }
            assertThat(sources).hasSize(150);
        }
    }

    @Test
    void sourcesAreDistinctBeyondTheNumberOfTheirAddresses() throws Exception {
        FloodPlan plan = FloodPlan
                .of(Command.parse("flood from=127.98.0.0 sources=200000 rate=20000 to=127.0.0.1:9"));
        Set<SocketAddress> sources = new HashSet<>();

        for (int i = 0; i < plan.sources(); i++) {
            sources.add(plan.source(i));
        }

        assertThat(sources).hasSize(200_000);
        assertThat(plan.source(0)).hasToString("/127.98.0.1:20000");
        assertThat(plan.source(199_999)).hasToString("/127.98.199.250:20003");
        assertThat(plan.duration()).hasSeconds(10);
    }

    @Test
    void aBackgroundLoadIsMeasuredLapByLapBesideAFlood() throws Exception {
        try (Pair pair = new Pair(1)) {
            String to = pair.serve("udp-reply");
            pair.clients("background kind=udp-fixed connections=4 rate=2000 to=" + to);
            pair.clients("background-lap");

            pair.clients("flood from=127.98.0.0 sources=600 rate=3000 to=" + to);
            Answer during = pair.clients("background-lap");

            assertThat(during.json()).contains("\"errors\":0,");
            assertThat(during.number("units")).isPositive();
            assertThat(during.number("p99")).isPositive();
            // Silence was asked for, but they came.
            await().until(() -> pair.endpoints("status").number("accepted") >= 600 + during.number("units"));
            pair.clients("background-stop");
        }
    }

    @Test
    void aFloodFromAnAddressThatIsNoBlockIsRefused() throws Exception {
        try (Pair pair = new Pair(1)) {
            assertThatThrownBy(() -> pair.clients("flood from=127.98.0.1 sources=1 rate=1 to=127.0.0.1:9"))
                    .hasMessageContaining("ends in .0.0");
            assertThatThrownBy(() -> pair.clients("background-lap")).hasMessageContaining("background first");
        }
    }
}
