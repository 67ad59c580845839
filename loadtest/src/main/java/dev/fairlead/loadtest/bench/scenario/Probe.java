package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.machine.Conversation;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.probe.ProbeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The {@link ProbeProcess} of a network, seen from outside. */
final class Probe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Conversation process;

    private Probe(Conversation process) {
        this.process = process;
    }

    static Probe start(Network network, String classPath, Path directory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Probe(Conversation.start("the probe in " + network.name(),
                network.command(List.of(java, "-XX:+UseSerialGC", "-Xmx64m", "-cp", classPath,
                        ProbeProcess.class.getName())),
                directory.resolve(network.name() + "-probe.log")));
    }

    /** Milliseconds from exec to the first answer at an address; the process is ended then. */
    double start(String address, List<String> command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("start", address));
        words.addAll(command);
        return ask(words);
    }

    double metric(String admin, String name) throws IOException, InterruptedException {
        return ask(List.of("metric", "http://" + admin + "/metrics", name));
    }

    private double ask(List<String> words) throws IOException, InterruptedException {
        String answer = process.ask(String.join("\t", words), PATIENCE);
        try {
            return Double.parseDouble(answer);
        } catch (NumberFormatException notANumber) {
            throw new IOException(String.join(" ", words) + ": " + answer, notANumber);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
