package dev.fairlead.forward;

import static dev.fairlead.forward.DatagramRig.address;
import static dev.fairlead.forward.DatagramRig.content;
import static dev.fairlead.forward.DatagramRig.receive;
import static dev.fairlead.forward.DatagramRig.send;
import static dev.fairlead.forward.DatagramRig.sender;
import static dev.fairlead.forward.DatagramRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.forward.RecordedFlow.Told;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Loop;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every data path does with the datagrams of clients and endpoints. */
@Timeout(60)
abstract class DatagramContract {
    private static final int LOOPS = 2;

    private final DatagramRig rig;

    DatagramContract() throws IOException {
        rig = new DatagramRig(newPath(LOOPS));
    }

    abstract DataPath newPath(int loops);

    /** Whether a door has a socket on each loop. */
    abstract boolean doorOnEachLoop();

    @AfterEach
    void finish() throws Exception {
        rig.finish();
    }

    static Stream<Arguments> sizes() {
        return Stream.of("127.0.0.1", "::1")
                .flatMap(ip -> Stream.of(0, 1, 1472, 2000, 65_507).map(size -> arguments(ip, size)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void a_datagram_passes_both_ways_unaltered(String ip, int size) throws Exception {
        IpPort door = rig.open(DatagramRig.freePort(ip));
        DatagramSocket endpoint = rig.endpoint(ip);
        DatagramSocket client = rig.socket(ip);
        Random random = new Random(size);
        for (int round = 0; round < 3; round++) {
            byte[] question = new byte[size];
            random.nextBytes(question);
            send(client, question, door);
            DatagramPacket arrived = receive(endpoint);
            assertThat(content(arrived)).isEqualTo(question);
            byte[] answer = new byte[size];
            random.nextBytes(answer);
            send(endpoint, answer, sender(arrived));
            DatagramPacket answered = receive(client);
            assertThat(content(answered)).isEqualTo(answer);
            assertThat(sender(answered)).isEqualTo(door);
        }
        assertThat(rig.nextArrived().counts(Direction.UP)).isEqualTo("3, " + 3 * size);
        assertThat(rig.arrived).isEmpty();
    }

    @Test
    void empty_datagrams_among_others_keep_their_places() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        List<String> sent = List.of("a", "", "b", "", "", "c");
        for (String content : sent) {
            send(client, content, door);
        }
        List<String> up = new ArrayList<>();
        DatagramPacket last = receive(endpoint);
        up.add(text(last));
        while (up.size() < sent.size()) {
            last = receive(endpoint);
            up.add(text(last));
        }
        assertThat(up).isEqualTo(sent);
        for (String content : sent) {
            send(endpoint, content, sender(last));
        }
        List<String> down = new ArrayList<>();
        while (down.size() < sent.size()) {
            down.add(text(receive(client)));
        }
        assertThat(down).isEqualTo(sent);
    }

    @Test
    void two_hundred_in_a_row_keep_their_order_both_ways() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "hello", door);
        IpPort flow = sender(receive(endpoint));
        for (int i = 0; i < 200; i++) {
            send(client, "up " + i, door);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(text(receive(endpoint))).isEqualTo("up " + i);
        }
        for (int i = 0; i < 200; i++) {
            send(endpoint, "down " + i, flow);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(text(receive(client))).isEqualTo("down " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.77", "::1"})
    void replies_come_from_the_address_that_the_client_sent_to(String ip) throws Exception {
        IpPort door = rig.open(DatagramRig.freePort(ip));
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket(ip.equals("::1") ? ip : "127.0.0.1");
        client.connect(door.socketAddress()); // takes nothing from any other address
        send(client, "question", door);
        send(endpoint, "answer", sender(receive(endpoint)));
        DatagramPacket answer = receive(client);
        assertThat(text(answer)).isEqualTo("answer");
        assertThat(sender(answer)).isEqualTo(door);
        assertThat(rig.nextArrived().client).isEqualTo(address(client));
    }

    @Test
    void clients_do_not_see_each_others_replies() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket anne = rig.socket("127.0.0.1");
        DatagramSocket bert = rig.socket("127.0.0.1");
        send(anne, "anne", door);
        IpPort toAnne = sender(receive(endpoint));
        send(bert, "bert", door);
        IpPort toBert = sender(receive(endpoint));
        assertThat(toAnne).isNotEqualTo(toBert);
        for (int i = 0; i < 20; i++) {
            send(endpoint, "anne " + i, toAnne);
            send(endpoint, "bert " + i, toBert);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(text(receive(bert))).isEqualTo("bert " + i);
            assertThat(text(receive(anne))).isEqualTo("anne " + i);
        }
    }

    @Test
    void what_strangers_send_to_a_flow_does_not_reach_its_client() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "question", door);
        IpPort flow = sender(receive(endpoint));
        send(rig.socket("127.0.0.1"), "forged", flow);
        send(endpoint, "answer", flow);
        assertThat(text(receive(client))).isEqualTo("answer");
        assertThat(rig.nextArrived().counts(Direction.DOWN)).isEqualTo("1, 6");
    }

    @Test
    void what_passes_is_counted_and_a_client_that_goes_on_after_a_reply_is_assured() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "one", door);
        send(client, "three", door);
        receive(endpoint);
        IpPort back = sender(receive(endpoint));
        RecordedFlow flow = rig.nextArrived();
        assertThat(flow.counts(Direction.UP)).isEqualTo("2, 8");
        assertThat(flow.counts(Direction.DOWN)).isEqualTo("0, 0");
        send(endpoint, "replied", back);
        receive(client);
        assertThat(flow.nextEvent()).hasToString("REPLIED");
        assertThat(flow.counts(Direction.DOWN)).isEqualTo("1, 7");
        assertThat(flow.assured()).isFalse();
        send(client, "", door);
        receive(endpoint);
        assertThat(flow.counts(Direction.UP)).isEqualTo("3, 8");
        assertThat(flow.assured()).isTrue();
    }

    @Test
    void the_first_reply_is_announced_and_after_the_last_that_was_asked_for_the_flow_is_answered() throws Exception {
        rig.responses = 2;
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        send(client, "question", door);
        IpPort back = sender(receive(endpoint));
        for (int i = 0; i < 3; i++) {
            send(endpoint, "answer " + i, back);
            assertThat(text(receive(client))).isEqualTo("answer " + i);
        }
        RecordedFlow flow = rig.nextArrived();
        assertThat(flow.counts(Direction.DOWN)).isEqualTo("3, 24");
        RecordedFlow.Event first = flow.nextEvent();
        assertThat(first.told()).isEqualTo(Told.REPLIED);
        assertThat(first.down()).isZero();
        RecordedFlow.Event last = flow.nextEvent();
        assertThat(last.told()).isEqualTo(Told.ANSWERED);
        assertThat(last.down()).isEqualTo(2);
        assertThat(flow.events).isEmpty();
    }

    @Test
    void a_flow_that_is_closed_when_it_is_answered_has_passed_the_reply_on_before() throws Exception {
        rig.responses = 1;
        rig.on(Told.ANSWERED, RecordedFlow::close);
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        DatagramSocket client = rig.socket("127.0.0.1");
        for (int i = 0; i < 3; i++) {
            send(client, "question " + i, door);
            send(endpoint, "answer " + i, sender(receive(endpoint)));
            assertThat(text(receive(client))).isEqualTo("answer " + i);
            assertThat(rig.nextArrived().nextEvent().told()).isEqualTo(Told.REPLIED);
        }
    }

    @Test
    void every_loop_gets_clients_and_each_client_stays_on_its_loop() throws Exception {
        IpPort door = rig.open("127.0.0.1:0");
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        List<DatagramSocket> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(rig.socket("127.0.0.1"));
        }
        for (int round = 0; round < 3; round++) {
            for (DatagramSocket client : clients) {
                send(client, "from " + client.getLocalPort(), door);
                DatagramPacket question = receive(endpoint);
                send(endpoint, text(question), sender(question));
                assertThat(text(receive(client))).isEqualTo("from " + client.getLocalPort());
            }
        }
        Set<IpPort> seen = new HashSet<>();
        Set<Loop> loops = new HashSet<>();
        for (RecordedFlow flow : rig.arrived) {
            assertThat(seen.add(flow.client)).as("client %s arrived once", flow.client).isTrue();
            loops.add(flow.flow.loop());
        }
        assertThat(seen).hasSameSizeAs(clients);
        assertThat(loops).hasSize(doorOnEachLoop() ? LOOPS : 1);
    }

    @Test
    void clients_that_send_while_a_door_opens_come_to_one_loop_each() throws Exception {
        DatagramSocket endpoint = rig.endpoint("127.0.0.1");
        Map<String, DatagramSocket> clients = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            clients.put(Integer.toString(i), rig.socket("127.0.0.1"));
        }
        Set<String> heard = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        IpPort door = rig.open("127.0.0.1:0");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                while (!over.get()) {
                    heard.add(text(receive(endpoint)));
                }
                return null;
            });
            for (int round = 0; round < 10; round++) {
                rig.close(door);
                AtomicBoolean opened = new AtomicBoolean();
                Future<?> sending = threads.submit(() -> {
                    while (!opened.get()) {
                        sendAll(clients, "early ", door);
                    }
                    return null;
                });
                try {
                    rig.open(door.toString());
                } finally {
                    opened.set(true);
                }
                sending.get(10, TimeUnit.SECONDS);
                String late = "late in round " + round + " from ";
                await().until(() -> {
                    sendAll(clients, late, door); // again: the endpoint may have had no room
                    return clients.keySet().stream().allMatch(client -> heard.contains(late + client));
                });
                assertThat(rig.arrived).extracting(flow -> flow.client).doesNotHaveDuplicates()
                        .hasSameSizeAs(clients.keySet());
                rig.arrived.clear();
            }
            over.set(true);
            sendAll(clients, "over", door);
        }
    }

    private static void sendAll(Map<String, DatagramSocket> clients, String what, IpPort door) throws IOException {
        for (Map.Entry<String, DatagramSocket> client : clients.entrySet()) {
            send(client.getValue(), what + client.getKey(), door);
        }
    }
}
