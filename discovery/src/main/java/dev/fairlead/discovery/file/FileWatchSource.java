package dev.fairlead.discovery.file;

import dev.fairlead.discovery.file.FileObserver.Observation;
import dev.fairlead.discovery.file.FileObserver.Texts;
import dev.fairlead.discovery.file.InputFiles.Problem;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotReader;
import dev.fairlead.source.SnapshotReader.Reading;
import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import dev.fairlead.transport.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services from files and directories, followed as they change: plain writes, editors that replace the file, a
 * ConfigMap's symbolic links, files that come and go in a directory.
 *
 * <p>
 * It polls, since that works on every file system and sees through every way of replacing a file. A change counts once
 * two polls in a row see the same content, so a file is not taken half-written and a file that an editor replaces is
 * not reported missing. What is wrong is reported once and leaves the last state in force.
 */
public final class FileWatchSource implements ServiceSource {
    /** Polls are this far apart; a change is taken after two of them. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(FileWatchSource.class);
    private static final int READS_AT_START = 5;
    private static final Observation NOTHING = new Observation(List.of(), List.of());

    private final FileObserver observer;
    private final List<Text> fixed;
    private final SnapshotReader reader;
    private final Duration interval;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("fairlead-file-watch").unstarted(task));

    // The caller's thread in start(), then the scheduler's.
    private Observation taken = NOTHING;
    // Any thread: what the texts are read against is another, and they are to be read again.
    private volatile boolean stale;
    private Observation last = NOTHING;
    private Optional<SourceFault> fault = Optional.empty();

    private final Object delivery = new Object();
    private Optional<SnapshotSink> sink = Optional.empty(); // guarded by delivery; empty before start and after close

    /**
     * @param paths files and directories
     * @param fixed texts that never change, read before the files: standard input
     */
    public FileWatchSource(List<Path> paths, List<Text> fixed, SnapshotReader reader, Duration interval,
            Ticker ticker) {
        this(paths, fixed, reader, interval, ticker, Stamp::of);
    }

    FileWatchSource(List<Path> paths, List<Text> fixed, SnapshotReader reader, Duration interval, Ticker ticker,
            Stamp.Reader stamps) {
        this.observer = new FileObserver(new InputFiles(paths), stamps, ticker);
        this.fixed = List.copyOf(fixed);
        this.reader = reader;
        this.interval = interval;
    }

    /** Delivers what the files say now, offer or fault, before it returns; then follows them. */
    @Override
    public void start(SnapshotSink to) {
        synchronized (delivery) {
            sink = Optional.of(to);
        }
        boolean delivered = false;
        for (int i = 0; i < READS_AT_START && !delivered; i++) {
            last = observer.observe();
            delivered = take(last);
        }
        if (!delivered) {
            report(new SourceFault.Unreachable("the files", "keep changing while they are read"));
        }
        var _ = scheduler.scheduleWithFixedDelay(this::pollSafely, interval.toMillis(), interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Has what the files say judged again, though they are the same: what it is judged by is another. Any thread. */
    public void rereadSoon() {
        stale = true;
    }

    private void pollSafely() {
        try {
            poll();
        } catch (RuntimeException bug) {
            // A scheduled task that throws is never run again.
            LOG.error("Following the files failed; the last state stays in force.", bug);
            report(new SourceFault.Unreachable("the files", "following them failed: " + bug));
        }
    }

    /** Looks once. */
    void poll() {
        Observation now = observer.observe();
        boolean still = now.equals(last);
        last = now;
        if (still && (stale || !now.equals(taken))) {
            stale = false;
            take(now);
        }
    }

    /** Delivers an observed state; false where the files have changed meanwhile. */
    private boolean take(Observation observation) {
        if (!observation.problems().isEmpty()) {
            taken = observation;
            report(unreachable(observation.problems()));
            return true;
        }
        return switch (observer.read(observation)) {
            case Texts.Changed() -> false;
            case Texts.NotText(var problems) -> {
                taken = observation;
                report(new SourceFault.Malformed(problems.stream().map(Problem::toString).toList()));
                yield true;
            }
            case Texts.Found(var texts) -> {
                taken = observation;
                judge(texts);
                yield true;
            }
        };
    }

    private void judge(List<Text> texts) {
        switch (reader.read(Stream.concat(fixed.stream(), texts.stream()).toList())) {
            case Reading.Read(var snapshot) -> {
                fault = Optional.empty();
                deliver(to -> to.offer(snapshot));
            }
            case Reading.Rejected(var problems) -> report(new SourceFault.Malformed(problems));
        }
    }

    private static SourceFault unreachable(List<Problem> problems) {
        Problem first = problems.getFirst();
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
        return new SourceFault.Unreachable(first.path().toString(), first.why() + more);
    }

    private void report(SourceFault found) {
        if (!fault.equals(Optional.of(found))) {
            fault = Optional.of(found);
            deliver(to -> to.fault(found));
        }
    }

    private void deliver(Consumer<SnapshotSink> message) {
        synchronized (delivery) {
            sink.ifPresent(message);
        }
    }

    @Override
    public void close() {
        synchronized (delivery) {
            sink = Optional.empty();
        }
        scheduler.shutdownNow();
    }
}
