package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What another JVM says of its heap. */
public final class JavaHeap {
    /** What jcmd says of each generation, or of a heap without generations. */
    private static final Pattern USED = Pattern
            .compile("total (?:reserved \\d+K, committed )?\\d+K, used (\\d+)K");
    private static final int KILOBYTE = 1024;

    private JavaHeap() {
    }

    /** Forces a garbage collection. */
    public static void collect(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
    }

    /** Bytes that live in it; some of them are garbage unless it was just {@linkplain #collect collected}. */
    public static long used(long pid) throws IOException, InterruptedException {
        return USED.matcher(jcmd(pid, "GC.heap_info")).results()
                .mapToLong(generation -> Long.parseLong(generation.group(1))).sum() * KILOBYTE;
    }

    private static String jcmd(long pid, String word) throws IOException, InterruptedException {
        return Command.run(List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid), word));
    }
}
