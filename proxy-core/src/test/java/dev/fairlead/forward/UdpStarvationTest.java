package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of new UDP clients when the kernel has no descriptors or local ports left. */
@Timeout(60)
final class UdpStarvationTest {
    private static final FlowOpening STARVED = new FlowOpening.Starved("Resource temporarily unavailable");

    private final Rig rig = new Rig(new ChannelDataPath(ChannelKind.NIO, 1));
    private final Loop loop = rig.path.loops().getFirst();
    private final UdpSocket endpoint = new UdpSocket();

    UdpStarvationTest() throws IOException {
    }

    @AfterEach
    void close() throws Exception {
        endpoint.close();
        rig.sessions.endAll(Cause.SHUTDOWN);
        rig.finish();
    }

    private void begin(ScriptedFlow flow, IpPort frontend) throws Exception {
        CompletableFuture.runAsync(() -> rig.sessions.begin(flow, TransportAddress.udp(frontend)), loop).get(10,
                TimeUnit.SECONDS);
    }

    @Test
    void a_flow_that_was_never_answered_makes_room() throws Exception {
        IpPort frontend = rig.serveDatagrams(endpoint.address());
        ScriptedFlow silent = new ScriptedFlow(loop, 1);
        ScriptedFlow newcomer = new ScriptedFlow(loop, 2, STARVED);
        begin(silent, frontend);

        begin(newcomer, frontend);

        SessionSummary end = rig.nextEnd();
        assertThat(end.termination()).hasToString("PROXY/RELAY/EVICTED");
        assertThat(end.client()).isEqualTo(silent.client());
        assertThat(silent.closed).isTrue();
        assertThat(newcomer.connected).isTrue();
        assertThat(rig.sessions.flows()).isEqualTo(1);
    }

    @Test
    void one_makes_room_for_a_newcomer_and_no_more() throws Exception {
        IpPort frontend = rig.serveDatagrams(endpoint.address());
        begin(new ScriptedFlow(loop, 1), frontend);
        begin(new ScriptedFlow(loop, 2), frontend);
        ScriptedFlow newcomer = new ScriptedFlow(loop, 3, STARVED, STARVED);

        begin(newcomer, frontend);

        assertThat(newcomer.closed).isTrue();
        assertThat(rig.counters.failures(Cause.LIMIT)).isEqualTo(1);
        assertThat(rig.sessions.flows()).isEqualTo(1);
    }

    @Test
    void connections_do_not_wait_because_forged_clients_have_used_up_the_ports() throws Exception {
        IpPort frontend = rig.serveDatagrams(endpoint.address());

        begin(new ScriptedFlow(loop, 1, STARVED), frontend);

        assertThat(rig.counters.failures(Cause.LIMIT)).isEqualTo(1);
        assertThat(rig.listeners.pause().pauses()).isZero();
    }
}
