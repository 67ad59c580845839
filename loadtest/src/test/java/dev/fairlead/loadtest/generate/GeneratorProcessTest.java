package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeneratorProcessTest {
    @BeforeEach
    void hasEpoll() {
        assumeTrue(Epoll.isAvailable(), "the generator needs epoll");
    }

    @Test
    void twoProcessesTalkByLinesAndEndWithTheirInput() throws Exception {
        Process endpoints = start("endpoints");
        Process clients = start("clients");
        try (BufferedReader endpointsSay = endpoints.inputReader(); BufferedReader clientsSay = clients.inputReader()) {
            String to = say(endpoints, endpointsSay, "serve kind=reply listen=127.0.0.1:0 bytes=200").address();

            Answer run = say(clients, clientsSay,
                    "run kind=connect connections=4 warm=0.1 measure=0.4 reply=200 to=" + to
                            + " endpoints=" + endpoints.pid() + " pids=" + endpoints.pid());

            assertThat(run.json()).startsWith("{\"kind\":\"connect\",\"units\":").contains("\"errors\":0,");
            assertThat(run.number("units")).isPositive();
            // The same process, read one after the other.
            assertThat(run.cpu("cpu")).isPositive().isCloseTo(run.cpu("endpoints"), within(0.1));
            assertThat(run.cpu("generator")).isPositive();
            Answer status = say(endpoints, endpointsSay, "status");
            assertThat(status.number("accepted")).isGreaterThanOrEqualTo(run.number("units"));
            assertThat(status.number("descriptors")).isPositive();
            assertThat(status.number("userSeconds") + status.number("systemSeconds")).isPositive();

            clients.getOutputStream().close();
            endpoints.getOutputStream().close();
            assertThat(clients.waitFor()).isZero();
            assertThat(endpoints.waitFor()).isZero();
        } finally {
            clients.destroyForcibly();
            endpoints.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fly", "run", "run kind=fly", "run kind=connect to=nowhere", "run kind",
            "run kind=connect to=127.0.0.1:1 connections=0 warm=0 measure=1",
            "run kind=connect to=127.0.0.1:1 connections=1 warm=0 measure=x",
            "run kind=connect to=127.0.0.1:1 connections=1 warm=0 measure=1 colour=red",
            "run kind=connect kind=connect",
            "run kind=pingpong to=127.0.0.1:1 connections=1 request=3 warm=0 measure=1",
            "run kind=slow to=127.0.0.1:1 connections=1 warm=0 measure=1",
            "run kind=bulk-up to=127.0.0.1:1 connections=1 warm=0 measure=1 rate=5",
            "run kind=connect to=127.0.0.1:1 connections=1 warm=0 measure=1 pids=none", "background-stop", "touch"})
    void aWrongCommandToClientsSaysWhatIsExpectedAndTheRoleLivesOn(String wrong) throws Exception {
        List<String> answers = answers("clients", wrong, "release");

        assertThat(answers.getFirst()).matches("\\{\"error\":\".*(expected|needs|not key=value|twice).*\"\\}");
        assertThat(answers.getLast()).isEqualTo("{\"closed\":0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "serve kind=fly listen=127.0.0.1:0", "serve kind=echo listen=localhost:0",
            "serve kind=echo listen=127.0.0.1:99999", "serve kind=udp-reply bytes=70000 listen=127.0.0.1:0",
            "serve kind=echo listen=203.0.113.1:1", "drop listen=127.0.0.1:1", "run"})
    void aWrongCommandToEndpointsSaysSoAndTheRoleLivesOn(String wrong) throws Exception {
        List<String> answers = answers("endpoints", wrong, "status");

        assertThat(answers.getFirst()).matches("\\{\"error\":\".*(expected|needs|cannot serve).*\"\\}");
        assertThat(answers.getLast()).startsWith("{\"open\":0,\"accepted\":0,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--role", "--role fly", "--role clients --loops 0", "--roll clients"})
    void wrongArgumentsSayWhatIsExpectedAndExitWithTwo(String line) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = Generator.run(line.isEmpty() ? new String[0] : line.split(" "), reader(""), System.out,
                new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).matches("(?s).*(expected|lacks).*");
    }

    private static List<String> answers(String role, String... commands) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = Generator.run(new String[]{"--role", role}, reader(String.join("\n", commands)),
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err);

        assertThat(code).isZero();
        List<String> answers = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(answers).hasSize(commands.length);
        return answers;
    }

    private static BufferedReader reader(String text) {
        return new BufferedReader(new StringReader(text));
    }

    private static Answer say(Process process, BufferedReader says, String command) throws IOException {
        Writer to = process.outputWriter();
        to.write(command + "\n");
        to.flush();
        return new Answer(String.valueOf(says.readLine()));
    }

    private static Process start(String role) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                        "-Xmx128m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                        "-cp", System.getProperty("java.class.path"), Generator.class.getName(), "--role", role));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
