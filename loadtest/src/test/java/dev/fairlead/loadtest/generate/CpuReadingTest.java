package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CpuReadingTest {
    @Test
    void aBusyProcessHasUsedTheCpuAndItsIdleSiblingHasNot() throws Exception {
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        Process idle = new ProcessBuilder("sleep", "60").start();
        try (Pair pair = new Pair(1)) {
            String load = EveryLoadTest.run("pingpong", pair.serve("echo"), 1);
            // A process that is still being started is not idle yet.
            await().until(() -> Files.readString(Path.of("/proc/" + idle.pid() + "/stat")).contains("(sleep) S"));

            Answer ofBusy = pair.clients(load + " pids=" + busy.pid() + " endpoints=" + idle.pid());
            Answer ofIdle = pair.clients(load + " pids=" + idle.pid() + " endpoints=" + busy.pid());
            Answer ofBoth = pair.clients(load + " pids=" + idle.pid() + "," + busy.pid());

            assertThat(ofBusy.cpu("cpu")).isPositive();
            assertThat(ofBusy.cpu("endpoints")).isZero();
            assertThat(ofIdle.cpu("cpu")).isZero();
            assertThat(ofIdle.cpu("endpoints")).isPositive();
            assertThat(ofBoth.cpu("cpu")).isPositive();
            assertThat(ofBoth.cpu("endpoints")).isZero();
        } finally {
            busy.destroyForcibly();
            idle.destroyForcibly();
        }
    }

    @Test
    void aProcessThatDoesNotRunIsSaidBeforeTheLoad() throws Exception {
        Process over = new ProcessBuilder("true").start();
        over.waitFor();
        try (Pair pair = new Pair(1)) {
            String load = EveryLoadTest.run("pingpong", pair.serve("echo"), 1);

            assertThatThrownBy(() -> pair.clients(load + " pids=" + over.pid()))
                    .hasMessageContaining("process " + over.pid()).hasMessageContaining("expected");
            assertThat(pair.endpoints("status").number("accepted")).isZero();
        }
    }

    @Test
    void aNameWithParenthesesAndBlanksDoesNotShiftTheFields(@TempDir Path folder) throws Exception {
        Path odd = folder.resolve("a) 7 (b");
        Files.writeString(odd, "#!/bin/sh\nwhile read line; do :; done\n");
        Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rwx------"));
        Process process = new ProcessBuilder(odd.toString()).start();
        try {
            CpuReading reading = CpuReading.of(process.pid());

            assertThat(reading.userTicks() + reading.systemTicks()).isBetween(0L, 1000L);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void nanosecondsOfThreadsRefineTheTicksAndKeepTheirSplit() {
        CpuReading begin = new CpuReading(1, 100, 50, Map.of("1", 1_000_000_000L));
        CpuReading end = new CpuReading(1, 103, 51, Map.of("1", 1_040_000_000L, "2", 4_000_000L));

        CpuTime spent = begin.until(end);

        assertThat(spent.user() + spent.system()).isCloseTo(0.044, within());
        assertThat(spent.user()).isCloseTo(0.033, within());
    }

    @Test
    void whenAThreadHasEndedTheTicksCount() {
        CpuReading begin = new CpuReading(1, 100, 50, Map.of("1", 1_000_000_000L, "2", 1L));
        CpuReading end = new CpuReading(1, 200, 60, Map.of("1", 1_001_000_000L));

        assertThat(begin.until(end)).isEqualTo(new CpuTime(1.0, 0.1));
    }

    @Test
    void whenAThreadCameAndWentUnseenTheTicksCount() {
        CpuReading begin = new CpuReading(1, 100, 50, Map.of("1", 1_000_000_000L));
        CpuReading end = new CpuReading(1, 200, 60, Map.of("1", 1_001_000_000L));

        assertThat(begin.until(end)).isEqualTo(new CpuTime(1.0, 0.1));
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-9);
    }
}
