package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code /proc} says of processes. */
public final class ProcessFacts {
    private static final String LISTEN = "0A";
    private static final String UNCONNECTED = "07";

    private ProcessFacts() {
    }

    /** The ports with a listening TCP or a bound UDP socket in the network namespace of a process, and how many. */
    public static Map<Integer, Integer> listening(long pid) throws IOException {
        Map<Integer, Integer> ports = new HashMap<>();
        for (String table : List.of("tcp", "tcp6", "udp")) {
            Path file = Path.of("/proc", Long.toString(pid), "net", table);
            if (!Files.exists(file)) {
                continue;
            }
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 3 && (fields[3].equals(LISTEN) || fields[3].equals(UNCONNECTED))) {
                    ports.merge(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16), 1,
                            Integer::sum);
                }
            }
        }
        return ports;
    }

    /** Resident memory of processes in kilobytes (1,024 bytes), shared pages counted once per process. */
    public static long residentKilobytes(List<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
                sum += lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
            }
        }
        return sum;
    }

    /** How many descriptors several processes have open. */
    public static long openDescriptors(List<Long> pids) throws IOException {
        long sum = 0;
        for (long pid : pids) {
            sum += descriptors(pid).all();
        }
        return sum;
    }

    /** Open descriptors. */
    public static Descriptors descriptors(long pid) throws IOException {
        long all = 0;
        long pipes = 0;
        long sockets = 0;
        try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path link : links.toList()) {
                String to;
                try {
                    to = Files.readSymbolicLink(link).toString();
                } catch (IOException closedMeanwhile) {
                    continue;
                }
                all++;
                pipes += to.startsWith("pipe:") ? 1 : 0;
                sockets += to.startsWith("socket:") ? 1 : 0;
            }
        }
        return new Descriptors(all, pipes, sockets);
    }

    /**
     * What a process has open.
     *
     * @param all descriptors
     * @param pipes ends of pipes among them
     * @param sockets among them
     */
    public record Descriptors(long all, long pipes, long sockets) {
    }
}
