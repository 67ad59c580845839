package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.Succession;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.DescriptorSocket;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** UDP doors change hands together with their flows, while real clients are being answered. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sockets change hands on Linux only")
@Timeout(120)
class DatagramSuccessionTest {
    /** More than two messages hold. */
    private static final int CLIENTS = 450;
    private static final int THREADS = 3;

    @TempDir
    Path directory;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    private Path meeting() {
        return directory.resolve("handover.sock");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
    }

    /** Answers every datagram with its name and what it got. */
    private IpPort endpoint(String name) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        toClose.add(socket);
        Thread.ofPlatform().start(() -> {
            byte[] room = new byte[100];
            while (!socket.isClosed()) {
                try {
                    DatagramPacket asked = new DatagramPacket(room, room.length);
                    socket.receive(asked);
                    byte[] answer = (name + new String(room, 0, asked.getLength(), StandardCharsets.US_ASCII))
                            .getBytes(StandardCharsets.US_ASCII);
                    socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
                } catch (IOException over) {
                    // The test is.
                }
            }
        });
        return IpPort.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    /** One port, and one question at a time. */
    private final class Client {
        private final DatagramSocket socket;
        private int asked;

        Client(IpPort frontend) throws IOException {
            socket = new DatagramSocket();
            toClose.add(socket);
            socket.connect(frontend.socketAddress());
            socket.setSoTimeout(10_000);
        }

        /** The name of whoever answered. */
        synchronized String ask() throws IOException {
            byte[] question = (" " + asked++).getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            String said = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
            String expected = " " + (asked - 1);
            if (!said.endsWith(expected)) {
                throw new IOException("\"" + said + "\" (expected: an answer to \"" + expected + "\")");
            }
            return said.substring(0, said.length() - expected.length());
        }
    }

    private Rig rig(Rig rig) {
        toClose.add(rig::finish);
        return rig;
    }

    private IpPort serve(Rig rig, int most, IpPort... endpoints) throws Exception {
        IpPort frontend = rig.serveDatagrams(endpoints);
        for (int i = 0; i < most; i++) {
            Client client = new Client(frontend);
            assertThat(client.ask()).isEqualTo("one");
            clients.add(client);
        }
        return frontend;
    }

    private void offer(Rig rig) throws IOException {
        toClose.add(Succession.open(meeting(), rig.listeners, List::of, rig.listeners::closeAll, () -> {
        }, () -> "refused"));
    }

    static Stream<Arguments> paths() {
        IntFunction<DataPath> epoll = EpollDataPath::new;
        IntFunction<DataPath> uring = UringDataPath::new;
        IntFunction<DataPath> channel = loops -> new ChannelDataPath(ChannelKind.EPOLL, loops);
        return Stream.of(Arguments.of(Named.of("channel", channel), 2, Named.of("uring", uring), 2),
                Arguments.of(Named.of("epoll", epoll), 3, Named.of("channel", channel), 2),
                Arguments.of(Named.of("channel", channel), 1, Named.of("channel", channel), 2),
                Arguments.of(Named.of("epoll", epoll), 2, Named.of("uring", uring), 2),
                Arguments.of(Named.of("uring", uring), 1, Named.of("epoll", epoll), 3),
                Arguments.of(Named.of("epoll", epoll), 3, Named.of("epoll", epoll), 2));
    }

    @ParameterizedTest(name = "from {0} with {1} loops to {2} with {3}")
    @MethodSource("paths")
    void everyFlowKeepsItsEndpointAndNoAnswerIsLost(IntFunction<DataPath> from, int loops, IntFunction<DataPath> to,
            int others) throws Exception {
        IpPort one = endpoint("one");
        IpPort two = endpoint("two");
        Rig old = rig(new Rig(from.apply(loops)));
        IpPort frontend = serve(old, CLIENTS, one, two);
        offer(old);
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = Stream.generate(() -> Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                try {
                    String name = clients.get(asked.getAndIncrement() % CLIENTS).ask();
                    if (!name.equals("one")) {
                        failures.add("answered by " + name);
                    }
                } catch (IOException lost) {
                    failures.add(lost.toString());
                }
            }
        })).limit(THREADS).toList();
        await().until(() -> asked.get() > CLIENTS);

        try (Predecessor predecessor = Predecessor.find(meeting()).orElseThrow()) {
            assertThat(predecessor.inheritance().size()).isEqualTo(loops);
            Rig successor = rig(
                    new Rig(to.apply(others), new SessionRoom(Long.MAX_VALUE, 0), predecessor.inheritance()));
            successor.serveDatagramsAt(frontend, two, one);
            assertThat(predecessor.inheritance().size()).isZero();
            int before = asked.get();
            await("the old one serves on").until(() -> asked.get() > before + CLIENTS);
            assertThat(predecessor.release(successor.listeners)).isTrue();
            int after = asked.get();
            await("the new one serves").until(() -> asked.get() > after + 2 * CLIENTS);
            assertThat(successor.sessions.flows()).isEqualTo(CLIENTS);
            assertThat(new Client(frontend).ask()).as("a newcomer goes where newcomers go").isEqualTo("two");
        }
        enough.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(old.sessions.flows()).isZero();
        assertThat(old.ended).hasSize(CLIENTS)
                .allSatisfy(flow -> assertThat(flow.termination()).hasToString("PROXY/RELAY/HANDED_OVER"));
    }

    @Test
    void aSuccessorThatEndsBeforeItHasAllFlowsLeavesThemWhereTheyWere() throws Exception {
        Rig old = rig(new Rig(new EpollDataPath(2)));
        serve(old, CLIENTS, endpoint("one"));
        offer(old);

        try (DescriptorSocket dying = DescriptorSocket.connect(meeting()).orElseThrow()) {
            dying.send("fairlead-handover 3", List.of());
            assertThat(dying.receive().text()).isEqualTo("doors 2");
            assertThat(dying.receive().descriptors()).hasSize(2);
            dying.send("ack", List.of());
            assertThat(dying.receive().text()).isEqualTo("drains 0");
            dying.send("serving", List.of());
            assertThat(dying.receive().text()).isEqualTo("flows " + CLIENTS);
            assertThat(dying.receive().descriptors()).hasSize(DescriptorSocket.MOST_DESCRIPTORS);
        }

        for (Client client : clients) {
            assertThat(client.ask()).isEqualTo("one");
        }
        assertThat(old.sessions.flows()).isEqualTo(CLIENTS);
        assertThat(Predecessor.find(meeting())).as("the next one may come").isPresent().get()
                .satisfies(Predecessor::close);
    }

    @Test
    void flowsForWhichTheSuccessorHasNoRoomBeginAnew() throws Exception {
        int most = 250;
        IpPort one = endpoint("one");
        Rig old = rig(new Rig(new EpollDataPath(1)));
        IpPort frontend = serve(old, CLIENTS, one);
        offer(old);

        try (Predecessor predecessor = Predecessor.find(meeting()).orElseThrow()) {
            Rig successor = rig(new Rig(new EpollDataPath(1), new SessionRoom(Long.MAX_VALUE, 0),
                    predecessor.inheritance()));
            successor.sessions.mostFlows(most);
            successor.serveDatagramsAt(frontend, one);
            assertThat(predecessor.release(successor.listeners)).isTrue();

            assertThat(successor.sessions.flows()).isBetween(most, most + DescriptorSocket.MOST_DESCRIPTORS);
            for (Client client : clients) {
                assertThat(client.ask()).isEqualTo("one");
            }
        }
        assertThat(old.sessions.flows()).isZero();
        assertThat(old.ended).hasSize(CLIENTS);
    }
}
