package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.transport.DataPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every data path does with the bytes, the ends and the resets of two connections. */
@Timeout(60)
abstract class RelayContract {
    // More than all buffers on the way hold together; those of a reader that does not read do not grow.
    private static final int LARGE = 32 * 1024 * 1024;
    // Two receive buffers and two send buffers at what kernels let them grow to, and a pipe.
    private static final int MORE_THAN_ALL_BUFFERS = 96 * 1024 * 1024;

    Rig rig = new Rig(newPath(1));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocket endpoint = new ServerSocket();
    private IpPort frontend = IpPort.of("127.0.0.1:0");

    RelayContract() throws IOException {
    }

    abstract DataPath newPath(int loops);

    /** Whether the data path notices that a peer that had sent its FIN resets, without writing to it. */
    abstract boolean seesResetAfterFin();

    @BeforeEach
    void open() throws Exception {
        endpoint = rig.endpoint();
        frontend = rig.serve(Rig.address(endpoint));
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        rig.finish();
    }

    @Test
    void bytes_pass_both_ways() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        client.getOutputStream().write("ping".getBytes(US_ASCII));
        assertThat(pod.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("ping");
        pod.getOutputStream().write("pong".getBytes(US_ASCII));
        assertThat(client.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("pong");
        client.close();
        pod.close();
        SessionSummary end = rig.nextEnd();
        assertThat(end.bytesUp()).isEqualTo(4);
        assertThat(end.bytesDown()).isEqualTo(4);
        assertThat(end.endpoint()).contains(Rig.address(endpoint));
    }

    @Test
    void an_endpoint_that_speaks_first_is_heard() throws Exception {
        Socket client = rig.dial(frontend);
        rig.accept(endpoint).getOutputStream().write("220 ready\r\n".getBytes(US_ASCII));
        assertThat(client.getInputStream().readNBytes(11)).asString(US_ASCII).isEqualTo("220 ready\r\n");
    }

    @Test
    void a_client_that_is_done_sending_goes_on_receiving() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        client.getOutputStream().write(new byte[1000]);
        client.shutdownOutput();
        assertThat(pod.getInputStream().readAllBytes()).hasSize(1000);
        // Only now, with the client's direction long closed, the answer begins.
        for (int i = 0; i < 3; i++) {
            pod.getOutputStream().write(new byte[500]);
            assertThat(client.getInputStream().readNBytes(500)).hasSize(500);
        }
        pod.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
    }

    @Test
    void an_endpoint_that_is_done_sending_goes_on_receiving() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        pod.getOutputStream().write(new byte[1000]);
        pod.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).hasSize(1000);
        Future<Long> received = threads.submit(() -> count(pod.getInputStream()));
        client.getOutputStream().write(new byte[LARGE]);
        client.close();
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/FIN");
    }

    @Test
    void a_client_that_writes_and_closes_loses_nothing() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Future<Long> received = threads.submit(() -> count(pod.getInputStream()));
        client.getOutputStream().write(new byte[LARGE]);
        client.close();
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
        pod.close();
        assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.FIN);
    }

    @Test
    void a_client_that_writes_and_closes_before_the_endpoint_is_connected_loses_nothing() throws Exception {
        Socket client = rig.dial(frontend);
        client.getOutputStream().write(new byte[5000]);
        client.close();
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().readAllBytes()).hasSize(5000);
        pod.close();
        assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.FIN);
    }

    @Test
    void an_endpoint_that_writes_and_closes_loses_nothing() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Future<Long> received = threads.submit(() -> count(client.getInputStream()));
        pod.getOutputStream().write(new byte[LARGE]);
        pod.close();
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
        client.close();
        assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.FIN);
    }

    @Test
    void a_fin_waits_for_a_reader_that_starts_late() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Future<?> writer = threads.submit(() -> {
            client.getOutputStream().write(new byte[MORE_THAN_ALL_BUFFERS]);
            client.shutdownOutput();
            return null;
        });
        // The reader begins only once the writer is stuck with all buffers on the way full.
        await().pollInterval(Duration.ofMillis(100)).until(new Stalled(() -> (long) pod.getInputStream().available()));
        assertThat(writer.isDone()).isFalse();
        assertThat(count(pod.getInputStream())).isEqualTo(MORE_THAN_ALL_BUFFERS);
        writer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void after_one_direction_is_done_the_other_still_waits_for_a_slow_reader() throws Exception {
        for (int i = 0; i < 5; i++) {
            Socket client = rig.dial(frontend);
            Socket pod = rig.accept(endpoint);
            pod.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertArrives(client, pod);
            Socket quiet = rig.dial(frontend);
            quiet.shutdownOutput();
            Socket talker = rig.accept(endpoint);
            assertThat(talker.getInputStream().read()).isEqualTo(-1);
            assertArrives(talker, quiet);
        }
    }

    @Test
    void an_answer_that_waits_for_its_reader_after_both_sides_are_done_is_not_taken_for_a_reset() throws Exception {
        int size = 4 * 1024 * 1024; // fits into the kernel's buffers on the endpoint's side, not on the client's
        Socket client = new Socket();
        client.setReceiveBufferSize(4096);
        client.connect(frontend.socketAddress(), 10_000);
        client.shutdownOutput();
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().read()).isEqualTo(-1);
        pod.getOutputStream().write(new byte[size]);
        pod.close();
        // Long enough for the sweeper to look twice at a connection whose upstream the kernel has closed in order.
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertThat(count(client.getInputStream())).isEqualTo(size);
        client.close();
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/FIN");
    }

    /** Everything arrives at a reader that starts once all buffers on the way are full. */
    private void assertArrives(Socket from, Socket to) throws Exception {
        Future<?> writer = threads.submit(() -> {
            from.getOutputStream().write(new byte[LARGE]);
            from.close();
            return null;
        });
        await().pollInterval(Duration.ofMillis(20)).until(new Stalled(() -> (long) to.getInputStream().available()));
        assertThat(count(to.getInputStream())).isEqualTo(LARGE);
        writer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_reader_that_stops_makes_the_writer_stop() throws Exception {
        try (SocketChannel client = SocketChannel.open(frontend.socketAddress())) {
            Socket pod = rig.accept(endpoint);
            client.configureBlocking(false);
            long[] written = {0};
            ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
            await().pollInterval(Duration.ofMillis(50)).until(new Stalled(() -> {
                for (int n = 1; n > 0; chunk.clear()) {
                    n = client.write(chunk);
                    written[0] += n;
                    assertThat(written[0]).as("bytes taken though nobody reads").isLessThan(64L << 20);
                }
                return written[0];
            }));
            Future<Long> received = threads.submit(() -> count(pod.getInputStream()));
            await().until(() -> client.write(chunk.clear()) > 0);
            client.configureBlocking(true);
            client.shutdownOutput();
            assertThat(received.get(20, TimeUnit.SECONDS)).isGreaterThan(written[0]);
        }
    }

    @Test
    void a_clients_reset_becomes_a_reset_at_the_endpoint() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        exchange(client, pod);
        client.setSoLinger(true, 0);
        client.close();
        assertReset(pod);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("CLIENT/RELAY/RESET");
    }

    @Test
    void an_endpoints_reset_becomes_a_reset_at_the_client() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        exchange(client, pod);
        pod.setSoLinger(true, 0);
        pod.close();
        assertReset(client);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
        assertThat(rig.upstreams.getFirst().counters().failures(Cause.RESET)).isEqualTo(1);
    }

    @Test
    void a_reset_after_a_half_close_is_still_passed_on() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        client.shutdownOutput();
        assertThat(pod.getInputStream().read()).isEqualTo(-1);
        pod.setSoLinger(true, 0);
        pod.close();
        assertReset(client);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
    }

    @Test
    void an_endpoint_that_answers_and_leaves_while_the_client_still_sends_is_heard() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        client.getOutputStream().write(new byte[100_000]);
        assertThat(pod.getInputStream().readNBytes(10)).hasSize(10);
        pod.getOutputStream().write("413 too large".getBytes(US_ASCII));
        pod.close(); // with unread bytes: the kernel sends a FIN and then a reset
        assertThat(client.getInputStream().readNBytes(13)).asString(US_ASCII).isEqualTo("413 too large");
        assertThatThrownBy(() -> {
            while (true) {
                client.getOutputStream().write(new byte[10_000]);
            }
        }).isInstanceOf(IOException.class);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
    }

    @Test
    void a_reset_that_follows_a_fin_reaches_a_client_that_is_silent() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        exchange(client, pod);
        pod.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        pod.setSoLinger(true, 0);
        pod.close();
        if (!seesResetAfterFin()) {
            // Only a write tells: the first one may still find room, later ones do not.
            await().until(() -> {
                try {
                    client.getOutputStream().write(1);
                    return false;
                } catch (IOException reset) {
                    return true;
                }
            });
        }
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("UPSTREAM/RELAY/RESET");
    }

    @Test
    void the_sessions_end_with_the_proxy() throws Exception {
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        exchange(client, pod);
        rig.sessions.endAll(Cause.SHUTDOWN);
        assertReset(client);
        assertReset(pod);
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().phase()).isEqualTo(Phase.RELAY);
        assertThat(end.termination().cause()).isEqualTo(Cause.SHUTDOWN);
    }

    @Test
    void transfers_of_random_sizes_in_both_directions_arrive_unchanged() throws Exception {
        long seed = System.nanoTime();
        System.out.println("transfers_of_random_sizes: seed " + seed);
        Random random = new Random(seed);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Socket client = rig.dial(frontend);
            Socket pod = rig.accept(endpoint);
            // Sizes over six orders of magnitude: powers of two find the edges of buffers.
            ends.add(transfer(client, pod, (int) Math.pow(2, random.nextDouble() * 21), random.nextLong()));
            ends.add(transfer(pod, client, (int) Math.pow(2, random.nextDouble() * 21), random.nextLong()));
        }
        for (Future<?> end : ends) {
            end.get(30, TimeUnit.SECONDS);
        }
        for (int i = 0; i < 40; i++) {
            assertThat(rig.nextEnd().termination().cause()).as("seed %s", seed).isEqualTo(Cause.FIN);
        }
    }

    private Future<?> transfer(Socket from, Socket to, int size, long seed) {
        threads.submit(() -> {
            Random bytes = new Random(seed);
            OutputStream out = from.getOutputStream();
            for (int left = size; left > 0;) {
                byte[] chunk = new byte[Math.min(left, 1 + bytes.nextInt(40_000))];
                bytes.nextBytes(chunk);
                out.write(chunk);
                left -= chunk.length;
            }
            from.shutdownOutput();
            return null;
        });
        return threads.submit(() -> {
            CRC32 expected = new CRC32();
            Random bytes = new Random(seed);
            for (int left = size; left > 0;) {
                byte[] chunk = new byte[Math.min(left, 1 + bytes.nextInt(40_000))];
                bytes.nextBytes(chunk);
                expected.update(chunk);
                left -= chunk.length;
            }
            CheckedInputStream in = new CheckedInputStream(to.getInputStream(), new CRC32());
            assertThat(count(in)).isEqualTo(size);
            assertThat(in.getChecksum().getValue()).isEqualTo(expected.getValue());
            return null;
        });
    }

    private static void exchange(Socket client, Socket pod) throws IOException {
        client.getOutputStream().write(1);
        assertThat(pod.getInputStream().read()).isEqualTo(1);
        pod.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            total += n;
        }
        return total;
    }
}
