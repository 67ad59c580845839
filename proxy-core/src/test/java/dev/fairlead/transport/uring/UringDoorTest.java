package dev.fairlead.transport.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.Door;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A door takes connections in batches; nobody may notice. */
@Timeout(60)
final class UringDoorTest {
    private final List<Socket> clients = new ArrayList<>();
    private final Visitors visitors = new Visitors();

    /** Pauses the door at every connection, as one does whose descriptors run out. */
    private static final class Visitors implements Acceptor {
        final AtomicInteger arrived = new AtomicInteger();
        final AtomicInteger gone = new AtomicInteger();
        final Queue<Connection> accepted = new ConcurrentLinkedQueue<>();
        volatile boolean pauses;
        volatile @Nullable Door door;

        @Override
        public void arriving() {
            arrived.incrementAndGet();
            Door mine = door;
            if (pauses && mine != null) {
                mine.pause();
            }
        }

        @Override
        public void gone() {
            gone.incrementAndGet();
        }

        @Override
        public void accepted(Connection downstream) {
            accepted.add(downstream);
        }

        @Override
        public void starved(String why) {
            throw new AssertionError(why);
        }
    }

    @BeforeAll
    static void needsIoUring() {
        UringDataPath.unavailable().ifPresent(why -> Assumptions.abort("io_uring: " + why));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private Door open(UringDataPath path) throws Exception {
        Door door = path.open(IpPort.of("127.0.0.1:0"), visitors);
        visitors.door = door;
        return door;
    }

    private void dial(Door door, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            clients.add(new Socket(door.address().ip(), door.address().port()));
        }
    }

    @Test
    void a_pause_in_the_middle_of_a_batch_lets_nobody_else_in() throws Exception {
        try (UringDataPath path = new UringDataPath(2)) {
            Door door = open(path);
            door.pause();
            dial(door, 30);
            visitors.pauses = true;
            for (int expected = 1; expected <= 30; expected++) {
                int now = expected;
                door.resume();
                await().until(() -> visitors.accepted.size() == now);
                assertThat(visitors.arrived).hasValue(now);
            }
        }
        await().until(() -> visitors.gone.get() == 30);
    }

    @Test
    void who_is_inside_when_the_door_closes_stays() throws Exception {
        try (UringDataPath path = new UringDataPath(1)) {
            Door door = open(path);
            dial(door, 20);
            await().until(() -> visitors.accepted.size() == 20);
            door.close();
            assertThatThrownBy(() -> dial(door, 1)).isInstanceOf(ConnectException.class);
            assertThat(visitors.gone).hasValue(0);
        }
        await().until(() -> visitors.gone.get() == 20);
    }

    @Test
    void a_path_that_closes_leaves_no_socket_behind() throws Exception {
        visit(); // whatever the JDK keeps for itself once it has closed a socket is there from now on
        long before = sockets();
        visit();
        assertThat(visitors.gone).hasValue(40);
        await().untilAsserted(() -> assertThat(sockets()).isEqualTo(before));
    }

    private void visit() throws Exception {
        int already = visitors.accepted.size();
        try (UringDataPath path = new UringDataPath(2)) {
            Door door = open(path);
            dial(door, 20);
            await().until(() -> visitors.accepted.size() == already + 20);
        }
        close();
        clients.clear();
    }

    private static long sockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(UringDoorTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
