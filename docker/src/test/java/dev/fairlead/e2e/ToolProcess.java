package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.loadtest.ConnectionStorm;
import dev.fairlead.loadtest.EndpointPlan;
import dev.fairlead.loadtest.EndpointProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tool of loadtest in a process of its own, which reports in lines of JSON. */
final class ToolProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private static final String LONGEST_TEST_SECONDS = "3600";

    private final Process process;
    private final BufferedReader output;

    private ToolProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** An endpoint that listens already. */
    static ToolProcess endpoint(String name, String address, EndpointPlan.Mode mode) throws IOException {
        ToolProcess tool = start(EndpointProcess.class, "--listen", address, "--name", name, "--mode", mode.word(),
                "--seconds", LONGEST_TEST_SECONDS);
        assertThat(tool.output.readLine()).as("first words of endpoint %s", name).contains("\"listening\"");
        return tool;
    }

    static ToolProcess storm(String... arguments) throws IOException {
        return start(ConnectionStorm.class, arguments);
    }

    /** Its last line, once it has ended by itself. */
    String report() throws IOException, InterruptedException {
        Optional<String> last = output.lines().reduce((earlier, later) -> later);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return last.orElseThrow(() -> new AssertionError("no report; exit code " + process.exitValue()));
    }

    /** Its last line, after SIGTERM. */
    String stop() throws IOException, InterruptedException {
        Signal.TERM.to(process.pid());
        return report();
    }

    /** A number of a report. */
    static long number(String report, String field) {
        Matcher matcher = Pattern.compile("\"" + Pattern.quote(field) + "\":(\\d+)").matcher(report);
        assertThat(matcher.find()).as("%s in %s", field, report).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static ToolProcess start(Class<?> tool, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(FairleadProgram.java(), "-XX:TieredStopAtLevel=1", "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", Path.of(location(tool)).toString(), tool.getName()));
        command.addAll(List.of(arguments));
        return new ToolProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    private static String location(Class<?> tool) {
        return tool.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
