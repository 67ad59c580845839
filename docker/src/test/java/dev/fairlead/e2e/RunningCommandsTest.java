package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a running process, each a process of its own. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningCommandsTest {
    private final String ip0 = Addresses.next();
    private final String ip1 = Addresses.next();
    private final String vip = Addresses.next();
    private final List<ToolProcess> endpoints = new ArrayList<>();
    private Path directory;
    private FairleadSetup setup;
    private FairleadProcess fairlead;

    /** How a command ended and what it said. */
    private record Outcome(int status, String out, String err) {
    }

    @BeforeAll
    void start(@TempDir Path own) throws IOException {
        directory = own;
        Requires.linux();
        endpoints.add(ToolProcess.endpoint("web-0", ip0 + ":8080", EndpointPlan.Mode.GREET));
        endpoints.add(ToolProcess.endpoint("web-1", ip1 + ":8080", EndpointPlan.Mode.GREET));
        setup = FairleadSetup.in(directory);
        fairlead = setup.start(KubernetesYaml.service("web", vip, 8000, "round-robin"),
                KubernetesYaml.slice("web", 8080, List.of(ip0, ip1)));
    }

    @AfterAll
    void stop() throws IOException {
        endpoints.forEach(ToolProcess::close);
        fairlead.close();
    }

    private Outcome run(String... arguments) throws Exception {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        Process command = fairlead.asking(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(command.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(command.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Set<String> names(int connections) throws IOException {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            try (Greeted client = Greeted.open(vip + ":8000")) {
                names.add(client.name());
            }
        }
        return names;
    }

    @Test
    void servicesAndEndpointsInColumns() throws Exception {
        names(2);

        Outcome services = run("get", "services", "-n", "default");
        assertThat(services.err()).isEmpty();
        assertThat(services.out().lines().toList().getFirst())
                .matches("NAMESPACE +NAME +PORT +STATE +USABLE +OPEN +ACCEPTED +FAILED *");
        assertThat(services.out().lines().toList().get(1)).matches("default +web +\\S*8000/TCP +ok +2/2 .*");

        Outcome endpoints = run("get", "endpoints", "default/web", "-o", "wide");
        assertThat(endpoints.out().lines()).hasSize(3);
        assertThat(endpoints.out()).contains(ip0 + ":8080", ip1 + ":8080", "P99", "ready");

        assertThat(run("get", "services", "-n", "elsewhere"))
                .isEqualTo(new Outcome(0, "", "fairlead: no services found\n"));
    }

    @Test
    void theSameForPrograms() throws Exception {
        assertThat(run("get", "listeners", "-o", "json").out()).contains("\"listeners\"", "\"" + vip + ":8000\"",
                "\"state\" : \"open\"");
        assertThat(run("get", "events", "-o", "yaml").out()).startsWith("events:\n").contains("kind: \"plan\"");
    }

    @Test
    void connectionsThatAreThereNow() throws Exception {
        try (Greeted client = Greeted.open(vip + ":8000")) {
            Outcome connections = run("get", "connections", "web", "-o", "wide");

            assertThat(connections.out()).contains("TCP", vip + ":8000", client.name().equals("web-0") ? ip0 : ip1,
                    "relaying", "default/web:");
        }
    }

    @Test
    void aServiceDescribed() throws Exception {
        names(4);

        Outcome service = run("describe", "service", "default/web");

        assertThat(service.status()).isZero();
        assertThat(service.out()).contains("Name:           web", "Balancer:       round-robin", "Addresses:",
                "ClusterIP   " + vip + ":8000", "Endpoints:", ip0 + ":8080", "% of 50%", "Events:", "endpoint-added");
        assertThat(run("describe", "service", "default/nothing")).isEqualTo(new Outcome(1, "",
                "fairlead: there is no Service default/nothing (expected: one of \"fairlead get services\")\n"));
    }

    @Test
    void anEndpointIsDrainedAndComesBack() throws Exception {
        String endpoint = ip0 + ":8080";
        try (Greeted first = Greeted.open(vip + ":8000"); Greeted second = Greeted.open(vip + ":8000")) {
            assertThat(Set.of(first.name(), second.name())).hasSize(2);

            assertThat(run("drain", "endpoint", "default/web", endpoint).out()).isEqualTo("default/web " + endpoint
                    + " takes no new connections; those that it has go on\n");
            assertThat(names(6)).containsExactly("web-1");
            assertThat(first.echo("still here")).isEqualTo("still here");
            assertThat(second.echo("still here")).isEqualTo("still here");
            assertThat(run("get", "endpoints", "web").out()).containsPattern(endpoint + " +drained");
            assertThat(run("get", "services").out()).containsPattern("web +\\S+ +degraded +1/2");
            assertThat(run("explain", "--to", vip + ":8000").out()).contains(ip1,
                    "default/web " + endpoint + "  drained by an operator");
        } finally {
            assertThat(run("drain", "endpoint", "default/web", endpoint, "--undo").out())
                    .isEqualTo("default/web " + endpoint + " takes new connections again\n");
        }
        assertThat(names(6)).containsExactlyInAnyOrder("web-0", "web-1");
    }

    @Test
    void aChangeAtTheAdminAddressNeedsTheToken() throws Exception {
        assertThat(run("drain", "service", "default/web", "--admin", setup.admin())).satisfies(refused -> {
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("it needs the token", "fairlead get token");
        });
        assertThat(names(2)).hasSize(2);
        String token = run("get", "token").out().strip();
        assertThat(token).matches("[0-9a-f]{32}");
        try {
            assertThat(run("drain", "service", "default/web", "--admin", setup.admin(), "--token", token).status())
                    .isZero();
            assertThat(run("get", "services").out()).containsPattern("web +\\S+ +drained +0/2");
        } finally {
            assertThat(run("drain", "service", "default/web", "--undo").status()).isZero();
        }
        assertThat(names(4)).hasSize(2);
    }

    @Test
    void watchingShowsWhatChanges() throws Exception {
        Process watching = fairlead.asking("get", "events", "--watch").start();
        try (BufferedReader lines = watching.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).startsWith("TIME");
            assertThat(run("drain", "endpoint", "default/web", ip1 + ":8080").status()).isZero();
            assertThat(lines.lines().filter(line -> line.contains(" drained ") && line.contains(ip1)).findFirst()
                    .orElseThrow())
                    .contains("default/web");
        } finally {
            watching.destroy();
            assertThat(run("drain", "endpoint", "default/web", ip1 + ":8080", "--undo").status()).isZero();
        }
        assertThat(watching.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(chars = {'q', '\u0003'})
    void topFillsATerminalAndEndsByKey(char end) throws Exception {
        top(top -> {
            top.getOutputStream().write('a');
            top.getOutputStream().flush();
            top.getOutputStream().write(end);
            top.getOutputStream().flush();
        });
    }

    @Test
    void topLeavesTheTerminalAsItWasOnSigterm() throws Exception {
        top(top -> top.descendants().filter(child -> child.info().command().orElse("").endsWith("/java"))
                .forEach(ProcessHandle::destroy));
    }

    /** What ends it. */
    @FunctionalInterface
    private interface Ending {
        void of(Process top) throws IOException;
    }

    private void top(Ending ending) throws Exception {
        String command = FairleadProcess.command("top").stream().map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        ProcessBuilder onTerminal = new ProcessBuilder("script", "-qec",
                "stty rows 30 cols 120; exec " + command, "/dev/null");
        onTerminal.environment().put("XDG_RUNTIME_DIR", setup.directory().toString());
        onTerminal.environment().put("TERM", "xterm-256color");
        Path out = Files.createTempFile(directory, "screen", "");
        Process top = onTerminal.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.readString(out).contains("default"));
            String screen = Files.readString(out);
            assertThat(screen).contains("fairlead ", "ready", "NAMESPACE", "ACCEPTED", "no problems", "\u001b[?1049h");
            ending.of(top);
            assertThat(top.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(top.exitValue()).isZero();
            assertThat(Files.readString(out)).as("the terminal is as it was").contains("\u001b[?1049l");
        } finally {
            top.destroyForcibly();
        }
    }

    @Test
    void withoutATerminalTopSaysSo() throws Exception {
        Outcome top = run("top");

        assertThat(top.status()).isEqualTo(1);
        assertThat(top.err()).contains("this is no terminal");
    }

    @Test
    void nobodyIsSaidInClearWords() throws Exception {
        ProcessBuilder lonely = fairlead.asking("get", "services", "--admin", Addresses.next() + ":1");
        Process command = lonely.redirectErrorStream(true).start();

        assertThat(new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("fairlead: no Fairlead answers at http://127.").contains("Connection refused")
                .contains("(expected: a running one; say where with --admin IP:PORT)");
        assertThat(command.waitFor()).isEqualTo(1);
    }
}
