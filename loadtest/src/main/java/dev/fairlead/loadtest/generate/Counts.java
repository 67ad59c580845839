package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a load did in a window.
 *
 * @param units connections, exchanges or bytes
 * @param unfinished units of an open loop due in the window and not done at its end
 * @param nanos how long the window was
 * @param latency in nanoseconds, with three digits
 * @param details the first few mishaps, for a reader
 */
record Counts(long units, long bytes, long unfinished, long nanos, Histogram latency, Map<Mishap, Long> mishaps,
        List<String> details) {
    Counts {
        mishaps = mishaps.isEmpty() ? Map.of() : new EnumMap<>(mishaps);
        details = List.copyOf(details);
    }

    /** The lanes' counts as one; the window is the longest of theirs. */
    static Counts sum(Collection<Counts> lanes) {
        return lanes.stream().reduce(Counts::plus).orElseThrow();
    }

    private Counts plus(Counts other) {
        Histogram both = latency.copy();
        both.add(other.latency);
        Map<Mishap, Long> kinds = new EnumMap<>(Mishap.class);
        kinds.putAll(mishaps);
        other.mishaps.forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
        List<String> said = new ArrayList<>(Stream.concat(details.stream(), other.details.stream())
                .limit(Tally.MOST_DETAILS).toList());
        return new Counts(units + other.units, bytes + other.bytes, unfinished + other.unfinished,
                Math.max(nanos, other.nanos), both, kinds, said);
    }

    long errors() {
        return mishaps.values().stream().mapToLong(Long::longValue).sum();
    }

    double seconds() {
        return nanos / 1e9;
    }

    /** {@code {"refused":3}} and the like. */
    Map<String, Long> errorKinds() {
        Map<String, Long> kinds = new LinkedHashMap<>();
        mishaps.forEach((kind, count) -> kinds.put(kind.word(), count));
        return kinds;
    }

    JsonLine toJson(String kind) {
        return new JsonLine().with("kind", kind).with("units", units).with("seconds", seconds())
                .with("rate", units / seconds()).with("bytes", bytes).with("errors", errors())
                .with("errorKinds", errorKinds()).with("unfinished", unfinished).with("latency", micros());
    }

    private Map<String, Number> micros() {
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("count", latency.getTotalCount());
        figures.put("p50", latency.getValueAtPercentile(50) / 1e3);
        figures.put("p90", latency.getValueAtPercentile(90) / 1e3);
        figures.put("p99", latency.getValueAtPercentile(99) / 1e3);
        figures.put("p999", latency.getValueAtPercentile(99.9) / 1e3);
        figures.put("max", latency.getMaxValue() / 1e3);
        return figures;
    }
}
