package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.Succession;
import dev.fairlead.model.Drain;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.DescriptorSocket;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One proxy takes another's doors over, over a real socket and with real clients. */
@Timeout(120)
class SuccessionTest {
    /** More than one message holds. */
    private static final int DOORS = 450;

    @TempDir
    Path directory;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private ServerSocket endpoint;
    private final AtomicInteger served = new AtomicInteger();
    private volatile List<Drain> drains = List.of();

    SuccessionTest() throws IOException {
        endpoint = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    }

    private Path meeting() {
        return directory.resolve("handover.sock");
    }

    /** Answers every connection with one byte. */
    @BeforeEach
    void answer() {
        Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                try (Socket client = endpoint.accept()) {
                    client.getOutputStream().write(7);
                } catch (IOException ended) {
                    // The client has gone, or the test is over.
                }
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        over.set(true);
        endpoint.close();
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
    }

    private Rig rig(DataPath path) {
        Rig rig = new Rig(path);
        toClose.add(rig::finish);
        return rig;
    }

    private List<IpPort> serve(Rig rig, int doors) throws Exception {
        List<IpPort> frontends = new ArrayList<>();
        for (int i = 0; i < doors; i++) {
            IpPort frontend = Rig.free();
            rig.serveAt(frontend, Rig.address(endpoint));
            frontends.add(frontend);
        }
        return frontends;
    }

    private Succession offer(Rig rig) throws IOException {
        Succession succession = Succession.open(meeting(), rig.listeners, () -> drains, rig.listeners::closeAll,
                served::incrementAndGet, () -> "refused");
        toClose.add(succession);
        return succession;
    }

    private static void ask(IpPort frontend) throws IOException {
        try (Socket client = new Socket()) {
            client.setSoTimeout(20_000);
            client.connect(frontend.socketAddress(), 20_000);
            int answer = client.getInputStream().read();
            if (answer != 7) {
                throw new IOException("the answer is " + answer);
            }
        }
    }

    static Stream<Arguments> paths() {
        Supplier<DataPath> epoll = () -> new EpollDataPath(2);
        Supplier<DataPath> uring = () -> new UringDataPath(2);
        Supplier<DataPath> channel = () -> new ChannelDataPath(ChannelKind.EPOLL, 2);
        return Stream.of(Arguments.of(Named.of("epoll", epoll), Named.of("uring", uring)),
                Arguments.of(Named.of("uring", uring), Named.of("channel", channel)),
                Arguments.of(Named.of("channel", channel), Named.of("epoll", epoll)));
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @MethodSource("paths")
    void noConnectionFailsWhileTheDoorsChangeHands(Supplier<DataPath> from, Supplier<DataPath> to) throws Exception {
        Rig old = rig(from.get());
        List<IpPort> frontends = serve(old, DOORS);
        offer(old);
        AtomicInteger asked = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> clients = Stream.generate(() -> Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                IpPort frontend = frontends.get(asked.getAndIncrement() % DOORS);
                try {
                    ask(frontend);
                } catch (IOException e) {
                    failures.add(frontend + ": " + e);
                }
            }
        })).limit(4).toList();
        await().until(() -> asked.get() > 200);

        try (Predecessor predecessor = Predecessor.find(meeting()).orElseThrow()) {
            assertThat(predecessor.inheritance().size()).isEqualTo(DOORS);
            Rig successor = new Rig(to.get(), new SessionRoom(Long.MAX_VALUE, 0), predecessor.inheritance());
            toClose.add(successor::finish);
            for (IpPort frontend : frontends) {
                successor.serveAt(frontend, Rig.address(endpoint));
            }
            assertThat(predecessor.inheritance().size()).isZero();
            int before = asked.get();
            await().until(() -> asked.get() > before + 200);
            assertThat(predecessor.release(successor.listeners)).isTrue();
            assertThat(old.listeners.count()).isZero();
            int after = asked.get();
            await().until(() -> asked.get() > after + 500);
        }
        enough.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void whatIsDrainedIsToldAtOnceAndOnceMoreAtTheEnd() throws Exception {
        Rig old = rig(new EpollDataPath(1));
        serve(old, 1);
        // More bytes than one message takes.
        drains = IntStream.range(0, 1000)
                .mapToObj(i -> new Drain(new ServiceName("n".repeat(63), "service-" + i),
                        Optional.of(IpPort.of("[2001:db8:1111:2222:3333:4444:5555:6666]:" + (1000 + i)))))
                .toList();
        offer(old);

        try (Predecessor predecessor = Predecessor.find(meeting()).orElseThrow()) {
            assertThat(predecessor.inheritance().drains()).isEqualTo(drains);
            Drain whole = new Drain(new ServiceName("default", "web"), Optional.empty());
            drains = List.of(drains.getFirst(), whole);

            assertThat(predecessor.release(rig(new EpollDataPath(1)).listeners)).isTrue();
            assertThat(predecessor.inheritance().drains()).isEqualTo(drains).hasSize(2);
            await().until(() -> served.get() == 1);
        }
    }

    @Test
    void aSuccessorThatEndsBeforeItServesChangesNothingAndTheNextOneMayCome() throws Exception {
        Rig old = rig(new EpollDataPath(1));
        IpPort frontend = serve(old, 1).getFirst();
        offer(old);

        Predecessor.find(meeting()).orElseThrow().close();
        ask(frontend);

        try (Predecessor next = Predecessor.find(meeting()).orElseThrow()) {
            assertThat(next.inheritance().size()).isEqualTo(1);
            assertThat(next.release(rig(new EpollDataPath(1)).listeners)).isTrue();
        }
        // Nobody took the door, and the one who had it has let go.
        await().until(() -> refuses(frontend));
    }

    private static boolean refuses(IpPort frontend) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(frontend.ip(), frontend.port()), 1000);
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Test
    void oneWhoSpeaksAnotherVersionIsToldSoAndTheDoorsStay() throws Exception {
        Rig old = rig(new EpollDataPath(1));
        IpPort frontend = serve(old, 1).getFirst();
        offer(old);

        try (DescriptorSocket other = DescriptorSocket.connect(meeting()).orElseThrow()) {
            other.send("fairlead-handover 99", List.of());
            assertThat(other.receive().text())
                    .isEqualTo("refused it speaks fairlead-handover 3, not \"fairlead-handover 99\"");
        }
        ask(frontend);
        Predecessor.find(meeting()).orElseThrow().close();
    }

    @Test
    void oneWhoEndsHalfwayLeavesItsSuccessorToOpenTheDoorsItself() throws Exception {
        try (DescriptorSocket door = DescriptorSocket.listen(meeting())) {
            Thread old = Thread.ofPlatform().start(() -> {
                try (DescriptorSocket peer = door.accept()) {
                    peer.receive();
                    peer.send("doors 3", List.of());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThatThrownBy(() -> Predecessor.find(meeting())).isInstanceOf(IOException.class)
                    .hasMessageContaining("the other side has closed");
            old.join();
        }
    }

    /** Another process says these words, each empty one being its turn to listen; who was found. */
    private Optional<Predecessor> saidBy(String... words) throws IOException {
        DescriptorSocket door = DescriptorSocket.listen(meeting());
        Thread old = Thread.ofPlatform().start(() -> {
            try (door; DescriptorSocket peer = door.accept()) {
                for (String word : words) {
                    if (word.isEmpty()) {
                        peer.receive();
                    } else {
                        peer.send(word, List.of());
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        toClose.add(old::join);
        return Predecessor.find(meeting());
    }

    @Test
    void oneWhoSaysNonsenseOfWhatIsDrainedCostsTheHandoverAlone() {
        assertThatThrownBy(() -> saidBy("", "doors 0", "drains 1", "nonsense")).isInstanceOf(IOException.class)
                .hasMessageContaining("what nobody understands: a drain: \"nonsense\" (expected: namespace/name");
    }

    @Test
    void oneWhoEndsWithoutALastWordHasDrainedWhatItSaidFirst() throws Exception {
        try (Predecessor old = saidBy("", "doors 0", "drains 1", "default/web", "", "", "flows 0").orElseThrow()) {
            assertThat(old.release(rig(new EpollDataPath(1)).listeners)).isFalse();
            assertThat(old.inheritance().drains()).containsExactly(Drain.parse("default/web"));
        }
    }

    @Test
    void whereNobodyIsNobodyIsFoundAndAnAbandonedSocketIsReplaced() throws Exception {
        assertThat(Predecessor.find(meeting())).isEmpty();
        try (DescriptorSocket crashed = DescriptorSocket.listen(meeting())) {
            Files.move(meeting(), directory.resolve("left"));
            assertThat(crashed).isNotNull();
        }
        Files.move(directory.resolve("left"), meeting());
        assertThat(Predecessor.find(meeting())).isEmpty();

        try (DescriptorSocket door = DescriptorSocket.listen(meeting())) {
            assertThatThrownBy(() -> DescriptorSocket.listen(meeting())).isInstanceOf(IOException.class)
                    .hasMessageContaining("another process listens there");
            door.patience(Duration.ofSeconds(1));
        }
        assertThat(meeting()).doesNotExist();
    }
}
