package dev.fairlead.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ToolsAsProcessesTest {
    private static final Pattern LISTENING = Pattern.compile("\\{\"listening\":\"127\\.0\\.0\\.1:(\\d+)\",.*");

    @Test
    void anEndpointAndAStormTalkAndBothEndWellOnSigterm() throws Exception {
        Process endpoint = start(EndpointProcess.class, "--listen", "127.0.0.1:0", "--name", "web-7");
        Process storm = endpoint;
        try (BufferedReader endpointSays = endpoint.inputReader()) {
            Matcher listening = LISTENING.matcher(String.valueOf(endpointSays.readLine()));
            assertThat(listening.matches()).isTrue();
            String to = "127.0.0.1:" + listening.group(1);

            Process bounded = start(ConnectionStorm.class, "--to", to, "--connections", "200", "--seed", "7");
            assertThat(lastLine(bounded)).startsWith(
                    "{\"seed\":7,\"opened\":200,\"succeeded\":200,\"endpoints\":{\"web-7\":180},\"failures\":{},");
            assertThat(bounded.waitFor()).isZero();

            storm = start(ConnectionStorm.class, "--to", to, "--connections", "1000000", "--concurrency", "4");
            try (BufferedReader says = storm.errorReader()) {
                assertThat(says.readLine()).startsWith("storm on /127.0.0.1:");
                storm.toHandle().destroy();
            }
            assertThat(lastLine(storm)).contains("\"failures\":{}");
            assertThat(storm.waitFor()).isZero();

            endpoint.toHandle().destroy();
            assertThat(endpointSays.readLine()).startsWith("{\"name\":\"web-7\",\"accepted\":")
                    .contains("\"failures\":{}");
            assertThat(endpoint.waitFor()).isZero();
        } finally {
            endpoint.destroyForcibly();
            storm.destroyForcibly();
        }
    }

    @Test
    void aStormThatMeetsFailuresExitsWithOneAndNamesThem() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Process storm = start(ConnectionStorm.class, "--to", "127.0.0.1:1", "--connections", "3");
        storm.getInputStream().transferTo(out);

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"failures\":{\"refused\":3}");
        assertThat(storm.waitFor()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--too 1", "--to", "--to nowhere", "--to 127.0.0.1:99999", "--to 127.0.0.1:1 --talk x",
            "--to 127.0.0.1:1 --orders x", "--to 127.0.0.1:1 --connections many"})
    void aWrongStormSaysWhatIsExpectedAndExitsWithTwo(String line) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = ConnectionStorm.run(words(line), System.out, new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).matches("(?s).*(expected|needed|lacks).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--listen 127.0.0.1:0 --mode wrong", "--port 1"})
    void aWrongEndpointSaysWhatIsExpectedAndExitsWithTwo(String line) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = EndpointProcess.run(words(line), System.out, new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).matches("(?s).*(expected|needed|lacks).*");
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" ", -1)).filter(word -> !word.isEmpty()).toArray(String[]::new);
    }

    private static Process start(Class<?> tool, String... args) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                        "-Xmx128m", "-cp", System.getProperty("java.class.path"), tool.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static String lastLine(Process process) throws IOException, InterruptedException {
        try (BufferedReader lines = process.inputReader()) {
            List<String> all = lines.lines().toList();
            assertThat(process.waitFor(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            return all.isEmpty() ? "" : all.getLast();
        }
    }
}
