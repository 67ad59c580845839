package dev.fairlead.loadtest.bench.load;

import dev.fairlead.loadtest.bench.contender.EndpointKind;
import java.util.Locale;

/**
 * A load without its address.
 *
 * @param kind the generator's word, such as {@code connect}
 * @param endpoints what it needs at the other end
 * @param connections at once
 * @param rate units per second of an open loop, or 0: each unit begins when the one before has ended
 * @param options further words of the generator, with a leading space, or empty
 */
public record LoadRequest(String kind, EndpointKind endpoints, int connections, double rate, String options) {
    public LoadRequest(String kind, EndpointKind endpoints, int connections) {
        this(kind, endpoints, connections, 0, "");
    }

    /** The same as an open loop. */
    public LoadRequest atRate(double unitsPerSecond) {
        return new LoadRequest(kind, endpoints, connections, unitsPerSecond, options);
    }

    public LoadRequest with(String option, long value) {
        return new LoadRequest(kind, endpoints, connections, rate, options + " " + option + "=" + value);
    }

    /** What the generator is told. */
    String line(String to, double warm, double measure) {
        String line = String.format(Locale.ROOT, "run kind=%s to=%s connections=%d warm=%.2f measure=%.2f", kind, to,
                connections, warm, measure);
        return line + (rate > 0 ? String.format(Locale.ROOT, " rate=%.1f", rate) : "") + options;
    }

    String background(String to) {
        return "background kind=" + kind + " to=" + to + " connections=" + connections
                + (rate > 0 ? String.format(Locale.ROOT, " rate=%.1f", rate) : "") + options;
    }
}
