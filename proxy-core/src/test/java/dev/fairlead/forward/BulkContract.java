package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every data path does with bulk flows and with crowds of short connections. One that splices must not be told
 * from one that copies by its bytes, its ends or its resets, whatever lies in a pipe at the time.
 */
@Timeout(300)
abstract class BulkContract {
    private static final int MIB = 1024 * 1024;
    private static final int ROUND = 8 * MIB;
    private static final int MOST_ROUNDS = 100;
    private static final int BULK_FLOWS = 4;
    // Eight reads of 256 KiB at most, or two pipes full.
    private static final long MOST_IN_A_TURN = 2 * MIB;

    private final Descriptors before = Descriptors.now();
    private final long seed = System.nanoTime();
    Rig rig = new Rig(newPath(1));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket endpoint = new ServerSocket();
    private IpPort frontend = IpPort.of("127.0.0.1:0");

    BulkContract() throws IOException {
    }

    abstract DataPath newPath(int loops);

    /** Whether the bytes of a bulk flow pass through a pipe. */
    abstract boolean splices();

    /** Whether it notices that a writer resets while the reader has stopped, before the reader reads on. */
    abstract boolean seesResetWhileClogged();

    @BeforeEach
    void open() throws Exception {
        endpoint.close();
        endpoint = rig.endpoint();
        frontend = rig.serve(Rig.address(endpoint));
        System.out.println(getClass().getSimpleName() + ": seed " + seed);
    }

    /** No story leaves anything behind. */
    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        rig.finish();
        await("descriptors that are gone").until(() -> Descriptors.now().since(before).isEmpty());
    }

    /** The loop finds an answer, a FIN and a reset at once, and that what it was sending reaches nobody. */
    @Test
    void an_endpoint_that_answers_and_leaves_a_stuck_writer_is_heard() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        AtomicLong written = new AtomicLong();
        threads.submit(() -> {
            while (true) {
                client.getOutputStream().write(new byte[ROUND / MOST_ROUNDS]);
                written.incrementAndGet();
            }
        });
        AtomicLong before = new AtomicLong(-1);
        await("all buffers are full").until(() -> before.getAndSet(written.get()) == written.get());
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        rig.path.loops().getFirst().execute(() -> {
            held.countDown();
            goOn.join();
        });
        held.await();
        pod.getOutputStream().write(new byte[13]);
        pod.close();
        goOn.complete(null);
        assertThat(client.getInputStream().readNBytes(13)).hasSize(13);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
    }

    @Test
    void a_flow_that_is_bulk_then_small_then_bulk_again_arrives_unchanged() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Bytes up = new Bytes(seed);
        Bytes down = new Bytes(~seed);
        bulk(client, pod, up, down);
        Random sizes = new Random(seed);
        for (int i = 0; i < 400; i++) {
            int question = 1 + sizes.nextInt(2000);
            up.write(client.getOutputStream(), question);
            up.read(pod.getInputStream(), question);
            int answer = 1 + sizes.nextInt(2000);
            down.write(pod.getOutputStream(), answer);
            down.read(client.getInputStream(), answer);
        }
        assertThat(rig.path.splices().ended()).as("small exchanges are not spliced")
                .isEqualTo(rig.path.splices().begun());
        bulk(client, pod, up, down);
        client.shutdownOutput();
        up.readAll(pod.getInputStream());
        pod.shutdownOutput();
        down.readAll(client.getInputStream());
        assertThat(up.arrived()).isEqualTo(up.written());
        assertThat(down.arrived()).isEqualTo(down.written());
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
        assertThat(end.bytesUp()).isEqualTo(up.count());
        assertThat(end.bytesDown()).isEqualTo(down.count());
        assertThat(rig.path.splices().ended()).isEqualTo(rig.path.splices().begun());
    }

    /** Both directions at once, twice, and for as long as it takes until both were surely taken for bulk. */
    private void bulk(Socket client, Socket pod, Bytes up, Bytes down) throws Exception {
        long wanted = splices() ? rig.path.splices().begun() + 2 : 0;
        for (int round = 0; round < 2 || rig.path.splices().begun() < wanted; round++) {
            assertThat(round).as("rounds of bulk without a splice").isLessThan(MOST_ROUNDS);
            Future<?> there = bulk(client, pod, up);
            bulk(pod, client, down).get(60, TimeUnit.SECONDS);
            there.get(60, TimeUnit.SECONDS);
        }
    }

    private Future<?> bulk(Socket from, Socket to, Bytes bytes) {
        Future<?> writer = threads.submit(() -> {
            bytes.write(from.getOutputStream(), ROUND);
            return null;
        });
        return threads.submit(() -> {
            bytes.read(to.getInputStream(), ROUND);
            return writer.get();
        });
    }

    /** A bulk flow from client to endpoint whose reader has stopped: every buffer on the way is full, its pipe too. */
    private void clog(SocketChannel client, Socket pod, Bytes bytes) throws Exception {
        for (int round = 0; round == 0 || (splices() && !holdsBytes()); round++) {
            assertThat(round).as("rounds of bulk without a byte in a pipe").isLessThan(MOST_ROUNDS);
            // Where the writer is slow a flow is copied, and clogs without a pipe: then it gets another turn.
            bytes.read(pod.getInputStream(), bytes.onTheWay());
            bulk(client.socket(), pod, bytes).get(60, TimeUnit.SECONDS);
            client.configureBlocking(false);
            await().pollInterval(Duration.ofMillis(50)).until(new Stalled(new Filling(client, bytes)::fill));
            client.configureBlocking(true);
        }
    }

    /** Whether a pipe that was not there before does. */
    private boolean holdsBytes() throws IOException {
        return Descriptors.now().inPipesSince(before).values().stream().anyMatch(held -> held > 0);
    }

    @Test
    void a_fin_behind_a_clogged_flow_comes_after_its_last_byte_while_the_other_direction_goes_on() throws Exception {
        try (SocketChannel client = SocketChannel.open(frontend.socketAddress())) {
            Socket pod = rig.accept(endpoint);
            Bytes up = new Bytes(seed);
            clog(client, pod, up);
            client.shutdownOutput();
            Bytes down = new Bytes(~seed);
            for (int i = 0; i < 300; i++) {
                down.write(pod.getOutputStream(), 1000);
                down.read(client.socket().getInputStream(), 1000);
            }
            up.readAll(pod.getInputStream());
            assertThat(up.arrived()).isEqualTo(up.written());
            Future<?> answer = bulk(pod, client.socket(), down);
            answer.get(60, TimeUnit.SECONDS);
            pod.close();
            down.readAll(client.socket().getInputStream());
            assertThat(down.arrived()).isEqualTo(down.written());
            assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
        }
    }

    @Test
    void a_reader_that_resets_a_clogged_flow_resets_its_writer() throws Exception {
        try (SocketChannel client = SocketChannel.open(frontend.socketAddress())) {
            Socket pod = rig.accept(endpoint);
            clog(client, pod, new Bytes(seed));
            pod.setSoLinger(true, 0);
            pod.close();
            RelayContract.assertReset(client.socket());
            assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
        }
        assertPipesAreClean();
    }

    @Test
    void a_writer_that_resets_a_clogged_flow_resets_its_reader() throws Exception {
        try (SocketChannel client = SocketChannel.open(frontend.socketAddress())) {
            Socket pod = rig.accept(endpoint);
            clog(client, pod, new Bytes(seed));
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.socket().close();
            if (!seesResetWhileClogged()) {
                assertThat(endOf(pod)).isEqualTo("reset");
            }
            assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/RESET");
            if (seesResetWhileClogged()) {
                assertThat(endOf(pod)).isEqualTo("reset");
            }
        }
        assertPipesAreClean();
    }

    /** How a connection ends, behind whatever comes before. */
    private static String endOf(Socket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return "FIN";
        } catch (SocketException broken) {
            return String.valueOf(broken.getMessage()).contains("reset") ? "reset" : broken.toString();
        }
    }

    /** What lay in a pipe that was given up does not turn up in another connection. */
    private void assertPipesAreClean() throws Exception {
        await().until(() -> rig.sessions.live() == 0);
        assertThat(Descriptors.now().inPipesSince(before).values()).allSatisfy(held -> assertThat(held).isZero());
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Bytes up = new Bytes(seed + 1);
        Bytes down = new Bytes(seed + 2);
        bulk(client, pod, up, down);
        assertThat(up.arrived()).isEqualTo(up.written());
        assertThat(down.arrived()).isEqualTo(down.written());
    }

    @Test
    void a_data_path_that_ends_under_a_clogged_flow_takes_its_pipes_along() throws Exception {
        Descriptors beforeIt = Descriptors.now();
        Rig ending = new Rig(newPath(1));
        Rig usual = rig;
        ServerSocket there = rig.endpoint();
        IpPort door = ending.serve(Rig.address(there));
        try (SocketChannel client = SocketChannel.open(door.socketAddress()); Socket pod = there.accept()) {
            rig = ending;
            clog(client, pod, new Bytes(seed));
            ending.path.close();
            assertThat(endOf(client.socket())).as("the client's connection").isIn("FIN", "reset");
        } finally {
            rig = usual;
        }
        there.close();
        await("descriptors that are gone").until(() -> Descriptors.now().since(beforeIt).isEmpty());
    }

    @Test
    void bulk_flows_do_not_starve_a_ping_pong_on_the_same_loop() throws Exception {
        PingPong pingPong = new PingPong();
        for (int i = 0; i < BULK_FLOWS; i++) {
            Socket client = rig.dial(frontend);
            Socket pod = rig.accept(endpoint);
            boolean upwards = i % 2 == 0;
            threads.submit(() -> pingPong.pour(upwards ? client : pod));
            threads.submit(() -> pingPong.drain(upwards ? pod : client));
        }
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        pod.setTcpNoDelay(true);
        Future<?> answers = threads.submit(() -> pingPong.answer(pod, 300));
        pingPong.play(client, 300);
        answers.get(10, TimeUnit.SECONDS);
        System.out.println(rig.path.name() + ": " + pingPong);
        long[] passed = new long[21];
        for (int i = 0; i < passed.length; i++) {
            passed[i] = bulkBefore(pingPong, client, pod);
        }
        Arrays.sort(passed);
        System.out.println(rig.path.name() + ": bulk before a ping, KiB: median " + passed[passed.length / 2] / 1024
                + ", most " + passed[passed.length - 1] / 1024);
        assertThat(passed[passed.length / 2]).as("bytes of bulk that were passed on before a ping that had come")
                .isLessThan(2 * BULK_FLOWS * MOST_IN_A_TURN); // twice: this thread takes its time to see the ping
    }

    /** How much of the bulk is passed on before a ping, where both have been waiting for the loop. */
    private long bulkBefore(PingPong pingPong, Socket client, Socket pod) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        rig.path.loops().getFirst().execute(() -> {
            try {
                held.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        long already;
        try {
            // What was passed on already reaches its readers, and the writers fill whatever has room.
            await().pollInterval(Duration.ofMillis(10)).until(new Stalled(pingPong::bulkBytes));
            already = pingPong.bulkBytes();
            client.getOutputStream().write(1);
        } finally {
            held.countDown();
        }
        assertThat(pod.getInputStream().read()).isEqualTo(1);
        return pingPong.bulkBytes() - already;
    }

    @Test
    void urgent_data_stops_no_read_for_good() throws Exception {
        Random sizes = new Random(seed);
        for (int i = 0; i < 100; i++) {
            Socket client = rig.dial(frontend);
            Socket pod = rig.accept(endpoint);
            Bytes up = new Bytes(seed + i);
            up.write(client.getOutputStream(), sizes.nextInt(3) * sizes.nextInt(2000));
            client.sendUrgentData('!');
            up.write(client.getOutputStream(), sizes.nextInt(3) * sizes.nextInt(2000));
            client.shutdownOutput();
            up.readAll(pod.getInputStream());
            assertThat(up.arrived()).isEqualTo(up.written());
            pod.close();
            client.close();
            assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
        }
    }

    @Test
    void urgent_data_in_a_bulk_flow_stops_it_neither() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (SocketChannel client = SocketChannel.open(frontend.socketAddress())) {
                Socket pod = rig.accept(endpoint);
                Bytes up = new Bytes(seed + i);
                clog(client, pod, up);
                Future<?> rest = threads.submit(() -> {
                    client.socket().sendUrgentData('!');
                    up.write(client.socket().getOutputStream(), 3 * MIB);
                    client.shutdownOutput();
                    return null;
                });
                up.readAll(pod.getInputStream());
                rest.get(60, TimeUnit.SECONDS);
                assertThat(up.arrived()).isEqualTo(up.written());
                pod.close();
            }
            assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
        }
    }

    @Test
    void crowds_of_short_connections_lose_nothing_and_mix_nothing_up() throws Exception {
        rig.finish();
        rig = new Rig(newPath(2));
        try (Crowd crowd = new Crowd(rig, seed)) {
            crowd.come(4000, 64);
            crowd.assertEverythingArrived();
        }
    }
}
