package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.telemetry.AccessLog.Form;
import dev.fairlead.transport.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    /** Takes a write only when it is let; counts flushes; fails while told to. */
    private static final class Gated extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Semaphore entered = new Semaphore(0);
        private final Semaphore allowed = new Semaphore(0);
        private volatile String fails = "";
        private final AtomicInteger flushes = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            entered.release();
            try {
                allowed.acquire();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            if (!fails.isEmpty()) {
                throw new IOException(fails);
            }
            synchronized (bytes) {
                bytes.write(from, offset, length);
            }
        }

        @Override
        public void flush() {
            flushes.incrementAndGet();
        }

        @Override
        public void close() {
            closed = true;
        }

        private String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }

        private List<String> ups() {
            return text().lines().map(line -> line.replaceAll(".* up=(\\d+) .*", "$1")).toList();
        }
    }

    private final AtomicLong nanos = new AtomicLong();
    private final Ticker ticker = new Ticker() {
        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    };
    private final Gated out = new Gated();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.class);

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(said);
    }

    private List<String> warnings() {
        return List.copyOf(said.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aLineIsWrittenAndFlushedWithoutWaitingForMore() {
        out.allowed.release(1);
        try (AccessLog log = AccessLog.toStream(out, Form.TEXT, 8, ticker)) {
            log.ended(Summaries.relayed());
            await().until(() -> out.flushes.get() > 0);
            assertThat(out.text()).endsWith(" end=CLIENT/RELAY/FIN\n").hasLineCount(1);
            assertThat(log.dropped()).isZero();
        }
    }

    @Test
    void linesThatWaitAreWrittenTogether() throws InterruptedException {
        try (AccessLog log = AccessLog.toStream(out, Form.TEXT, 100, ticker)) {
            log.ended(Summaries.numbered("a/b", 0));
            out.entered.acquire();
            for (int i = 1; i <= 50; i++) {
                log.ended(Summaries.numbered("a/b", i));
            }
            out.allowed.release(2);
            await().until(() -> out.ups().size() == 51);
            assertThat(out.entered.availablePermits()).as("writes after the first").isEqualTo(1);
        }
    }

    @Test
    void whatTheQueueHasNoRoomForIsDroppedAndCountedAndSaid() throws InterruptedException {
        AccessLog log = AccessLog.toStream(out, Form.TEXT, 4, ticker);
        log.ended(Summaries.numbered("a/b", 0));
        out.entered.acquire();
        for (int i = 1; i <= 9; i++) {
            log.ended(Summaries.numbered("a/b", i));
        }
        assertThat(log.dropped()).isEqualTo(5);
        assertThat(warnings()).as("not on the thread that dropped").isEmpty();
        out.allowed.release(100);
        log.close();
        assertThat(out.ups()).containsExactly("0", "1", "2", "3", "4");
        assertThat(warnings())
                .containsExactly(
                        "access log: 5 lines dropped, 5 since start: its output was too slow for a queue of 4");
    }

    @Test
    void dropsAreSaidOnceAMinute() throws InterruptedException {
        AccessLog log = AccessLog.toStream(out, Form.TEXT, 1, ticker);
        overflow(log);
        await().until(() -> warnings().size() == 1);
        nanos.addAndGet(59_000_000_000L);
        overflow(log);
        overflow(log);
        assertThat(warnings()).hasSize(1);
        nanos.addAndGet(1_000_000_000L);
        overflow(log);
        await().until(() -> warnings().size() == 2);
        assertThat(warnings().getLast()).contains("3 lines dropped, 4 since start");
        overflow(log);
        assertThat(warnings()).hasSize(2);
        log.close();
        assertThat(warnings()).as("what was not said yet is said at the end").hasSize(3);
        assertThat(warnings().getLast()).contains("1 lines dropped, 5 since start");
    }

    /** One line in the writer's hands, one in the queue, one dropped; returns when the first two are written. */
    private void overflow(AccessLog log) throws InterruptedException {
        int before = out.ups().size();
        long drops = log.dropped();
        log.ended(Summaries.relayed());
        out.entered.acquire();
        log.ended(Summaries.relayed());
        log.ended(Summaries.relayed());
        assertThat(log.dropped()).isEqualTo(drops + 1);
        out.allowed.release(2);
        out.entered.acquire();
        await().until(() -> out.ups().size() == before + 2);
    }

    @Test
    void aFullDiskLosesLinesNotTheWriter() {
        out.allowed.release(100);
        out.fails = "No space left on device";
        try (AccessLog log = AccessLog.toStream(out, Form.TEXT, 100, ticker)) {
            log.ended(Summaries.numbered("a/b", 1));
            await().until(() -> !warnings().isEmpty());
            assertThat(warnings())
                    .containsExactly("access log: 1 lines dropped, 1 since start: No space left on device");
            out.fails = "";
            log.ended(Summaries.numbered("a/b", 2));
            await().until(() -> out.flushes.get() > 0);
            assertThat(out.text()).as("half a line may be before it").startsWith("\n2026-");
            log.ended(Summaries.numbered("a/b", 3));
            await().until(() -> out.ups().size() == 3);
            assertThat(out.ups()).containsExactly("", "2", "3");
        }
    }

    @Test
    void closingWritesWhatWaitsAndLeavesTheStreamOpen() throws InterruptedException {
        AccessLog log = AccessLog.toStream(out, Form.JSON, 10_000, ticker);
        log.ended(Summaries.numbered("a/b", 0));
        out.entered.acquire();
        for (int i = 1; i < 5_000; i++) {
            log.ended(Summaries.numbered("a/b", i));
        }
        out.allowed.release(1_000);
        log.close();
        List<String> lines = out.text().lines().toList();
        for (int i = 0; i < 5_000; i++) {
            assertThat(JsonReading.object(lines.get(i))).containsEntry("up", (double) i);
        }
        assertThat(lines).hasSize(5_000);
        assertThat(out.closed).isFalse();
        assertThat(log.dropped()).isZero();

        log.ended(Summaries.relayed());
        assertThat(log.dropped()).isEqualTo(1);
        log.close();
    }

    @Test
    void closingGivesUpOnAnOutputThatTakesNothing() throws InterruptedException {
        AccessLog log = AccessLog.toStream(out, Form.TEXT, 10, ticker);
        log.ended(Summaries.relayed());
        out.entered.acquire();
        log.ended(Summaries.relayed());
        log.close();
        await().until(() -> log.dropped() == 2);
        assertThat(out.text()).isEmpty();
    }

    @Test
    void manyThreadsLoseNothingAndKeepTheirOrder() throws InterruptedException {
        int each = 10_000;
        int threads = 4;
        out.allowed.release(1_000_000);
        AccessLog log = AccessLog.toStream(out, Form.TEXT, threads * each, ticker);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String service = "ns/t" + t;
            writers.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int i = 0; i < each; i++) {
                    log.ended(Summaries.numbered(service, i));
                }
            }));
        }
        start.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        log.close();
        assertThat(log.dropped()).isZero();
        int[] next = new int[threads];
        for (String line : out.text().split("\n", -1)) {
            if (!line.isEmpty()) {
                int thread = line.charAt(line.indexOf(" ns/t") + 5) - '0';
                assertThat(line.substring(line.indexOf(" up="), line.indexOf(" down=")))
                        .isEqualTo(" up=" + next[thread]++);
            }
        }
        assertThat(next).containsOnly(each);
    }

    @Test
    void noLineIsOverlookedWhileTheWriterGoesToRest() throws InterruptedException {
        out.allowed.release(1_000_000);
        try (AccessLog log = AccessLog.toStream(out, Form.TEXT, 8, ticker)) {
            for (int i = 0; i < 20_000; i++) {
                log.ended(Summaries.relayed());
                assertThat(out.entered.tryAcquire(20, TimeUnit.SECONDS)).as("line %d", i).isTrue();
            }
        }
    }

    @Test
    void aFileIsCreatedAndAppendedTo() throws IOException {
        Path file = folder.resolve("access.log");
        for (int run = 0; run < 2; run++) {
            try (AccessLog log = AccessLog.toFile(file, Form.TEXT, AccessLog.DEFAULT_CAPACITY, Ticker.SYSTEM)) {
                log.ended(Summaries.numbered("a/b", run));
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(2).satisfiesExactly(line -> assertThat(line).contains(" up=0 "),
                line -> assertThat(line).contains(" up=1 "));
    }

    @Test
    void aFileThatCannotBeOpenedIsSaidAtOnce() {
        Path file = folder.resolve("none/access.log");
        assertThatThrownBy(() -> AccessLog.toFile(file, Form.TEXT, 1, ticker)).isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aCapacityOfNothingIsRefused() {
        assertThatThrownBy(() -> AccessLog.toStream(out, Form.TEXT, 0, ticker))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("capacity: 0 (expected: at least 1)");
    }
}
