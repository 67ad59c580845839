package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a reader must know to repeat a measurement: names and versions, in the order in which they are printed. */
public final class Versions {
    private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");
    private static final Pattern NETTY = Pattern.compile("netty-common-(.*)\\.jar");

    private Versions() {
    }

    /** Of this machine, and of the Netty among the jars that Fairlead runs with. */
    public static Map<String, String> of(Path appLibraries) throws IOException, InterruptedException {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("kernel", Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        found.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
        found.put("jdk", System.getProperty("java.runtime.version", "unknown"));
        netty(appLibraries, found);
        tool("haproxy", List.of("haproxy", "-v"), found);
        tool("nginx", List.of("nginx", "-v"), found);
        return found;
    }

    private static void netty(Path libraries, Map<String, String> found) throws IOException {
        if (!Files.isDirectory(libraries)) {
            return;
        }
        try (Stream<Path> jars = Files.list(libraries)) {
            jars.map(jar -> NETTY.matcher(jar.getFileName().toString())).filter(Matcher::matches).findFirst()
                    .ifPresent(jar -> found.put("netty", jar.group(1)));
        }
    }

    private static void tool(String name, List<String> command, Map<String, String> found)
            throws IOException, InterruptedException {
        if (Command.find(name).isEmpty()) {
            return;
        }
        Path path = Command.need(name, "its version");
        Matcher number = NUMBER.matcher(Command.run(List.of(path.toString(), command.getLast())));
        if (number.find()) {
            found.put(name, number.group(1));
        }
    }
}
