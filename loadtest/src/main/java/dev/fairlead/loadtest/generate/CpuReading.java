package dev.fairlead.loadtest.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a process has had of the CPU so far, as the operating system counts it.
 *
 * @param userTicks from {@code /proc/PID/stat}, in hundredths of a second, of all its threads, ended ones too
 * @param systemTicks likewise
 * @param threads running time of each thread that lives, in nanoseconds, by its id; empty where the kernel does not
 *     count it
 */
record CpuReading(long pid, long userTicks, long systemTicks, Map<String, Long> threads) {
    private static final double TICKS_PER_SECOND = 100;
    /** User and system ticks are rounded down each, at both ends of a window. */
    private static final double ROUNDING_SECONDS = 0.02;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    CpuReading {
        threads = Map.copyOf(threads);
    }

    static CpuReading of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The name of a program may contain anything, so fields count from the last parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new CpuReading(pid, Long.parseLong(fields[USER_TIME]), Long.parseLong(fields[SYSTEM_TIME]),
                    threads(process.resolve("task")));
        } catch (IOException gone) {
            throw new UncheckedIOException("process " + pid + " cannot be read (expected: one that runs)", gone);
        }
    }

    /** Since the process began, to 10 ms. */
    CpuTime life() {
        return new CpuTime(userTicks / TICKS_PER_SECOND, systemTicks / TICKS_PER_SECOND);
    }

    /**
     * The CPU between two readings of one process. Ticks are the whole truth with 10 ms resolution. The threads' own
     * counters have nanoseconds but forget a thread when it ends, so they give the total only when none ended; the
     * split into user and system is that of the ticks.
     */
    CpuTime until(CpuReading later) {
        double user = (later.userTicks - userTicks) / TICKS_PER_SECOND;
        double system = (later.systemTicks - systemTicks) / TICKS_PER_SECOND;
        double coarse = user + system;
        if (threads.isEmpty() || !later.threads.keySet().containsAll(threads.keySet())) {
            return new CpuTime(user, system);
        }
        double fine = later.threads.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - threads.getOrDefault(thread.getKey(), 0L)).sum() / 1e9;
        if (fine < coarse - ROUNDING_SECONDS) {
            return new CpuTime(user, system);
        }
        double userShare = coarse > 0 ? user / coarse : later.userShareOfLife();
        return new CpuTime(fine * userShare, fine * (1 - userShare));
    }

    private double userShareOfLife() {
        long all = userTicks + systemTicks;
        return all == 0 ? 1 : (double) userTicks / all;
    }

    private static Map<String, Long> threads(Path tasks) {
        Map<String, Long> threads = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                String line = Files.readString(task.resolve("schedstat"));
                threads.put(task.getFileName().toString(), Long.parseLong(line.substring(0, line.indexOf(' '))));
            }
        } catch (IOException notCountedOrJustEnded) {
            return Map.of();
        }
        return threads;
    }
}
