package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.SliceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What waits for the next offer. One thread. */
final class WaitingChanges {
    private final Instant since;
    private final Map<SliceKey, List<Instant>> triggers = new LinkedHashMap<>();
    private int services;
    private int slices;
    private long firstNanos;

    /** @param sinceEpochMillis changes from before then say nothing about how fast we are */
    WaitingChanges(long sinceEpochMillis) {
        this.since = Instant.ofEpochMilli(sinceEpochMillis);
    }

    void service(long nowNanos) {
        begin(nowNanos);
        services++;
    }

    void slice(SliceKey key, Optional<Instant> trigger, long nowNanos) {
        begin(nowNanos);
        slices++;
        trigger.filter(time -> time.isAfter(since))
                .ifPresent(time -> triggers.computeIfAbsent(key, _ -> new ArrayList<>()).add(time));
    }

    /** As in kube-proxy (endpointschangetracker.go), a slice that went takes its trigger times along. */
    void sliceGone(SliceKey key, long nowNanos) {
        begin(nowNanos);
        slices++;
        triggers.remove(key);
    }

    private void begin(long nowNanos) {
        if (services + slices == 0) {
            firstNanos = nowNanos;
        }
    }

    /**
     * Hands everything over and begins anew; empty where nothing has changed.
     *
     * @param effective whether anything came of it
     */
    Optional<Changes> take(boolean effective) {
        if (services + slices == 0) {
            return Optional.empty();
        }
        Changes changes = new Changes(services, slices,
                effective ? triggers.values().stream().flatMap(List::stream).toList() : List.of(), firstNanos);
        services = 0;
        slices = 0;
        triggers.clear();
        return Optional.of(changes);
    }
}
