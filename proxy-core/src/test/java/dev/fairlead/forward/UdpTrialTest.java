package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gate is told of an endpoint that does not answer at once, as many a UDP service never does. */
@Timeout(60)
final class UdpTrialTest {
    private final Rig rig = new Rig(new ChannelDataPath(ChannelKind.NIO, 1));
    private final UdpSocket client = new UdpSocket();
    private final UdpSocket one = new UdpSocket();

    UdpTrialTest() throws IOException {
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        one.close();
        rig.finish();
    }

    @Test
    void a_flow_that_is_not_answered_leaves_the_trial_of_its_endpoint_to_others() throws Exception {
        RecordingGate gate = new RecordingGate();
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.DNS, one.address(), gate)));
        client.send("log this", frontend);
        IpPort flow = one.receive().from();
        rig.skip(Duration.ofSeconds(3));
        await().until(() -> gate.words.contains("release"));
        one.send("at last", flow);
        assertThat(client.receive().text()).isEqualTo("at last");
        assertThat(gate.words).containsExactly("acquire", "release", "connected");
    }
}
