package dev.fairlead.forward;

import static dev.fairlead.forward.DatagramRig.address;
import static dev.fairlead.forward.DatagramRig.receive;
import static dev.fairlead.forward.DatagramRig.send;
import static dev.fairlead.forward.DatagramRig.sender;
import static dev.fairlead.forward.DatagramRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.forward.RecordedFlow.Event;
import dev.fairlead.forward.RecordedFlow.Told;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.ReplyRules;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How doors for datagrams and their flows begin and end, on every data path. */
@Timeout(60)
abstract class FlowContract {
    private final DatagramRig rig;

    FlowContract() throws IOException {
        rig = new DatagramRig(newPath(2));
    }

    abstract DataPath newPath(int loops);

    /** Sockets of flows that are over which a loop may keep for flows to come. */
    int mostSpares() {
        return 0;
    }

    @AfterEach
    void finish() throws Exception {
        rig.finish();
    }

    @Test
    void a_newcomer_whom_nobody_wants_stays_unknown_and_its_datagram_is_dropped() throws Exception {
        rig.welcome = _ -> {
        };
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        RecordedFlow first = rig.nextArrived();
        send(client, "two", door);
        assertThat(rig.nextArrived().flow).isNotSameAs(first.flow);
        rig.welcome = rig::connect;
        send(client, "three", door);
        assertThat(text(receive(endpoint))).isEqualTo("three");
        assertThat(rig.nextArrived().counts(Direction.UP)).isEqualTo("1, 5");
    }

    @Test
    void a_newcomer_that_is_connected_and_closed_again_stays_unknown() throws Exception {
        rig.welcome = flow -> {
            rig.connect(flow);
            flow.close();
            flow.close();
        };
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        rig.nextArrived();
        rig.welcome = rig::connect;
        send(client, "two", door);
        assertThat(text(receive(endpoint))).isEqualTo("two");
        rig.nextArrived();
    }

    @Test
    void where_there_is_no_way_to_an_endpoint_another_may_be_tried_at_once() throws Exception {
        List<FlowOpening> openings = new ArrayList<>();
        rig.welcome = flow -> {
            // Nobody may send to all without saying so beforehand.
            openings.add(flow.connect(IpPort.of("255.255.255.255:9"), 0));
            rig.connect(flow);
        };
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        send(rig.socket("127.0.0.1"), "question", door);
        assertThat(text(receive(endpoint))).isEqualTo("question");
        rig.nextArrived();
        assertThat(openings).singleElement().isInstanceOfSatisfying(FlowOpening.Failed.class,
                failed -> assertThat(failed.cause()).isEqualTo(Cause.UNREACHABLE));
    }

    @Test
    void an_endpoint_sees_somebody_elses_address_where_that_can_be_had_and_later_flows_ours() throws Exception {
        ReplyRules.unavailable().ifPresent(why -> Assumptions.abort("somebody else's address: " + why));
        InetAddress other = IpPort.of("127.77.0.9:1").ip(); // on loopback, so that replies find their way by themselves
        rig.welcome = flow -> flow.connect(rig.endpoint, other, 0);
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "who", door);
        DatagramPacket came = receive(endpoint);
        assertThat(came.getAddress())
                .isEqualTo(rig.path.assumesAddresses() ? other : InetAddress.getLoopbackAddress());
        send(endpoint, "you", sender(came));
        assertThat(text(receive(client))).isEqualTo("you");
        RecordedFlow flow = rig.nextArrived();
        flow.onLoop(flow::close);
        rig.welcome = rig::connect;
        send(client, "who now", door);
        assertThat(receive(endpoint).getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        rig.nextArrived();
    }

    @Test
    void a_flow_whose_endpoint_refuses_is_given_another_with_the_next_datagram() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        rig.endpoint = DatagramRig.refusing();
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        RecordedFlow flow = rig.nextArrived();
        assertThat(flow.nextEvent()).hasToString("UNREACHABLE REFUSED");
        assertThat(flow.counts(Direction.UP)).isEqualTo("0, 0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        send(client, "second", door);
        DatagramPacket question = receive(endpoint);
        assertThat(text(question)).isEqualTo("second");
        assertThat(flow.nextEvent().told()).isEqualTo(Told.WANTED);
        send(endpoint, "answer", sender(question));
        assertThat(text(receive(client))).isEqualTo("answer");
        assertThat(flow.nextEvent().told()).isEqualTo(Told.REPLIED);
        assertThat(flow.counts(Direction.UP)).isEqualTo("1, 6");
        assertThat(flow.counts(Direction.DOWN)).isEqualTo("1, 6");
        assertThat(rig.arrived).isEmpty();
    }

    @Test
    void a_datagram_that_is_on_its_way_when_the_endpoint_refuses_goes_to_another() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        IpPort alive = rig.endpoint;
        DatagramSocket client = rig.socket("127.0.0.1");
        rig.endpoint = DatagramRig.refusing();
        rig.on(Told.WANTED, flow -> {
            rig.endpoint = alive;
            rig.connect(flow);
        });
        CountDownLatch sent = new CountDownLatch(1);
        for (Loop loop : rig.path.loops()) {
            loop.execute(() -> awaitQuietly(sent));
        }
        for (int i = 0; i < 10; i++) {
            send(client, Integer.toString(i), door);
        }
        sent.countDown(); // now the loop finds them all at once
        Event unreachable = rig.nextArrived().nextEvent();
        assertThat(unreachable).hasToString("UNREACHABLE REFUSED");
        // Those that were passed on before are gone; not one more.
        assertThat(unreachable.up()).isPositive();
        for (long i = unreachable.up(); i < 10; i++) {
            assertThat(text(receive(endpoint))).isEqualTo(Long.toString(i));
        }
    }

    @Test
    void a_flow_that_is_disconnected_hears_its_former_endpoint_no_more() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket former = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        IpPort formerFlow = sender(receive(former));
        RecordedFlow flow = rig.nextArrived();
        flow.onLoop(flow::disconnect);
        assertThat(flow.counts(Direction.UP)).isEqualTo("0, 0");
        send(former, "late", formerFlow);
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        send(client, "two", door);
        DatagramPacket question = receive(endpoint);
        assertThat(text(question)).isEqualTo("two");
        send(endpoint, "answer", sender(question));
        assertThat(text(receive(client))).isEqualTo("answer");
        assertThat(flow.nextEvent().told()).isEqualTo(Told.WANTED);
        assertThat(rig.arrived).isEmpty();
    }

    @Test
    void a_disconnected_flow_that_nobody_wants_drops_what_comes_and_asks_each_time() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        receive(endpoint);
        RecordedFlow flow = rig.nextArrived();
        flow.onLoop(flow::disconnect);
        rig.on(Told.WANTED, _ -> {
        });
        send(client, "two", door);
        assertThat(flow.nextEvent().told()).isEqualTo(Told.WANTED);
        send(client, "three", door);
        assertThat(flow.nextEvent().told()).isEqualTo(Told.WANTED);
        rig.on(Told.WANTED, rig::connect);
        send(client, "four", door);
        assertThat(text(receive(endpoint))).isEqualTo("four");
        assertThat(rig.arrived).isEmpty();
    }

    @Test
    void a_closed_door_refuses_datagrams_tells_its_flows_and_can_be_opened_again() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        IpPort other = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        List<DatagramSocket> clients = new ArrayList<>();
        List<RecordedFlow> flows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            DatagramSocket client = rig.socket("127.0.0.1");
            client.connect(door.socketAddress());
            send(client, "question", door);
            receive(endpoint);
            clients.add(client);
            flows.add(rig.nextArrived());
        }
        rig.close(door);
        rig.close(door);
        for (RecordedFlow flow : flows) {
            assertThat(flow.nextEvent().told()).isEqualTo(Told.DOOR_CLOSED);
        }
        for (DatagramSocket client : clients) {
            // What the kernel says of a datagram comes with the next call.
            assertThatThrownBy(() -> {
                send(client, "question", door);
                receive(client);
            }).isInstanceOf(PortUnreachableException.class);
        }
        assertThat(rig.open(door.toString())).isEqualTo(door);
        send(clients.getFirst(), "again", door);
        assertThat(text(receive(endpoint))).isEqualTo("again");
        rig.nextArrived();
        send(clients.getFirst(), "again", door);
        assertThat(text(receive(endpoint))).isEqualTo("again");
        DatagramSocket elsewhere = rig.socket("127.0.0.1");
        send(elsewhere, "other door", other);
        assertThat(text(receive(endpoint))).isEqualTo("other door");
        assertThat(rig.nextArrived().client).isEqualTo(address(elsewhere));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_door_does_not_open_where_another_socket_is(boolean shared) throws Exception {
        try (DatagramSocket other = new DatagramSocket(null)) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, shared);
            other.bind(IpPort.of("127.0.0.1:0").socketAddress());
            String taken = address(other).toString();
            assertThatThrownBy(() -> rig.open(taken)).isInstanceOf(OpenFailure.class)
                    .hasMessageStartingWith("Address already in use");
        }
        rig.nothingLeft();
    }

    @Test
    void two_doors_do_not_share_an_address() throws Exception {
        IpPort door = rig.open("[::1]:0");
        assertThatThrownBy(() -> rig.open(door.toString())).isInstanceOf(OpenFailure.class)
                .hasMessageStartingWith("Address already in use");
        DatagramSocket endpoint = rig.endpoint("::1");
        send(rig.socket("::1"), "question", door);
        assertThat(text(receive(endpoint))).isEqualTo("question");
        rig.nextArrived();
    }

    @ParameterizedTest
    @EnumSource
    void a_flow_may_be_closed_whatever_it_is_told(Told moment) throws Exception {
        rig.responses = 1;
        rig.on(moment, flow -> {
            flow.close();
            flow.close();
        });
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        if (moment == Told.UNREACHABLE) {
            rig.endpoint = DatagramRig.refusing();
        }
        send(client, "one", door);
        RecordedFlow flow = rig.nextArrived();
        switch (moment) {
            case REPLIED, ANSWERED -> send(endpoint, "answer", sender(receive(endpoint)));
            case WANTED -> {
                receive(endpoint);
                flow.onLoop(flow::disconnect);
                send(client, "two", door);
            }
            case DOOR_CLOSED -> {
                rig.close(door);
                rig.open(door.toString());
            }
            case UNREACHABLE -> {
                // comes by itself
            }
        }
        Event event = flow.nextEvent();
        while (event.told() != moment) {
            event = flow.nextEvent();
        }
        rig.endpoint = address(endpoint);
        if (moment == Told.DOOR_CLOSED) {
            receive(endpoint);
        }
        send(client, "last", door);
        assertThat(text(receive(endpoint))).isEqualTo("last");
        assertThat(rig.nextArrived().client).isEqualTo(flow.client);
        assertThat(flow.events).isEmpty();
    }

    @Test
    void flows_that_were_closed_leave_few_sockets_while_the_door_stays_open() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        List<DatagramSocket> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(rig.socket("127.0.0.1"));
        }
        Descriptors before = Descriptors.now();
        List<RecordedFlow> flows = new ArrayList<>();
        for (DatagramSocket client : clients) {
            send(client, "question", door);
            receive(endpoint);
            flows.add(rig.nextArrived());
        }
        assertThat(Descriptors.now().since(before)).hasSameSizeAs(flows);
        for (int i = 0; i < flows.size(); i++) {
            RecordedFlow flow = flows.get(i);
            flow.onLoop(i % 2 == 0 ? flow::close : () -> {
                flow.disconnect();
                flow.close();
            });
        }
        await().untilAsserted(
                () -> assertThat(Descriptors.now().since(before)).hasSizeLessThanOrEqualTo(2 * mostSpares()));
    }

    @Test
    void a_data_path_that_ends_with_live_flows_leaves_nothing() throws Exception {
        Descriptors before = Descriptors.now();
        DatagramRig brief = new DatagramRig(newPath(2));
        IpPort door = brief.open("127.0.0.1:0");
        brief.open("[::1]:0");
        DatagramSocket endpoint = brief.endpoint("127.0.0.1");
        for (int i = 0; i < 8; i++) {
            send(brief.socket("127.0.0.1"), "question", door);
            receive(endpoint);
        }
        brief.path.close();
        brief.finish();
        rig.nothingLeft(before);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
