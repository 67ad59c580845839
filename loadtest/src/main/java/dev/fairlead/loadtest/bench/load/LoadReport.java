package dev.fairlead.loadtest.bench.load;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What one measured window brought.
 *
 * @param units done: connections, exchanges or bytes
 * @param seconds of the window
 * @param proxy CPU of the proxy's processes in it
 * @param clients CPU of the generator's client side
 * @param endpoints CPU of its endpoint side
 */
public record LoadReport(long units, double seconds, long errors, Map<String, Long> errorKinds, Latency latency,
        Cpu proxy, Cpu clients, Cpu endpoints) {

    static LoadReport of(JsonNode json) {
        return new LoadReport(json.path("units").asLong(0), json.path("seconds").asDouble(0),
                json.path("errors").asLong(0), counts(json.path("errorKinds")), Latency.of(json.path("latency")),
                Cpu.of(json.path("cpu")), Cpu.of(json.path("generator")), Cpu.of(json.path("endpoints")));
    }

    /** Units per second. */
    public double rate() {
        return seconds > 0 ? units / seconds : 0;
    }

    /** Of one kind, by the generator's word, such as {@code lost}. */
    public long errors(String kind) {
        return errorKinds.getOrDefault(kind, 0L);
    }

    /** The same without errors of these kinds. */
    public LoadReport without(Set<String> kinds) {
        Map<String, Long> left = new TreeMap<>(errorKinds);
        left.keySet().removeAll(kinds);
        return new LoadReport(units, seconds, left.values().stream().mapToLong(Long::longValue).sum(), left, latency,
                proxy, clients, endpoints);
    }

    static Map<String, Long> counts(JsonNode json) {
        Map<String, Long> counts = new TreeMap<>();
        json.properties().forEach(field -> counts.put(field.getKey(), field.getValue().asLong(0)));
        return counts;
    }

    /** In microseconds. */
    public record Latency(long count, double p50, double p99, double p999) {
        static Latency of(JsonNode json) {
            return new Latency(json.path("count").asLong(0), json.path("p50").asDouble(0),
                    json.path("p99").asDouble(0), json.path("p999").asDouble(0));
        }
    }

    /** In seconds. */
    public record Cpu(double user, double system) {
        static Cpu of(JsonNode json) {
            return new Cpu(json.path("user").asDouble(0), json.path("system").asDouble(0));
        }

        public double sum() {
            return user + system;
        }
    }
}
