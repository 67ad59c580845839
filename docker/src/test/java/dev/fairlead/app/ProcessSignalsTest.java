package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessSignalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @BeforeAll
    static void linux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux: env --default-signal");
    }

    @Test
    void ctrlCEndsItGentlyWithZero() throws Exception {
        Process fairlead = started("0s");
        signal(fairlead, "kill -INT $0");

        assertThat(exit(fairlead)).isZero();
        assertThat(said()).contains("stopping   on SIGINT");
    }

    @Test
    void aSignalToTheProcessAndAtOnceToItsGroupIsOneWord() throws Exception {
        Process fairlead = started("300ms");
        signal(fairlead, "kill -TERM $0; kill -TERM $0");

        assertThat(exit(fairlead)).isZero();
        assertThat(said()).contains("stopping   on SIGTERM", "stopped    0 connections reset");
    }

    @Test
    void aSecondSignalEndsItAtOnceAsThatSignalWould() throws Exception {
        Process fairlead = started("60s");
        signal(fairlead, "kill -TERM $0");
        await().atMost(PATIENCE).until(() -> said().contains("stopping"));

        signal(fairlead, "kill -INT $0");

        assertThat(exit(fairlead)).isEqualTo(130);
        assertThat(said()).doesNotContain("stopped");
    }

    private Process started(String grace) throws IOException {
        Path input = Files.writeString(folder.resolve("empty.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "off"
                drain: {grace: %s}
                """.formatted(grace));
        // A build that runs in the background hands down SIGINT ignored.
        Process process = new ProcessBuilder(List.of("env", "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "run", "-f", input.toString()))
                .redirectErrorStream(true).redirectOutput(output()).start();
        await().atMost(PATIENCE).until(() -> said().contains("ready"));
        return process;
    }

    private static void signal(Process process, String script) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", script, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    private int exit(Process process) throws InterruptedException, IOException {
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("it ended; it said: %s", said()).isTrue();
        return process.exitValue();
    }

    private File output() {
        return folder.resolve("output").toFile();
    }

    private String said() throws IOException {
        return Files.readString(output().toPath());
    }
}
