package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.transport.linux.DescriptorSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command says, and when a process starts no successor. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sockets change hands on Linux only")
@Timeout(60)
class UpgradeCommandTest {
    @TempDir
    Path directory;

    private Path meeting() {
        return directory.resolve("handover.sock");
    }

    private Outcome upgrade() {
        return new Cli().execute("upgrade", "--handover", meeting().toString());
    }

    @Test
    void itSaysWhichOptionIsMissing() {
        Outcome outcome = new Cli().execute("upgrade");

        assertThat(outcome.status()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .isEqualTo("fairlead: --handover is missing (expected: the path that the running process"
                        + " has as its `handover`, such as /run/fairlead/handover.sock; one that has none cannot hand over)\n");
    }

    @Test
    void itSaysThatNobodyIsThere() {
        assertThat(upgrade().err()).isEqualTo("fairlead: " + meeting()
                + ": nobody runs there (expected: the `handover` of a running Fairlead)\n");
    }

    /** What comes of it where the running process answers this. */
    private Outcome answered(String answer) throws Exception {
        try (DescriptorSocket running = DescriptorSocket.listen(meeting())) {
            CompletableFuture<Outcome> asking = CompletableFuture.supplyAsync(this::upgrade);
            try (DescriptorSocket peer = running.accept()) {
                assertThat(peer.receive().text()).isEqualTo("fairlead-upgrade 1");
                peer.send(answer, List.of());
                return asking.join();
            }
        }
    }

    @Test
    void itSaysWhoStarts() throws Exception {
        Outcome outcome = answered("starting 4711");

        assertThat(outcome.status()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).isEqualTo(
                "process 4711 starts and takes over from the one that runs; their logs say how it goes on\n");
    }

    @Test
    void itSaysWhyTheRunningProcessWillNot() throws Exception {
        Outcome outcome = answered("refused its successor is on its way already, process 4711");

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.err())
                .isEqualTo("fairlead: cannot upgrade: the running process says: its successor is on its"
                        + " way already, process 4711\n");
    }

    static Stream<Arguments> obstacles() {
        return Stream.of(
                arguments(new Upgrade(1, List.of("true"), () -> false), "it is the first process of its container"),
                arguments(new Upgrade(2, List.of("true"), () -> true), "its successor serves already"),
                arguments(new Upgrade(2, List.of(), () -> false), "its command line is not known"),
                arguments(new Upgrade(2, List.of("true", "run", "-f", "-"), () -> false),
                        "its configuration came by standard input"),
                arguments(new Upgrade(2, List.of("/nowhere/java"), () -> false), "its successor cannot be started"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("obstacles")
    void aProcessThatCannotBeReplacedSaysWhy(Upgrade upgrade, String why) {
        assertThat(upgrade.start()).isInstanceOfSatisfying(Upgrade.Outcome.Refused.class,
                refused -> assertThat(refused.why()).startsWith(why));
    }

    @Test
    void oneSuccessorAtATimeIsStarted() {
        Upgrade upgrade = new Upgrade(2, List.of("sleep", "60"), () -> false);
        assertThat(upgrade.start()).isInstanceOfSatisfying(Upgrade.Outcome.Started.class, first -> {
            assertThat(upgrade.start()).isEqualTo(new Upgrade.Outcome.Refused(
                    "its successor is on its way already, process " + first.pid()));
            ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
            await("it has ended").until(() -> ProcessHandle.of(first.pid()).filter(ProcessHandle::isAlive).isEmpty());
        });
        assertThat(upgrade.start()).as("the next one may come")
                .isInstanceOfSatisfying(Upgrade.Outcome.Started.class,
                        next -> ProcessHandle.of(next.pid()).orElseThrow().destroyForcibly());
    }
}
