package dev.fairlead.loadtest.bench.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that answers each line on its standard input with one line on its standard output. */
public final class Conversation implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final String name;
    private final Process process;
    private final Daemon daemon;
    private final Writer asks;
    /** Empty once it has said its last. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private Conversation(String name, Process process, Path complaints) {
        this.name = name;
        this.process = process;
        this.daemon = Daemon.adopt(name, process, complaints);
        this.asks = process.outputWriter();
        Thread.ofVirtual().name("hear " + name).start(() -> hear(process.inputReader()));
    }

    /** Starts it; its standard error goes to the file of complaints. */
    public static Conversation start(String name, List<String> command, Path complaints) throws IOException {
        return new Conversation(name, new ProcessBuilder(command).redirectError(complaints.toFile()).start(),
                complaints);
    }

    public long pid() {
        return process.pid();
    }

    /** The answer. Silence is an error, and so is its end. */
    public String ask(String line, Duration patience) throws IOException, InterruptedException {
        try {
            asks.write(line + "\n");
            asks.flush();
        } catch (IOException closed) {
            throw new IOException(name + " has ended" + daemon.said(), closed);
        }
        Optional<String> answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new IOException(name + " did not answer in " + patience.toSeconds() + " seconds: " + line);
        }
        return answer.orElseThrow(() -> new IOException(name + " has ended instead of answering: " + line
                + daemon.said()));
    }

    private void hear(BufferedReader from) {
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException ended) {
            // The same as its end.
        }
        answers.add(Optional.empty());
    }

    /** The end of its input tells it to go; it is killed when it does not. */
    @Override
    public void close() {
        try {
            asks.close();
            process.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException gone) {
            // It went first.
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        daemon.close();
    }
}
