package dev.fairlead.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running source on a real file system: every way in which files change. */
class FileWatchSourceTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final String GONE = "no such file or directory";

    @TempDir
    private Path directory;

    private final RecordingSink sink = new RecordingSink();
    private FileWatchSource source = watching(List.of());

    private static FileWatchSource watching(List<Text> fixed, Path... paths) {
        return new FileWatchSource(List.of(paths), fixed, RecordingSink.READER, INTERVAL, Ticker.SYSTEM);
    }

    private void start(Path... paths) {
        source.close();
        source = watching(List.of(), paths);
        source.start(sink);
    }

    @AfterEach
    void close() {
        source.close();
    }

    /** In one step, so that a test thread that is preempted while writing shows nothing half-written. */
    private Path file(String name, String content) throws IOException {
        Path written = Files.writeString(directory.resolve(name + ".tmp"), content);
        return Files.move(written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** In place, truncated and written, as {@code cp} does; until it is written the file may be seen empty. */
    private void overwrite(Path file, String content) throws IOException {
        Files.writeString(file, content);
        await().untilAsserted(() -> assertThat(sink.words()).last().isEqualTo("offer " + content));
    }

    private List<String> wordsOfWholeFiles() {
        return sink.words().stream().filter(word -> !word.equals("offer ")).toList();
    }

    private void awaitWords(String... words) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sink.words()).containsExactly(words));
    }

    /** Nothing more comes during many polls. */
    private void awaitSilence(String... words) {
        await().pollInterval(Duration.ofMillis(20)).during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sink.words()).containsExactly(words));
    }

    @Test
    void theFirstOfferComesBeforeStartReturns() throws IOException {
        start(file("a.yaml", "one"));

        assertThat(sink.words()).containsExactly("offer one");
    }

    @Test
    void theSameFilesAreJudgedAgainOnceWhereWhatTheyAreJudgedByIsAnother() throws IOException {
        start(file("a.yaml", "one"));

        source.rereadSoon();

        awaitWords("offer one", "offer one");
        awaitSilence("offer one", "offer one");
    }

    @Test
    void aFileThatIsMissingAtStartIsAFaultUntilItComes() throws IOException {
        start(directory.resolve("a.yaml"));
        assertThat(sink.words()).containsExactly("fault a.yaml: " + GONE);

        file("a.yaml", "one");
        awaitWords("fault a.yaml: " + GONE, "offer one");
    }

    @Test
    void aBadFileAtStartIsAFaultBeforeStartReturns() throws IOException {
        start(file("a.yaml", "bad start"));

        assertThat(sink.words()).containsExactly("fault a.yaml:1:1: bad start");
    }

    @Test
    void aPlainWriteIsFollowed() throws IOException {
        Path file = file("a.yaml", "one");
        start(file);
        overwrite(file, "two, longer");

        assertThat(wordsOfWholeFiles()).containsExactly("offer one", "offer two, longer");
    }

    @Test
    void rewritesOfTheSameSizeAreAllFollowed() throws IOException {
        Path file = file("a.yaml", "state-0");
        start(file);
        for (int i = 1; i < 9; i++) {
            overwrite(file, "state-" + i);
        }

        assertThat(wordsOfWholeFiles()).hasSize(9).last().isEqualTo("offer state-8");
    }

    @Test
    void aRewriteThatSetsTheOldTimeBackIsFollowed() throws IOException {
        Path file = file("a.yaml", "one");
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, old);
        start(file);
        Path replacement = Files.writeString(directory.resolve("a.tmp"), "two");
        Files.setLastModifiedTime(replacement, old);
        Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        awaitWords("offer one", "offer two");
    }

    @Test
    void anEditorThatReplacesTheFileIsFollowed() throws IOException {
        Path file = file("a.yaml", "one");
        start(file);
        for (String content : List.of("two", "six")) {
            Files.move(file("a.yaml.swp", content), file, StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            await().untilAsserted(() -> assertThat(sink.words()).last().isEqualTo("offer " + content));
        }

        awaitWords("offer one", "offer two", "offer six");
    }

    @Test
    void aDeletedFileIsOneFaultAndItsReturnEndsIt() throws IOException {
        Path file = file("a.yaml", "one");
        start(file);
        Files.delete(file);
        awaitSilence("offer one", "fault a.yaml: " + GONE);

        file("a.yaml", "one");
        awaitWords("offer one", "fault a.yaml: " + GONE, "offer one");
    }

    @Test
    void aConfigMapsSymbolicLinksAreFollowed() throws IOException {
        Path first = Files.createDirectory(directory.resolve("..2026_01_01"));
        Files.writeString(first.resolve("a.yaml"), "one");
        Files.writeString(first.resolve("b.yaml"), "eins");
        Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("..data/b.yaml"));
        start(directory);
        assertThat(sink.words()).containsExactly("offer one+eins");

        // As the kubelet does it: a new directory, then one rename of the link, then the old directory goes.
        Path second = Files.createDirectory(directory.resolve("..2026_01_02"));
        Files.writeString(second.resolve("a.yaml"), "two");
        Files.writeString(second.resolve("b.yaml"), "zwei");
        Files.createSymbolicLink(directory.resolve("..data_tmp"), second.getFileName());
        Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Files.delete(first.resolve("a.yaml"));
        Files.delete(first.resolve("b.yaml"));
        Files.delete(first);

        awaitSilence("offer one+eins", "offer two+zwei");
    }

    @Test
    void filesThatComeAndGoInADirectoryAreFollowedInTheOrderOfTheirNames() throws IOException {
        file("b.yml", "b");
        start(directory);
        file("a.json", "a");
        await().untilAsserted(() -> assertThat(sink.words()).last().isEqualTo("offer a+b"));
        file("c.yaml", "c");
        await().untilAsserted(() -> assertThat(sink.words()).last().isEqualTo("offer a+b+c"));
        Files.delete(directory.resolve("b.yml"));

        awaitWords("offer b", "offer a+b", "offer a+b+c", "offer a+c");
    }

    @Test
    void filesOfADirectoryThatAreNotOursAreLeftAlone() throws IOException {
        file("a.yaml", "one");
        start(directory);
        file("notes.txt", "x");
        file(".hidden.yaml", "x");
        file("a.yaml~", "x");
        Files.writeString(Files.createDirectory(directory.resolve("nested.yaml")).resolve("b.yaml"), "x");

        awaitSilence("offer one");
    }

    @Test
    void aDirectoryThatIsEmptiedKeepsTheLastState() throws IOException {
        Path file = file("a.yaml", "one");
        start(directory);
        Files.delete(file);

        awaitWords("offer one", "fault " + directory.getFileName()
                + ": holds no *.yaml, *.yml or *.json file (expected: at least one)");
    }

    @Test
    void aBadStateIsReportedOnceAndAGoodOneEndsIt() throws IOException {
        start(file("a.yaml", "one"));
        file("a.yaml", "bad one");
        awaitSilence("offer one", "fault a.yaml:1:1: bad one");

        file("a.yaml", "one");
        awaitWords("offer one", "fault a.yaml:1:1: bad one", "offer one");
        file("a.yaml", "bad one");
        awaitWords("offer one", "fault a.yaml:1:1: bad one", "offer one", "fault a.yaml:1:1: bad one");
    }

    @Test
    void aNewBadStateIsReportedOnlyWhereItsProblemsDiffer() throws IOException {
        Path bad = file("a.yaml", "bad one");
        Path other = file("b.yaml", "good");
        start(bad, other);
        file("b.yaml", "good, but otherwise");
        awaitSilence("fault a.yaml:1:1: bad one");

        file("b.yaml", "bad too");
        awaitWords("fault a.yaml:1:1: bad one", "fault a.yaml:1:1: bad one; b.yaml:1:1: bad too");
    }

    @Test
    void whatIsNoTextIsAFault() throws IOException {
        Path file = file("a.yaml", "one");
        start(file);
        Files.move(Files.write(directory.resolve("a.bin"), new byte[]{(byte) 0xff, (byte) 0xfe, 0}), file,
                StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        awaitWords("offer one", "fault " + file + ": is not text (expected: YAML or JSON in UTF-8)");
    }

    @Test
    void unchangedContentIsNotOfferedAgain() throws IOException {
        Path file = file("a.yaml", "one");
        start(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        file("a.yaml", "one");

        awaitSilence("offer one");
    }

    @Test
    void standardInputStaysInFrontOfTheFiles() throws IOException {
        Path file = file("a.yaml", "one");
        source = watching(List.of(new Text("-", "stdin")), file);
        source.start(sink);
        file("a.yaml", "two");

        awaitWords("offer stdin+one", "offer stdin+two");
    }

    @Test
    void standardInputAloneIsOfferedOnce() {
        source = watching(List.of(new Text("-", "stdin")));
        source.start(sink);

        awaitSilence("offer stdin");
    }

    @Test
    void noOfferComesAfterClose() throws IOException {
        start(file("a.yaml", "one"));
        source.close();
        file("a.yaml", "two");

        awaitSilence("offer one");
    }

    @Test
    void aPipeIsNotWaitedFor() {
        // Any device will do; every Unix has this one.
        start(FileSystems.getDefault().getPath("/dev/null"));

        assertThat(sink.words()).containsExactly("fault null: is neither a file nor a directory");
    }
}
