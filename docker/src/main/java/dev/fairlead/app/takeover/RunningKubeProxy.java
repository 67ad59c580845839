package dev.fairlead.app.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Looks for a kube-proxy that runs on this node, where processes of other containers are seen ({@code hostPID}). */
final class RunningKubeProxy {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String NAME = "kube-proxy";

    private RunningKubeProxy() {
    }

    /** The number of its process: of that name, and in this network namespace. */
    static OptionalLong look() {
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            return entries.filter(entry -> String.valueOf(entry.getFileName()).matches("\\d+"))
                    .filter(RunningKubeProxy::isOne)
                    .mapToLong(entry -> Long.parseLong(String.valueOf(entry.getFileName()))).findFirst();
        } catch (IOException unseen) {
            return OptionalLong.empty();
        }
    }

    private static boolean isOne(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip().equals(NAME)
                    && network(process).equals(network(PROCESSES.resolve("self")));
        } catch (IOException ended) {
            return false;
        }
    }

    /**
     * A number of its network namespace: that of a file which is another one in each. The link {@code ns/net} would say
     * it too, but only to who may look into the process, and this one has given that up.
     */
    private static Object network(Path process) throws IOException {
        return Files.getAttribute(process.resolve("net/dev"), "unix:ino");
    }
}
