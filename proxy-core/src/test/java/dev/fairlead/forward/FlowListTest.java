package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowListTest {
    private static final int FLOWS = 20;

    private final Rig rig = new Rig(new ChannelDataPath(ChannelKind.NIO, 1));

    @AfterEach
    void close() throws Exception {
        rig.finish();
    }

    private UdpSession flow(int port) {
        return new UdpSession(new LoopFlows(rig.sessions, new FlowRoom()),
                new ScriptedFlow(rig.path.loops().getFirst(), port), TransportAddress.udp(IpPort.of("10.0.0.1:53")),
                List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void two_lists_keep_the_order_in_which_their_flows_spoke(long seed) {
        Random random = new Random(seed);
        List<FlowList> lists = List.of(new FlowList(), new FlowList());
        List<List<UdpSession>> model = List.of(new ArrayList<>(), new ArrayList<>());
        List<UdpSession> flows = new ArrayList<>();
        for (int port = 1; port <= FLOWS; port++) {
            flows.add(flow(port));
        }
        for (int step = 0; step < 20_000; step++) {
            UdpSession flow = flows.get(random.nextInt(FLOWS));
            model.forEach(list -> list.remove(flow));
            int to = random.nextInt(3);
            if (to < 2) {
                lists.get(to).add(flow.amongUnreplied());
                model.get(to).add(flow);
            } else {
                flow.amongUnreplied().leave();
            }
            for (int i = 0; i < 2; i++) {
                List<UdpSession> expected = model.get(i);
                assertThat(lists.get(i).oldest()).isSameAs(expected.isEmpty() ? null : expected.getFirst());
            }
        }
        for (int i = 0; i < 2; i++) {
            for (UdpSession expected : model.get(i)) {
                UdpSession oldest = lists.get(i).oldest();
                assertThat(oldest).isSameAs(expected);
                expected.amongUnreplied().leave();
            }
            assertThat(lists.get(i).oldest()).isNull();
        }
    }
}
