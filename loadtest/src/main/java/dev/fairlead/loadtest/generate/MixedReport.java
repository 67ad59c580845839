package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the soak saw.
 *
 * @param units talks that went as they should, by kind
 * @param details the first few mishaps, for a reader
 */
record MixedReport(Map<MixedKind, Long> units, Map<Mishap, Long> mishaps, List<String> details) {
    MixedReport {
        units = Map.copyOf(units);
        mishaps = Map.copyOf(mishaps);
        details = List.copyOf(details);
    }

    JsonLine toJson() {
        Map<String, Long> words = new LinkedHashMap<>();
        for (MixedKind kind : MixedKind.values()) {
            words.put(kind.word(), units.getOrDefault(kind, 0L));
        }
        Map<String, Long> kinds = new LinkedHashMap<>();
        mishaps.forEach((kind, count) -> kinds.put(kind.word(), count));
        return new JsonLine().with("units", words)
                .with("errors", mishaps.values().stream().mapToLong(Long::longValue).sum()).with("errorKinds", kinds);
    }
}
