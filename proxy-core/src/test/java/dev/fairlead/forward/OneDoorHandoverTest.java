package dev.fairlead.forward;

import static dev.fairlead.forward.NodeAndPod.VIP;
import static dev.fairlead.forward.NodeAndPod.VIP_6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.Succession;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The one door changes hands between two proxies of one node, with real clients. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class OneDoorHandoverTest {
    private static final SourceFilter NODE_AND_POD = new SourceFilter(
            List.of(List.of(Cidr.parse("192.168.0.0/24").orElseThrow())));

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private static final long PACE_NANOS = 500_000;

    private final NodeAndPod network = NodeAndPod.build();
    private final List<String> frontends = List.of(VIP + ":80", VIP_6 + ":80", VIP + ":81");

    @AfterEach
    void close() throws Exception {
        try {
            for (AutoCloseable closeable : toClose) {
                closeable.close();
            }
        } finally {
            network.close();
        }
    }

    private Steering steering() {
        try {
            Steering steering = Steering.begin();
            toClose.push(steering);
            return steering;
        } catch (SteeringFailure why) {
            return abort(String.valueOf(why.getMessage()));
        }
    }

    private Rig rig(DataPath path, Inheritance inheritance, Steering steering) {
        return new Rig(path, new SessionRoom(Long.MAX_VALUE, 0), inheritance, VipBinder.GIVEN, Optional.of(steering));
    }

    /** The kernel's numbers of all sockets that listen. */
    private static Set<String> listening() throws IOException {
        Set<String> numbers = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc/thread-self/net", table)).stream()
                    .map(line -> line.strip().split("\\s+")).filter(fields -> fields[3].equals("0A"))
                    .forEach(fields -> numbers.add(fields[9]));
        }
        return numbers;
    }

    static Stream<Arguments> paths() {
        IntFunction<DataPath> epoll = EpollDataPath::new;
        IntFunction<DataPath> uring = UringDataPath::new;
        return Stream.of(Arguments.of(Named.of("epoll", epoll), Named.of("uring", uring)),
                Arguments.of(Named.of("uring", uring), Named.of("epoll", epoll)));
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @MethodSource("paths")
    void a_successor_serves_the_very_same_sockets_and_no_connection_fails(IntFunction<DataPath> from,
            IntFunction<DataPath> to) throws Exception {
        ServerSocket endpoint = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        toClose.push(endpoint);
        Calls.answer(endpoint, 'E');
        Steering oldSteering = steering();
        Rig old = rig(from.apply(2), Inheritance.none(), oldSteering);
        AutoCloseable oldEnds = old::finish;
        toClose.push(oldEnds);
        for (String frontend : frontends) {
            old.serveAt(IpPort.of(frontend), Rig.address(endpoint));
        }
        old.listeners.filter(TransportAddress.tcp(IpPort.of(VIP + ":81")), NODE_AND_POD);
        Set<String> before = listening();
        Path meeting = directory.resolve("handover.sock");
        toClose.push(Succession.open(meeting, old.listeners, List::of, () -> {
            oldSteering.close();
            old.listeners.closeAll();
        }, () -> {
        }, () -> "refused"));
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = frontends.stream()
                .map(frontend -> Thread.ofPlatform().start(() -> ask(frontend, enough, asked, failures))).toList();
        await().until(() -> asked.get() > 200);

        try (Predecessor predecessor = Predecessor.find(meeting).orElseThrow()) {
            assertThat(predecessor.inheritance().size()).as("two families, two loops, one with a filter").isEqualTo(5);
            Rig successor = rig(to.apply(1), predecessor.inheritance(), steering());
            toClose.push(successor::finish);
            for (String frontend : frontends) {
                successor.serveAt(IpPort.of(frontend), Rig.address(endpoint));
            }
            assertThat(predecessor.inheritance().size()).isZero();
            int both = asked.get();
            await().until(() -> asked.get() > both + 200);
            assertThat(predecessor.release(successor.listeners)).isTrue();
            assertThat(listening()).isEqualTo(before);
            old.finish();
            toClose.remove(oldEnds);
            int after = asked.get();
            await().until(() -> asked.get() > after + 200);
        }
        enough.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(listening()).isEqualTo(before);
    }

    private static void ask(String frontend, AtomicBoolean enough, AtomicInteger asked,
            ConcurrentLinkedQueue<String> failures) {
        for (int most = 20_000; most > 0 && !enough.get(); most--) {
            try {
                char letter = Calls.heard(frontend);
                if (letter != 'E') {
                    failures.add(frontend + " said " + letter);
                }
            } catch (IOException failed) {
                failures.add(frontend + ": " + failed);
            }
            asked.incrementAndGet();
            LockSupport.parkNanos(PACE_NANOS); // else the local ports of a minute are used up in seconds
        }
    }
}
