package dev.fairlead.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Who asks at kube-proxy's addresses and whether they are open. Written where they are served, read at scrape. */
public final class ProbeMeters {
    /** A question that kube-proxy counts. */
    public enum Probe {
        HEALTHZ, LIVEZ
    }

    /** An address that may not open and does not end the process then. */
    public enum Door {
        HEALTHZ("healthz"), METRICS("metrics"), HEALTH_CHECKS("healthCheckNodePort");

        private final String word;

        Door(String word) {
            this.word = word;
        }

        /** As in the configuration, {@code healthz}BindAddress, or in a Service: any of its health check node ports. */
        @Override
        public String toString() {
            return word;
        }
    }

    private final Map<Probe, Map<Integer, LongAdder>> answers = new EnumMap<>(Probe.class);
    private final Map<Door, AtomicBoolean> failing = new EnumMap<>(Door.class);

    public ProbeMeters() {
        for (Probe probe : Probe.values()) {
            answers.put(probe, new ConcurrentSkipListMap<>());
        }
        for (Door door : Door.values()) {
            failing.put(door, new AtomicBoolean());
        }
    }

    /** Somebody asked and got an answer of this HTTP status. Any thread. */
    public void answered(Probe probe, int status) {
        of(answers, probe).computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    /**
     * Whether a door should be open and is not. Any thread.
     *
     * @return what was said of it before
     */
    public boolean failing(Door door, boolean value) {
        return of(failing, door).getAndSet(value);
    }

    /** Every status that a probe was answered with, and how often; ascending. */
    void forEach(Probe probe, BiConsumer<Integer, Long> reader) {
        of(answers, probe).forEach((status, count) -> reader.accept(status, count.sum()));
    }

    boolean failing(Door door) {
        return of(failing, door).get();
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("no " + key);
        }
        return value;
    }
}
