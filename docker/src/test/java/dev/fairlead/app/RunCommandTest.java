package dev.fairlead.app;

import static dev.fairlead.app.RunningCli.freeAddress;
import static dev.fairlead.app.RunningCli.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.model.IpPort;
import java.io.IOException;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunCommandTest {
    @TempDir
    Path folder;

    private DemoEndpoint one;
    private DemoEndpoint two;
    private String front;
    private String to;

    @BeforeEach
    void twoEndpoints() throws IOException {
        one = new DemoEndpoint("one");
        two = new DemoEndpoint("two");
        front = freeAddress();
        to = one.address() + "," + two.address();
    }

    @AfterEach
    void closeEndpoints() {
        one.close();
        two.close();
    }

    @Test
    void theOneLinerSpreadsConnectionsSaysEachStepWithItsTimeAndStopsWithZero() throws Exception {
        RunningCli running = RunningCli.start(new Cli(), "run", "--listen", front, "--to", to, "--balancer",
                "round-robin", "--admin", "127.0.0.1:0");
        String admin = running.said("admin +http://(\\S+) \\(\\d+ ms\\)").group(1);
        running.said("ready +in \\d+ ms");

        List<String> answers = List.of(get(front), get(front), get(front), get(front));
        assertThat(get(admin + "/readyz")).startsWith("ready");
        Outcome outcome = running.stop();

        assertThat(answers.subList(0, 2)).containsExactlyInAnyOrder("Hello from one", "Hello from two");
        assertThat(answers.subList(2, 4)).isEqualTo(answers.subList(0, 2));
        assertThat(outcome.status()).isEqualTo(ExitCode.OK);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).containsSubsequence("config     1 service, 2 endpoints (", "data path  ",
                "admin      http://", "listeners  1 open (", "ready      in ", "stopping   on the test: ",
                "stopped    0 connections reset");
        assertThat(outcome.out().lines().filter(line -> line.contains("default/proxy 127.0.0.1:"))).hasSize(4);
    }

    @Test
    void filesAndStandardInputAreServed() throws Exception {
        try (RunningCli running = RunningCli.start(new Cli().in(configuration("")), "run", "-f", "-", "--admin", "off",
                "--data-path", "nio")) {
            running.said("ready +in");

            assertThat(get(front)).startsWith("Hello from ");
            assertThat(running.out()).contains("data path  channel/nio, ", "admin      off");
        }
    }

    @Test
    void kubeProxysAddressesAnswerWithoutAClusterTooWhereTheyAreAskedFor() throws Exception {
        try (RunningCli running = RunningCli.start(
                new Cli().in(configuration("healthzBindAddress: 127.0.0.1:0\nmetricsBindAddress: 127.0.0.1:0\n")),
                "run", "-f", "-", "--admin", "off")) {
            String healthz = running.said("healthz +http://(\\S+)").group(1);
            String metrics = running.said("metrics +http://(\\S+)").group(1);
            running.said("ready +in");

            assertThat(get(healthz + "/healthz")).contains("\"nodeEligible\":true,\"healthy\":true");
            assertThat(get(metrics + "/proxyMode")).isEqualTo("fairlead");
            assertThat(get(metrics + "/configz")).startsWith("{\"kubeproxy.config.k8s.io\":{");
            assertThat(get(metrics + "/metrics")).contains("kubeproxy_sync_proxy_rules_duration_seconds_count 1");
        }
    }

    @Test
    void withJsonEveryLineIsAnObjectTheAccessLogToo() throws Exception {
        RunningCli running = RunningCli.start(new Cli(), "run", "--listen", front, "--to", to, "--admin", "off",
                "--log-format", "json");
        running.said("ready +in");
        get(front);
        running.said("\"service\":\"default/proxy\"");

        assertThat(running.stop().out().lines()).hasSizeGreaterThan(5)
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
    }

    @Test
    void anAdminAddressThatIsTakenEndsItInOneSentence() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, IpPort.of("127.0.0.1:0").ip())) {
            String admin = "127.0.0.1:" + holder.getLocalPort();

            Outcome outcome = new Cli().execute("run", "--listen", front, "--to", to, "--admin", admin);

            assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(outcome.err()).startsWith("fairlead: ").contains(admin).hasLineCount(1);
        }
    }

    @Test
    void whereNoAddressCanBeOpenedItEndsAndSaysWhichAndWhy() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, IpPort.of("127.0.0.1:0").ip())) {
            String taken = "127.0.0.1:" + holder.getLocalPort();

            Outcome outcome = new Cli().execute("run", "--listen", taken, "--to", to, "--admin", "off");

            assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(outcome.err()).isEqualTo(
                    "fairlead: none of the addresses could be opened, so there is nothing to run for, and nothing is tried again\n");
            assertThat(outcome.out()).containsPattern("WARN  cannot open " + taken + ": .*in use");
        }
    }

    @Test
    void anAddressThatNoInterfaceHasComesWithTheCommandThatGivesItOne() {
        Outcome outcome = new Cli().execute("run", "--listen", "192.0.2.1:8080", "--to", to, "--admin", "off");

        assertThat(outcome.out()).contains(
                "(the address is not this machine's: ip route add local 192.0.2.1 dev lo makes it so, and"
                        + " serviceAddresses: anyip makes Fairlead do it)");
    }

    @Test
    void whereSomeAddressesOpenItServesThoseAndGoesOnTrying() throws Exception {
        ServerSocket holder = new ServerSocket(0, 1, IpPort.of("127.0.0.1:0").ip());
        String taken = "127.0.0.1:" + holder.getLocalPort();
        try (RunningCli running = RunningCli.start(new Cli(), "run", "--listen", front + "," + taken, "--to", to,
                "--admin", "off")) {
            running.said("listeners +1 open, 1 not \\(");
            running.said("ready +in");
            assertThat(get(front)).startsWith("Hello from ");

            holder.close();

            running.said("table \\d+ in force[^\\n]*\\n[^\\n]*open " + taken);
            assertThat(get(taken)).startsWith("Hello from ");
        }
    }

    @Test
    void everyOptionThatMakesNoSenseIsToldByItsName() {
        Outcome outcome = new Cli().execute("run", "--listen", front, "--to", to, "--admin", "nowhere", "--data-path",
                "warp", "--log-level", "loud", "--log-format", "xml", "--balancer", "rondom");

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).satisfiesExactly(line -> assertThat(line).startsWith("--admin: \"nowhere\""),
                line -> assertThat(line).startsWith("--data-path: ").contains("warp"),
                line -> assertThat(line).startsWith("--balancer: ").endsWith("did you mean \"random\"?"),
                line -> assertThat(line).startsWith("--log-level: ").contains("loud"),
                line -> assertThat(line).startsWith("--log-format: ").contains("xml"),
                line -> assertThat(line).isEqualTo("5 problems"));
    }

    @Test
    void addressesOfTheOneLinerAreToldByTheirOptions() {
        Outcome listen = new Cli().execute("run", "--listen", "127.0.0.1", "--to", to);
        Outcome endpoints = new Cli().execute("run", "--listen", front, "--to", "127.0.0.1:1,127.0.0.1:99999");

        assertThat(List.of(listen.status(), endpoints.status())).containsOnly(ExitCode.BAD_INPUT);
        assertThat(listen.err()).startsWith("--listen: \"127.0.0.1\" has no port");
        assertThat(endpoints.err()).isEqualTo(
                "--to: \"99999\" is not a port (expected: a whole number from 1 to 65535)\n1 problem\n");
    }

    @Test
    void badFilesEndItBeforeAnythingIsOpened() throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), configuration("unknown: 1\n"));

        Outcome outcome = new Cli().execute("run", "-f", file.toString());

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith(file + ":3:1: unknown: ").endsWith("\n1 problem\n");
    }

    @Test
    void settingsThatCanChangeWhileItRunsDoAndTheOthersAreNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("web.yaml"), configuration("admin: \"off\"\n"));
        try (RunningCli running = RunningCli.start(new Cli(), "run", "-f", file.toString())) {
            running.said("ready +in");

            Files.writeString(file, configuration("""
                    admin: "127.0.0.1:0"
                    dataPath: nio
                    logging: {level: warn, accessLog: "off"}
                    drain: {deadline: 7s}
                    """));

            running.said("WARN  changed, but in force only after the next start: admin, dataPath, logging.accessLog");
            Outcome outcome = running.stop();
            assertThat(outcome.out()).as("said at level info").doesNotContain("stopping");
        }
    }

    @Test
    void aDrainThatChangedWhileItRunsHolds() throws Exception {
        Path file = Files.writeString(folder.resolve("web.yaml"), configuration("admin: \"off\"\n"));
        RunningCli running = RunningCli.start(new Cli(), "run", "-f", file.toString());
        running.said("ready +in");
        // The second change can be seen to have come into force; the first then has too.
        Files.writeString(file, configuration("admin: \"off\"\ndrain: {grace: 10ms, deadline: 7s}\n")
                .replace("name: web", "name: other"));
        running.said("default/other");

        assertThat(running.stop().out())
                .contains("doors close after 10ms, then up to 7s for 0 connections");
    }

    private String configuration(String settings) {
        return """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                %sservices:
                  - {name: web, listen: "%s", endpoints: ["%s", "%s"]}
                """.formatted(settings, front, one.address(), two.address());
    }
}
