package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OpenLoopTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @ParameterizedTest
    @CsvSource({"pingpong,echo,8,2000", "connect,reply,16,500", "udp-fixed,udp-reply,8,1000",
            "udp-fresh,udp-reply,8,300"})
    void eachUnitOfTheRateIsCountedOnce(String kind, String endpoint, int connections, int rate) throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients("run warm=0.2 measure=0.5 kind=" + kind + " connections=" + connections
                    + " rate=" + rate + " to=" + pair.serve(endpoint));

            assertThat(answer.number("errors")).isZero();
            assertThat(answer.number("units")).isPositive();
            // One at each end of the window may fall on either side.
            assertThat(answer.number("count")).isCloseTo(rate * answer.number("seconds"), Offset.offset(2.0));
        }
    }

    @Test
    void unitsThatWaitForAPausingEndpointAreCountedFromTheirIntendedStart() throws Exception {
        try (Pair pair = new Pair(1);
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                ServerSocket door = new ServerSocket(0, 50, LOOPBACK)) {
            Thread.ofVirtual().start(() -> echoAfterAPause(door, clock));

            Answer answer = pair.clients("run warm=0 measure=1 kind=pingpong connections=1 rate=100 to=127.0.0.1:"
                    + door.getLocalPort());

            // The endpoint paused once, for 400 ms. A closed loop would have seen one slow unit; here some forty of a
            // hundred were due meanwhile, and each of them waited.
            assertThat(answer.number("count")).isCloseTo(100 * answer.number("seconds"), Offset.offset(2.0));
            assertThat(answer.number("max")).isGreaterThan(250_000);
            assertThat(answer.number("p90")).isGreaterThan(100_000);
        }
    }

    @Test
    void unitsThatAreNeverAnsweredAreInTheLatencyAsWellAsInTheCount() throws Exception {
        try (Pair pair = new Pair(1); ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
            Answer answer = pair.clients("run warm=0 measure=0.4 kind=connect connections=2 rate=100 to=127.0.0.1:"
                    + silent.getLocalPort());

            assertThat(answer.number("units")).isZero();
            assertThat(answer.number("unfinished")).isCloseTo(100 * answer.number("seconds"), Offset.offset(2.0))
                    .isEqualTo(answer.number("count"));
            assertThat(answer.number("max")).isGreaterThan(300_000);
            assertThat(answer.number("p50")).isGreaterThan(150_000);
        }
    }

    /** Serves one connection, and holds back its first bytes for 400 ms. */
    private static void echoAfterAPause(ServerSocket door, ScheduledExecutorService clock) {
        try (Socket socket = door.accept()) {
            byte[] bytes = new byte[4096];
            int size = socket.getInputStream().read(bytes);
            int held = size;
            clock.schedule(() -> {
                socket.getOutputStream().write(bytes, 0, held);
                return held;
            }, 400, TimeUnit.MILLISECONDS).get();
            while (size >= 0) {
                size = socket.getInputStream().read(bytes);
                socket.getOutputStream().write(bytes, 0, Math.max(0, size));
            }
        } catch (IOException over) {
            // The test is over.
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }
}
