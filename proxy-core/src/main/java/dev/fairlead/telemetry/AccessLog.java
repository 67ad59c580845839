package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionObserver;
import dev.fairlead.forward.SessionSummary;
import dev.fairlead.transport.Ticker;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per connection, written when it ends.
 *
 * <p>
 * Event loops only put the summary into a bounded queue: they never wait, neither for a lock nor for the disk. A thread
 * of its own formats and writes, many lines at once while there are many, and flushes as soon as the queue is empty.
 * What the queue has no room for is dropped and counted.
 */
public final class AccessLog implements SessionObserver, AutoCloseable {
    /** Summaries that may wait to be written. */
    public static final int DEFAULT_CAPACITY = 8_192;

    /** What a line looks like. */
    public enum Form {
        /**
         * {@code time service client -> frontend -> endpoint key=value ...}: always the same fields in the same order,
         * {@code -} for what is absent.
         */
        TEXT,
        /** One object per line with the same fields. */
        JSON
    }

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final Duration SAY_EVERY = Duration.ofMinutes(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final int BATCH_CHARS = 32 * 1024;

    private final Queue<SessionSummary> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean parked = new AtomicBoolean();
    private final LongAdder dropped = new LongAdder();
    private final int capacity;
    private final String name;
    private final OutputStream out;
    private final LineForm lines;
    private final Ticker ticker;
    private final Thread writer;
    private volatile boolean closing;
    private volatile boolean givenUp;

    // The writer's own.
    private final StringBuilder batch = new StringBuilder(BATCH_CHARS + 1024);
    private int batchLines;
    private boolean torn;
    private Optional<String> failure = Optional.empty();
    private long saidDropped;
    private long saidAtNanos;

    private AccessLog(String name, OutputStream out, Form form, int capacity, Ticker ticker) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least 1)");
        }
        this.name = name;
        this.out = out;
        this.lines = switch (form) {
            case TEXT -> new TextLine();
            case JSON -> new JsonLine();
        };
        this.capacity = capacity;
        this.ticker = ticker;
        this.saidAtNanos = ticker.nanos() - SAY_EVERY.toNanos();
        this.writer = Thread.ofPlatform().name("fairlead-access-log").daemon().unstarted(this::run);
    }

    /**
     * Writes to a stream that stays open at the end, such as standard output.
     *
     * @param capacity summaries that may wait, at least 1
     */
    public static AccessLog toStream(OutputStream out, Form form, int capacity, Ticker ticker) {
        OutputStream kept = new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        return started(new AccessLog("access log", kept, form, capacity, ticker));
    }

    /**
     * Appends to a file, which is created where it is not.
     *
     * @param capacity summaries that may wait, at least 1
     * @throws IOException when the file cannot be opened
     */
    public static AccessLog toFile(Path path, Form form, int capacity, Ticker ticker) throws IOException {
        OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return started(new AccessLog("access log " + path, out, form, capacity, ticker));
    }

    private static AccessLog started(AccessLog log) {
        log.writer.start();
        return log;
    }

    /** Any thread; never blocks. */
    @Override
    public void ended(SessionSummary summary) {
        if (closing) {
            dropped.increment();
            return;
        }
        if (queued.incrementAndGet() > capacity) {
            queued.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(summary);
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    /** Lines that were never written, for want of room or because writing failed. */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Writes what is in the queue, then ends; what comes later is dropped. Gives up on an output that takes nothing for
     * five seconds.
     */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        boolean interrupted = false;
        try {
            if (!writer.join(CLOSE_PATIENCE)) {
                givenUp = true;
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        while (queue.poll() != null) {
            dropped.increment();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (out) {
            boolean last;
            do {
                // Read before draining: what came in before close() is then in the queue.
                last = closing;
                drain();
                sayDropped();
                if (!last) {
                    rest();
                }
            } while (!last);
        } catch (IOException e) {
            LOG.warn("{}: {} while closing it", name, said(e));
        }
    }

    private void rest() {
        parked.set(true);
        // Looked at after the flag is up: a summary that was added before is seen here, a later one unparks.
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, SAY_EVERY.toNanos());
        }
        parked.set(false);
    }

    private void drain() {
        while (!givenUp) {
            SessionSummary summary = queue.poll();
            if (summary == null) {
                break;
            }
            queued.decrementAndGet();
            format(summary);
            if (batch.length() >= BATCH_CHARS) {
                write();
            }
        }
        if (batchLines > 0) {
            write();
        }
    }

    private void format(SessionSummary summary) {
        int start = batch.length();
        try {
            lines.append(summary, batch);
            batch.append('\n');
            batchLines++;
        } catch (RuntimeException e) {
            batch.setLength(start);
            dropped.increment();
            LOG.error("{}: a defect: cannot format {}", name, summary, e);
        }
    }

    private void write() {
        try {
            if (torn) {
                // A full disk may have taken half a line; the next one must not be glued to it.
                batch.insert(0, '\n');
            }
            out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
            if (queue.isEmpty()) {
                out.flush();
            }
            torn = false;
        } catch (IOException e) {
            torn = true;
            failure = Optional.of(said(e));
            dropped.add(batchLines);
        }
        batch.setLength(0);
        batchLines = 0;
    }

    /**
     * The writer says it, not the event loop that had to drop: a log that goes to the same blocked pipe would stop the
     * loop too.
     */
    private void sayDropped() {
        long total = dropped.sum();
        long now = ticker.nanos();
        if (total == saidDropped || (!closing && now - saidAtNanos < SAY_EVERY.toNanos())) {
            return;
        }
        LOG.warn("{}: {} lines dropped, {} since start: {}", name, total - saidDropped, total,
                failure.orElseGet(() -> "its output was too slow for a queue of " + capacity));
        saidDropped = total;
        saidAtNanos = now;
        failure = Optional.empty();
    }

    private static String said(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElseGet(() -> e.getClass().getSimpleName());
    }
}
