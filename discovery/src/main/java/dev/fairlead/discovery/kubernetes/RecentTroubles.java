package dev.fairlead.discovery.kubernetes;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was told lately and need not be told again: as much as fits. One thread at a time. */
final class RecentTroubles {
    /** How long what was told stays told. */
    static final Duration LATELY = Duration.ofMinutes(10);
    private static final int MOST = 1000;

    private final Map<ServiceTrouble, Long> told = new LinkedHashMap<>();

    /** Whether it was told lately. */
    boolean has(ServiceTrouble trouble, long nowNanos) {
        Long when = told.get(trouble);
        return when != null && nowNanos - when < LATELY.toNanos();
    }

    /** It is told now; where there is no room the one told longest ago is forgotten. */
    void add(ServiceTrouble trouble, long nowNanos) {
        told.remove(trouble);
        if (told.size() >= MOST) {
            told.remove(told.keySet().iterator().next());
        }
        told.put(trouble, nowNanos);
    }
}
