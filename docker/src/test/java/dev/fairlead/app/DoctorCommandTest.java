package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    Path directory;

    private String file(String text) throws Exception {
        return Files.writeString(directory.resolve("fairlead.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                """ + text).toString();
    }

    @Test
    void aMachineIsLookedAtWithoutAConfigurationAndAProcess() {
        Outcome outcome = new Cli().execute("doctor", "--admin", "127.0.0.1:1");

        assertThat(outcome.out()).contains("note     process: no Fairlead answers at http://127.0.0.1:1: ")
                .contains("\n         -> start it, or say where it answers\n").contains("descriptors: ")
                .contains("privileges: all that this configuration has a use for");
    }

    @Test
    void anApiServerThatIsNotThereIsAProblemWithItsAddress() throws Exception {
        Outcome outcome = new Cli().execute("doctor", "--admin", "127.0.0.1:1", "-f",
                file("kubernetes: {server: \"http://127.0.0.1:1\"}\n"));

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).contains("problem  API server: http://127.0.0.1:1")
                .contains("         -> kubernetes.server, ");
    }

    @Test
    void theSameAsJson() {
        assertThat(new Cli().execute("doctor", "--json", "--admin", "127.0.0.1:1").out())
                .startsWith("[{\"grade\":\"note\",\"about\":\"process\",\"says\":\"no Fairlead answers at ")
                .endsWith("}]\n");
    }

    @Test
    void aFileThatIsWrongIsSaidBeforeAnythingIsLookedAt() throws Exception {
        Outcome outcome = new Cli().execute("doctor", "-f", file("oneDor: on\n"));

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("fairlead.yaml:3:1: ").contains("did you mean");
    }

    @Test
    void aRunningProcessIsAskedAndAliveByTheFlagToo() throws Exception {
        Cli cli = new Cli();
        try (RunningCli running = RunningCli.start(cli, "run", "-f", file("admin: \"127.0.0.1:0\"\n"))) {
            String admin = running.said("admin +http://(\\S+) ").group(1);
            running.said("ready  ");

            assertThat(new Cli().execute("doctor", "--admin", admin).out())
                    .startsWith("ok       process: runs and is ready\n");
            Outcome alive = new Cli().execute("--health", "--admin", admin);
            assertThat(alive.status()).isEqualTo(ExitCode.OK);
            assertThat(alive.out()).isNotBlank();
        }
    }

    @Test
    void nobodyIsNotAlive() {
        Outcome outcome = new Cli().execute("--health", "--admin", "127.0.0.1:1");

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.err()).startsWith("fairlead: no Fairlead answers at http://127.0.0.1:1: ");
    }
}
