package dev.fairlead.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.source.SnapshotReader;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Poll by poll, on a clock and time stamps of the test's own. */
class FileWatchSourcePollTest {
    private static final long WRITTEN = 1_000_000;

    @TempDir
    private Path directory;

    private final RecordingSink sink = new RecordingSink();
    private final AtomicLong now = new AtomicLong(WRITTEN);
    private FileWatchSource source = watching(Path.of("unused"), RecordingSink.READER);
    private Path file = Path.of("unused");

    private FileWatchSource watching(Path path, SnapshotReader reader) {
        Ticker ticker = new Ticker() {
            @Override
            public long nanos() {
                return now.get() * 1_000_000;
            }

            @Override
            public long epochMillis() {
                return now.get();
            }
        };
        // A file system whose stamps never show a change of the same size: the coarsest there can be.
        Stamp.Reader stamps = f -> new Stamp(WRITTEN, "size " + Files.size(f));
        return new FileWatchSource(List.of(path), List.of(), reader, Duration.ofHours(1), ticker, stamps);
    }

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("a.yaml");
        Files.writeString(file, "one");
    }

    private void started() {
        source = watching(file, RecordingSink.READER);
        source.start(sink);
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void aChangeIsTakenWhenTwoPollsSeeTheSame() throws IOException {
        started();
        Files.writeString(file, "half");
        source.poll();
        assertThat(sink.words()).containsExactly("offer one");

        Files.writeString(file, "half and the rest");
        source.poll();
        assertThat(sink.words()).as("still being written").containsExactly("offer one");

        source.poll();
        assertThat(sink.words()).containsExactly("offer one", "offer half and the rest");
    }

    @Test
    void aFileThatIsAwayForOnePollOnlyIsNotMissed() throws IOException {
        started();
        Files.delete(file);
        source.poll();
        Files.writeString(file, "two");
        source.poll();
        source.poll();

        assertThat(sink.words()).containsExactly("offer one", "offer two");
    }

    @Test
    void aChangeThatIsTakenBackBeforeItIsTakenIsNoChange() throws IOException {
        started();
        Files.writeString(file, "two");
        source.poll();
        Files.writeString(file, "one");
        source.poll();
        source.poll();

        assertThat(sink.words()).containsExactly("offer one");
    }

    @Test
    void aRewriteWithinTheGranularityOfTimeStampsIsSeen() throws IOException {
        now.set(WRITTEN + 5);
        started();
        Files.writeString(file, "two");
        source.poll();
        source.poll();

        assertThat(sink.words()).containsExactly("offer one", "offer two");
    }

    @Test
    void aRewriteIsSeenWhenItsLastLookCameWhileTheStampWasYoung() throws IOException {
        now.set(WRITTEN + 2000);
        started();
        Files.writeString(file, "two");
        now.set(WRITTEN + 60_000);
        source.poll();
        source.poll();

        assertThat(sink.words()).containsExactly("offer one", "offer two");
    }

    @Test
    void aFileWithAnOldStampIsNotReadAgain() throws IOException {
        now.set(WRITTEN + 2001);
        started();
        // No real file system does this; it shows that polls of settled files cost no read.
        Files.writeString(file, "two");
        source.poll();
        source.poll();

        assertThat(sink.words()).containsExactly("offer one");
    }

    @Test
    void aFileSystemThatChangesWhileItIsReadIsReadAgain() throws IOException {
        now.set(WRITTEN + 2001);
        started();
        Files.writeString(file, "three");
        source.poll();
        // Between the observation and the reading, behind an unchanged stamp.
        Files.writeString(file, "seven");
        source.poll();
        assertThat(sink.words()).as("neither three nor seven was seen twice").containsExactly("offer one");

        source.poll();
        source.poll();
        assertThat(sink.words()).containsExactly("offer one", "offer seven");
    }

    @Test
    void aReaderThatFailsAtAChangeDoesNotStopTheFollowing() throws IOException {
        source = new FileWatchSource(List.of(file), List.of(), texts -> {
            if (texts.getFirst().content().equals("poison")) {
                throw new IllegalStateException("poisoned");
            }
            return RecordingSink.READER.read(texts);
        }, Duration.ofMillis(10), Ticker.SYSTEM);
        source.start(sink);
        replace("poison");
        await().untilAsserted(() -> assertThat(sink.words()).containsExactly("offer one",
                "fault the files: following them failed: java.lang.IllegalStateException: poisoned"));
        replace("two");

        await().untilAsserted(() -> assertThat(sink.words()).last().isEqualTo("offer two"));
    }

    private void replace(String content) throws IOException {
        Files.move(Files.writeString(directory.resolve("a.tmp"), content), file, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
