package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.transport.uring.UringDataPath;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Splicing within a user's share of pipe memory, fs.pipe-user-pages-soft. It limits only who has neither CAP_SYS_ADMIN
 * nor CAP_SYS_RESOURCE, so each story is a process without either ({@link PipeShareProbe}).
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "splice is Linux only")
@Timeout(300)
final class PipeShareTest {
    private static final String NOBODY = "65534";
    private static final int PAGES_OF_A_PIPE_AND_A_BIT = 160; // 640 KiB

    @TempDir
    Path readable = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void whereTheShareIsUnusedPipesAreAsLargeAsWished(String path) throws Exception {
        assumeThat(PipeShareProbe.limit("pipe-max-size")).as("fs.pipe-max-size").isGreaterThanOrEqualTo(1024 * 1024);
        assertThat(probe(path, "all")).matches("sizes=\\[1048576(, 1048576)*] begun=[1-9]\\d* .* intact=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void whereTheShareIsUsedUpFlowsAreCopied(String path) throws Exception {
        assumeThat(PipeShareProbe.limit("pipe-user-pages-soft")).as("fs.pipe-user-pages-soft, 0 = unlimited")
                .isPositive();
        assertThat(probe(path, "0")).isEqualTo("sizes=[] begun=0 ended=0 intact=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void whereLittleIsLeftOfTheShareThePipeIsWhatTheKernelGrants(String path) throws Exception {
        assumeThat(PipeShareProbe.limit("pipe-user-pages-soft")).as("fs.pipe-user-pages-soft, 0 = unlimited")
                .isPositive();
        assumeThat(root()).as("whether this is root, who can be somebody that has no other pipes").isTrue();
        // Of three flows one has the only pipe that fits, the others are copied.
        assertThat(probe(path, Integer.toString(PAGES_OF_A_PIPE_AND_A_BIT)))
                .matches("sizes=\\[524288] begun=[1-9]\\d* .* intact=true");
    }

    private static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** Runs it; its last line. */
    private String probe(String path, String pagesLeft) throws Exception {
        if (path.equals("io_uring")) {
            assumeThat(UringDataPath.unavailable()).as("why there is no io_uring").isEmpty();
        }
        List<String> command = new ArrayList<>();
        String classPath = System.getProperty("java.class.path");
        if (root()) {
            command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups",
                    "--bounding-set=-all", "--inh-caps=-all"));
            assumeThat(run(command, "true")).as("whether privileges can be dropped: setpriv says").isEmpty();
            classPath = copied(classPath);
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx128m", "-cp", classPath, PipeShareProbe.class.getName()));
        List<String> said = run(command, path, pagesLeft).lines().toList();
        assertThat(said).as("what the process said").isNotEmpty();
        assertThat(said.getLast()).as(String.join("\n", said)).startsWith("sizes=");
        System.out.println(path + ", pages left: " + pagesLeft + ": " + said.getLast());
        return said.getLast();
    }

    private static String run(List<String> command, String... more) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        Path output = Files.createTempFile("pipe-share", ".txt");
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            boolean over = process.waitFor(200, TimeUnit.SECONDS);
            process.destroyForcibly();
            return Files.readString(output) + (over ? "" : "\nit did not end");
        } catch (IOException notFound) {
            return notFound.toString();
        } finally {
            Files.delete(output);
        }
    }

    /** A class path that anybody may read: this one may lie in a folder that only root may enter. */
    private String copied(String classPath) throws IOException {
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> copies = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path copy = readable.resolve(Integer.toString(copies.size()));
            copy(Path.of(entry), copy);
            copies.add(copy.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(path -> {
                Path there = to.resolve(from.relativize(path).toString());
                try {
                    Files.copy(path, there);
                    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-xr-x"));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }
}
