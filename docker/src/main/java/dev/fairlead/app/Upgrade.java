package dev.fairlead.app;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts this process's successor: the same program with the same words, in the same place, by whatever now lies at its
 * path. It takes over by itself. One at a time; any thread.
 */
final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final Path OWN_WORDS = Path.of("/proc/self/cmdline");
    private static final String STANDARD_INPUT = "-";

    private final long pid;
    private final List<String> words;
    private final BooleanSupplier succeeded;
    private Optional<Process> onItsWay = Optional.empty();

    /** Whether a successor was started. */
    sealed interface Outcome {
        /**
         * It was.
         *
         * @param pid its number
         */
        record Started(long pid) implements Outcome {
        }

        /**
         * It was not.
         *
         * @param why for people
         */
        record Refused(String why) implements Outcome {
        }
    }

    /**
     * @param pid this process's number
     * @param words of the command line, the program first
     * @param succeeded whether a successor serves
     */
    Upgrade(long pid, List<String> words, BooleanSupplier succeeded) {
        this.pid = pid;
        this.words = List.copyOf(words);
        this.succeeded = succeeded;
    }

    /**
     * Of this process.
     *
     * @param succeeded whether a successor serves
     */
    static Upgrade ofThisProcess(BooleanSupplier succeeded) {
        return new Upgrade(ProcessHandle.current().pid(), ownWords(), succeeded);
    }

    /** As the kernel has them: the JDK knows the first page of them only. */
    private static List<String> ownWords() {
        try {
            return List.of(Files.readString(OWN_WORDS, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException notLinux) {
            return List.of();
        }
    }

    /** Starts it, where that can be. */
    synchronized Outcome start() {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return new Outcome.Refused(obstacle.get());
        }
        try {
            Process successor = new ProcessBuilder(words).inheritIO().redirectInput(new File("/dev/null")).start();
            onItsWay = Optional.of(successor);
            LOG.info("upgrade    process {} starts, to take over from this one", successor.pid());
            successor.onExit().thenAccept(this::ended);
            return new Outcome.Started(successor.pid());
        } catch (IOException failure) {
            return new Outcome.Refused("its successor cannot be started: " + failure.getMessage());
        }
    }

    private Optional<String> obstacle() {
        if (pid == 1) {
            return Optional
                    .of("it is the first process of its container, which ends with it (expected: whoever runs the"
                            + " container starts another beside it, with the same `handover` socket)");
        }
        if (succeeded.getAsBoolean()) {
            return Optional.of("its successor serves already");
        }
        if (onItsWay.filter(Process::isAlive).isPresent()) {
            return Optional.of("its successor is on its way already, process " + onItsWay.get().pid());
        }
        if (words.isEmpty()) {
            return Optional.of("its command line is not known (expected: Linux, with /proc)");
        }
        if (words.contains(STANDARD_INPUT)) {
            return Optional.of("its configuration came by standard input, which is over (expected: -f with a file)");
        }
        return Optional.empty();
    }

    private void ended(Process successor) {
        if (!succeeded.getAsBoolean()) {
            LOG.warn("upgrade    process {} has ended with exit code {} before it served; this process goes on",
                    successor.pid(), successor.exitValue());
        }
    }
}
