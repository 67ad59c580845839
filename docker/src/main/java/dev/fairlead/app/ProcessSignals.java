package dev.fairlead.app;

import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * SIGTERM, SIGINT and SIGHUP of this process. Not a shutdown hook: after one the JVM exits with 143, and a gentle end
 * is no failure.
 */
final class ProcessSignals {
    // timeout(1) and others signal a process and then its group: that is one word, said twice.
    private static final Duration ECHO = Duration.ofMillis(20);
    // Numbers as POSIX has them; a process that a signal ends at once exits with 128 and this.
    private static final Map<String, Integer> NUMBERS = Map.of("TERM", 15, "INT", 2);

    // Of /proc/self/status: a bit for each signal, the lowest for number 1, which is SIGHUP.
    private static final String IGNORED = "SigIgn:";

    private ProcessSignals() {
    }

    /**
     * In a moment the first signal gives the word to stop, and a second one ends the process at once. Until then one
     * ends it as it would have before: making the proxies below takes as long as reading the files, and need not be
     * waited for.
     */
    static StopSignal handled() {
        StopSignal stop = new StopSignal(Ticker.SYSTEM);
        Thread.ofPlatform().daemon().name("signals").start(() -> {
            NUMBERS.forEach((name, number) -> handle(name, () -> {
                if (!stop.give("SIG" + name) && stop.age().compareTo(ECHO) > 0) {
                    Runtime.getRuntime().halt(128 + number);
                }
            }));
            if (!hangUpsIgnored()) {
                handle("HUP", stop::hangUp);
            }
        });
        return stop;
    }

    /** As nohup(1) has it, and a handler would not. */
    private static boolean hangUpsIgnored() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(IGNORED)).findFirst()
                    .map(line -> (Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16) & 1) == 1)
                    .orElse(false);
        } catch (IOException notLinux) {
            return false;
        }
    }

    /** The JDK has no other way to handle a signal, and javac warns of this one unless it is found by name. */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Constructor<?> named = signal.getConstructor(String.class);
            Method handle = signal.getMethod("handle", signal, handler);
            Object proxy = Proxy.newProxyInstance(ProcessSignals.class.getClassLoader(), new Class<?>[]{handler},
                    (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            handle.invoke(null, named.newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled", e);
        }
    }
}
