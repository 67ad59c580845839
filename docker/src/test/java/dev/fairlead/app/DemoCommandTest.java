package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCommandTest {
    private static final String CURL = "curl http://(127\\.\\d+\\.\\d+\\.\\d+:\\d+)    again and again";

    @Test
    void showsItsConfigurationTheCommandsToTypeItsOwnRequestsAndThenCounts() throws Exception {
        RunningCli demo = RunningCli.start(new Cli(), "demo");
        String front = demo.said(CURL).group(1);
        String admin = demo.said("curl http://(\\S+)/api/v1/services").group(1);
        demo.said("requests answered: web-0 3   web-1 3\n");
        assertThat(demo.out()).containsSubsequence("Hello from web-", "Hello from web-", "Hello from web-",
                "Hello from web-", "Hello from web-", "Hello from web-");

        assertThat(List.of(RunningCli.get(front), RunningCli.get(front)))
                .containsExactlyInAnyOrder("Hello from web-0", "Hello from web-1");
        assertThat(RunningCli.get(admin + "/api/v1/services")).contains("\"name\":\"web\"");
        demo.said("requests answered: web-0 4   web-1 4\n");
        Outcome outcome = demo.stop();

        assertThat(outcome.status()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void whatItShowsIsTheConfigurationThatCheckAccepts() throws Exception {
        String shown;
        try (RunningCli demo = RunningCli.start(new Cli(), "demo")) {
            demo.said("requests answered");
            shown = demo.out();
        }
        String configuration = shown.lines().dropWhile(line -> !line.startsWith("    apiVersion"))
                .takeWhile(line -> !line.isEmpty()).map(line -> line.substring(4) + "\n")
                .reduce("", String::concat);

        assertThat(new Cli().in(configuration).execute("check", "-f", "-").out())
                .isEqualTo("ok: 1 service, 2 endpoints\n");
    }

    @Test
    void takesAFreePortWhereItsAddressCannotBeHad() throws Exception {
        try (ServerSocket holder = new ServerSocket()) {
            hold(holder);
            try (RunningCli demo = RunningCli.start(new Cli(), "demo")) {
                String front = demo.said(CURL).group(1);

                assertThat(front).startsWith("127.0.0.1:");
                demo.said("requests answered: web-0 3   web-1 3\n");
            }
        }
    }

    /** Afterwards somebody has the address: this test, or whoever was faster, or no interface of the machine. */
    private static void hold(ServerSocket holder) {
        try {
            holder.bind(IpPort.of("127.0.10.10:8080").socketAddress());
        } catch (IOException somebodyElseHasIt) {
            assertThat(holder.isBound()).isFalse();
        }
    }

    @Test
    void rewritesOneLineForAPerson() throws Exception {
        RunningCli demo = RunningCli.start(new Cli().person().environment("NO_COLOR", "1"), "demo");
        demo.said("\rrequests answered: web-0 3   web-1 3");
        RunningCli.get(demo.said(CURL).group(1));
        demo.said("\rrequests answered: web-0 (4   web-1 3|3   web-1 4)");

        assertThat(demo.stop().out()).endsWith("\n").doesNotContain("\nrequests answered");
    }
}
