package dev.fairlead.forward;

import dev.fairlead.transport.linux.Kernel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The sockets and pipes that this process has at a moment, from /proc/self/fd. Files and what the JVM's own poller has
 * are left out; so is everything on a machine that has no such folder.
 *
 * @param names what each descriptor is: {@code socket:[123]}, {@code pipe:[456]}
 */
record Descriptors(Map<Integer, String> names) {
    private static final Path HERE = Path.of("/proc/self/fd");

    private static boolean known() {
        return Files.isDirectory(HERE);
    }

    static Descriptors now() throws IOException {
        Map<Integer, String> names = new TreeMap<>();
        if (!known()) {
            return new Descriptors(names);
        }
        SocketChannel.open().close(); // from the first channel on the JVM keeps sockets of its own
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(HERE)) {
            for (Path entry : entries) {
                try {
                    String name = Files.readSymbolicLink(entry).toString();
                    if (name.startsWith("socket:") || name.startsWith("pipe:")) {
                        names.put(Integer.parseInt(entry.getFileName().toString()), name);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // The listing's own, or one that was closed since.
                }
            }
        }
        return new Descriptors(names);
    }

    /** What was not there before, each once: both ends of a pipe have one name. */
    Set<String> since(Descriptors before) {
        Set<String> fresh = new TreeSet<>(names.values());
        fresh.removeAll(before.names.values());
        return fresh;
    }

    /** Bytes that lie in each pipe that was not there before. */
    Map<String, Integer> inPipesSince(Descriptors before) {
        return ofPipes(before, Kernel::waiting);
    }

    /** The capacity, in bytes, of each pipe that was not there before. */
    Map<String, Integer> pipeSizesSince(Descriptors before) {
        return ofPipes(before, Kernel::pipeSize);
    }

    private Map<String, Integer> ofPipes(Descriptors before, Question question) {
        Set<String> fresh = since(before);
        Map<String, Integer> answers = new TreeMap<>();
        Kernel kernel = new Kernel();
        names.forEach((fd, name) -> {
            // One that was closed since the listing has nothing to say.
            int answer = name.startsWith("pipe:") && fresh.contains(name) ? question.ask(kernel, fd) : -1;
            if (answer >= 0) {
                answers.put(name, answer);
            }
        });
        return answers;
    }

    private interface Question {
        int ask(Kernel kernel, int fd);
    }
}
