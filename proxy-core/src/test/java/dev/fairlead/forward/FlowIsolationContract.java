package dev.fairlead.forward;

import static dev.fairlead.forward.DatagramRig.address;
import static dev.fairlead.forward.DatagramRig.receive;
import static dev.fairlead.forward.DatagramRig.send;
import static dev.fairlead.forward.DatagramRig.sender;
import static dev.fairlead.forward.DatagramRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.forward.RecordedFlow.Told;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one flow, one door or a whole data path that is in trouble costs the others, on every data path: nothing. */
@Timeout(60)
abstract class FlowIsolationContract {
    private final DatagramRig rig;

    FlowIsolationContract() throws IOException {
        rig = new DatagramRig(newPath(2));
    }

    abstract DataPath newPath(int loops);

    @AfterEach
    void finish() throws Exception {
        rig.finish();
    }

    @Test
    void a_data_path_that_has_ended_opens_no_door_and_keeps_no_socket() throws Exception {
        Descriptors before = Descriptors.now();
        DataPath ended = newPath(2);
        ended.close();
        assertThatThrownBy(() -> ended.openDatagrams(IpPort.of("127.0.0.1:0"), _ -> {
        })).isInstanceOf(OpenFailure.class);
        rig.nothingLeft(before);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_callback_throws_costs_its_own_flow_alone(Told moment) throws Exception {
        rig.responses = 1;
        DatagramSocket client = rig.socket("127.0.0.1");
        IpPort victim = address(client);
        CountDownLatch thrown = new CountDownLatch(1);
        Consumer<RecordedFlow> usual = rig.reaction(moment);
        rig.on(moment, flow -> {
            if (flow.client.equals(victim) && thrown.getCount() > 0) {
                thrown.countDown();
                throw new IllegalStateException("planted");
            }
            usual.accept(flow);
        });
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        List<DatagramSocket> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(rig.socket("127.0.0.1"));
        }
        exchangeWithEach(others, endpoint, door);
        rig.arrived.clear();
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
                receive(endpoint);
                rig.close(door);
                rig.open(door.toString());
            }
            case UNREACHABLE -> {
                // comes by itself
            }
        }
        assertThat(thrown.await(10, TimeUnit.SECONDS)).isTrue();
        rig.endpoint = address(endpoint);
        exchangeWithEach(others, endpoint, door);
        send(client, "last", door);
        assertThat(text(receive(endpoint))).isEqualTo("last");
    }

    private static void exchangeWithEach(List<DatagramSocket> clients, DatagramSocket endpoint, IpPort door)
            throws IOException {
        for (DatagramSocket client : clients) {
            send(client, "question", door);
            send(endpoint, "answer", sender(receive(endpoint)));
            assertThat(text(receive(client))).isEqualTo("answer");
        }
    }

    @Test
    void whoever_comes_behind_a_newcomer_over_whom_the_acceptor_throws_is_served() throws Exception {
        DatagramSocket client = rig.socket("127.0.0.1");
        IpPort victim = address(client);
        rig.welcome = flow -> {
            rig.connect(flow);
            if (flow.client.equals(victim)) {
                throw new IllegalStateException("planted");
            }
        };
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        CountDownLatch sent = new CountDownLatch(1);
        for (Loop loop : rig.path.loops()) {
            loop.execute(() -> awaitQuietly(sent));
        }
        send(client, "nobody's", door);
        for (int i = 0; i < 8; i++) {
            send(rig.socket("127.0.0.1"), "question", door);
        }
        sent.countDown(); // now each loop finds its own all at once
        for (int i = 0; i < 8; i++) {
            assertThat(text(receive(endpoint))).isEqualTo("question");
        }
        rig.welcome = rig::connect;
        send(client, "again", door);
        assertThat(text(receive(endpoint))).isEqualTo("again");
    }

    @Test
    void as_many_replies_are_passed_on_as_were_asked_for_where_more_have_come_at_once() throws Exception {
        rig.responses = 2;
        rig.on(Told.ANSWERED, RecordedFlow::close);
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "question", door);
        IpPort flow = sender(receive(endpoint));
        CountDownLatch sent = new CountDownLatch(1);
        for (Loop loop : rig.path.loops()) {
            loop.execute(() -> awaitQuietly(sent));
        }
        for (int i = 1; i <= 5; i++) {
            send(endpoint, "answer " + i, flow);
        }
        sent.countDown();
        assertThat(text(receive(client))).isEqualTo("answer 1");
        assertThat(text(receive(client))).isEqualTo("answer 2");
        send(client, "question", door);
        send(endpoint, "another", sender(receive(endpoint)));
        assertThat(text(receive(client))).isEqualTo("another");
    }

    @Test
    void a_flood_at_one_door_does_not_starve_another_of_the_same_loop() throws Exception {
        DatagramRig single = new DatagramRig(newPath(1));
        AtomicBoolean over = new AtomicBoolean();
        IpPort flooded = single.open("127.0.0.1:0");
        IpPort quiet = single.open("127.0.0.1:0");
        IpPort nobody = address(single.socket("127.0.0.1"));
        DatagramSocket flooder = single.socket("127.0.0.1");
        IpPort flooding = address(flooder);
        DatagramSocket endpoint = single.endpoint("127.0.0.1");
        IpPort answering = single.endpoint;
        single.welcome = flow -> {
            single.endpoint = flow.client.equals(flooding) ? nobody : answering;
            single.connect(flow);
        };
        Thread flood = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                sendQuietly(flooder, flooded);
            }
        });
        try {
            single.nextArrived();
            exchangeWithEach(Collections.nCopies(50, single.socket("127.0.0.1")), endpoint, quiet);
        } finally {
            over.set(true);
            flood.join();
            single.finish();
        }
    }

    private static void sendQuietly(DatagramSocket from, IpPort to) {
        try {
            send(from, "flood", to);
        } catch (IOException full) {
            // there is enough on its way
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
