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

    /** The sum over the series that match, 0 where there is none. */
    double sum(String admin, String series) throws IOException, InterruptedException {
        return ask(List.of("sum", "http://" + admin + "/metrics", series));
    }

    /** Connects to each address so many times, one after the other. How many connections were answered. */
    long use(List<String> addresses, int times) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("use", Integer.toString(times)));
        words.addAll(addresses);
        return Long.parseLong(tell(words, PATIENCE.multipliedBy(2)));
    }

    /** Reads the metrics so often, one reading beginning so long after the other or when it has ended. */
    Scrapes scrapes(String admin, int times, int everyMillis) throws IOException, InterruptedException {
        String[] words = tell(List.of("scrape", "http://" + admin + "/metrics", Integer.toString(times),
                Integer.toString(everyMillis)), PATIENCE).split("\t", -1);
        return new Scrapes(Double.parseDouble(words[0]), Double.parseDouble(words[1]), Long.parseLong(words[2]));
    }

    /**
     * How long readings took, from the request to the last byte.
     *
     * @param bytes of the last one
     */
    record Scrapes(double medianMillis, double worstMillis, long bytes) {
    }

    /** Returns when an address answers with status 200. */
    void await(String url, Duration atMost) throws IOException, InterruptedException {
        tell(List.of("await", url, Long.toString(atMost.toMillis())), atMost.plus(PATIENCE));
    }

    /** The groups of the first match in a page, which is asked for as JSON. */
    List<String> find(String url, String pattern) throws IOException, InterruptedException {
        return List.of(tell(List.of("find", url, pattern), PATIENCE).split("\t", -1));
    }

    private String tell(List<String> words, Duration patience) throws IOException, InterruptedException {
        String answer = process.ask(String.join("\t", words), patience);
        if (answer.startsWith("error ")) {
            throw new IOException(String.join(" ", words) + ": " + answer);
        }
        return answer;
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
