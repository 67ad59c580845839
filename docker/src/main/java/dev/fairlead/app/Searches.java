package dev.fairlead.app;

import java.util.Map;

/**
 * What the JDK and the libraries would look for in every jar at every start, to find what is always the same. The looks
 * take longer than all that is found. A property that a user set stays as it is.
 */
final class Searches {
    private static final Map<String, String> FOUND = Map.of("slf4j.provider", DirectLogs.class.getName(),
            // Otherwise slf4j tells standard error that it does as it was told.
            "slf4j.internal.verbosity", "WARN");
    // Netty's epoll asks the JDK for a selector, and the JDK asks all jars.
    private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";

    private Searches() {
    }

    /** From now on they are not made. To be called before anything logs. */
    static void spare() {
        FOUND.forEach(System.getProperties()::putIfAbsent);
        if (System.getProperty("os.name").equals("Linux")) {
            System.getProperties().putIfAbsent(SELECTORS, "sun.nio.ch.EPollSelectorProvider");
        }
    }
}
