package dev.fairlead.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.FairleadProgram;
import dev.fairlead.e2e.Requires;
import dev.fairlead.e2e.cluster.NetworkNamespace;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The blocks of the guides that are marked for it, in their order, on a machine of which there is only loopback. */
@Timeout(180)
class GuidesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private NetworkNamespace place;
    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void machine() throws IOException {
        for (String command : List.of("curl", "python3")) {
            Requires.command(command);
        }
        place = NetworkNamespace.alone();
        Path command = Files.writeString(Files.createDirectory(directory.resolve("bin")).resolve("fairlead"),
                "#!/bin/sh\nexec " + FairleadProcess.command().stream()
                        // As the launcher does it.
                        .map(word -> "'" + word + "'" + (word.equals(FairleadProgram.classPath())
                                ? "\"${FAIRLEAD_CLASSPATH:+:$FAIRLEAD_CLASSPATH}\""
                                : ""))
                        .collect(Collectors.joining(" ")) + " \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(directory.resolve("fairlead"), command);
        Files.createSymbolicLink(directory.resolve("docker"), Repository.root().resolve("docker"));
    }

    @AfterEach
    void end() throws IOException {
        endRunning();
        if (place != null) {
            Files.delete(directory.resolve("docker"));
            place.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/laptop.md", "docs/balancers.md", "docs/sidecar.md",
            "docs/beside-kube-proxy.md",
            "docs/take-over.md"})
    void whatIsMarkedWorks(String guide) throws Exception {
        List<Block> blocks = Block.of(Files.readString(Repository.root().resolve(guide)));

        assertThat(blocks).isNotEmpty();
        for (Block block : blocks) {
            switch (block.use()) {
                case SAVED -> Files.writeString(directory.resolve(block.fileName()), block.text());
                case STAYS -> {
                    endRunning();
                    stays(block.text());
                }
                case RUNS -> runs(block.text());
                case SHOWS -> {
                    for (Block.Shown shown : block.shown()) {
                        shows(shown);
                    }
                }
            }
        }
    }

    /** What a command before it has started may need a moment. */
    private void runs(String commands) throws Exception {
        Path output = directory.resolve("output.txt");
        await(commands).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    Process process = shell(commands, output);
                    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
                    assertThat(Files.readString(output)).isNotBlank();
                });
    }

    private void shows(Block.Shown shown) throws Exception {
        Path output = directory.resolve("output.txt");
        assertThat(shell(shown.command(), output).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output).strip()).as(shown.command()).isEqualTo(shown.output());
    }

    private void stays(String commands) throws IOException {
        Path output = directory.resolve("running.txt");
        Process process = shell(commands, output);
        running.add(process);
        await(commands).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
            return shell("curl -sf http://127.0.0.1:10349/readyz", directory.resolve("ready.txt")).waitFor() == 0;
        });
    }

    private Process shell(String commands, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", commands).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile());
        // Another Fairlead of this machine is not to be asked.
        builder.environment().put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
        // What a balancer of one's own is compiled against, and by.
        builder.environment().put("CLASSPATH", FairleadProgram.classPath());
        builder.environment().merge("PATH",
                directory.resolve("bin") + ":" + Path.of(System.getProperty("java.home"), "bin"),
                (old, own) -> own + ":" + old);
        return place.call(builder::start);
    }

    private void endRunning() {
        for (Process process : running) {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(one -> one.onExit().join());
        }
        running.clear();
    }
}
