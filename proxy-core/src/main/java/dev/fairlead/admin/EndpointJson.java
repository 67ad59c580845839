package dev.fairlead.admin;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UpstreamCounters;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Readiness;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.source.DurationText;
import dev.fairlead.telemetry.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/** One endpoint of a service port: what it is to get, what it has got, and why. */
final class EndpointJson {
    private static final Cause[] CAUSES = Cause.values();
    private static final double MICROS = 1e6;
    private static final long SECOND_MILLIS = 1_000;

    /** The other endpoints, as far as they matter for one. */
    record Siblings(long opened, int taking) {
        static Siblings of(UsableEndpoints usable, Optional<LiveServices.Live> live) {
            return new Siblings(live.map(LiveServices.Live::opened).orElse(0L),
                    (int) usable.uses().stream().filter(EndpointJson::used).count());
        }
    }

    private EndpointJson() {
    }

    static void write(UsableEndpoints.Use use, Optional<Upstream> live, Siblings siblings, Json json) {
        Endpoint endpoint = use.endpoint();
        boolean drained = endpoint.aside();
        json.beginObject().member("address", endpoint.address().toString())
                .member("readiness", endpoint.readiness().toString()).name("node").text(endpoint.nodeName())
                .member("used", used(use)).member("why", drained ? "drained by an operator" : use.why())
                .member("state", state(use, drained, live)).member("reason", reason(use, drained, live));
        traffic(live, json);
        json.name("share");
        live.filter(_ -> siblings.opened > 0).map(one -> (double) one.counters().opened() / siblings.opened)
                .ifPresentOrElse(json::value, json::nothing);
        json.name("fairShare");
        if (used(use) && siblings.taking > 0) {
            json.value(1.0 / siblings.taking);
        } else {
            json.nothing();
        }
        json.endObject();
    }

    private static boolean used(UsableEndpoints.Use use) {
        return use.inCluster() || use.inLocal();
    }

    private static String state(UsableEndpoints.Use use, boolean drained, Optional<Upstream> live) {
        if (drained) {
            return "drained";
        }
        if (!used(use)) {
            return switch (use.endpoint().readiness()) {
                case READY -> "unused";
                case DRAINING -> "terminating";
                case NOT_READY -> "not ready";
            };
        }
        return switch (live.map(one -> one.gate().state()).orElse(Gate.State.ADMITS)) {
            case EJECTED -> "ejected";
            case TRIAL -> "trial";
            case SPARED -> "spared";
            case ADMITS -> use.endpoint().readiness() == Readiness.DRAINING ? "terminating" : "ready";
        };
    }

    private static String reason(UsableEndpoints.Use use, boolean drained, Optional<Upstream> live) {
        if (drained) {
            return "an operator has taken it out of service: it keeps the connections that it has";
        }
        if (!used(use) || live.isEmpty()) {
            return use.why();
        }
        String failures = failures(live.get());
        return switch (live.get().gate().state()) {
            case ADMITS -> use.why();
            case EJECTED -> "ejected for " + left(live.get()) + " more because connecting kept failing" + failures;
            case TRIAL -> "the ejection is over and a few connections try it, because connecting kept failing"
                    + failures;
            case SPARED -> "connecting keeps failing" + failures
                    + ", but half of the service's endpoints are ejected already";
        };
    }

    private static String left(Upstream upstream) {
        long millis = upstream.gate().ejectedForMillis().orElse(0);
        return DurationText.format(Duration.ofSeconds((millis + SECOND_MILLIS - 1) / SECOND_MILLIS));
    }

    private static String failures(Upstream upstream) {
        StringBuilder text = new StringBuilder();
        upstream.counters().failures().forEach((cause, count) -> text.append(text.isEmpty() ? " (" : ", ").append(cause)
                .append(' ').append(count));
        return text.isEmpty() ? "" : text.append(')').toString();
    }

    /** What an endpoint has got. Absent numbers are {@code null}. */
    static void traffic(Optional<Upstream> live, Json json) {
        Optional<UpstreamCounters> counters = live.map(Upstream::counters);
        json.name("gate").text(live.map(one -> one.gate().state().toString()));
        json.name("ejected");
        live.map(one -> one.gate().state() == Gate.State.EJECTED).ifPresentOrElse(json::value, json::nothing);
        json.name("inFlight").number(live.map(one -> (long) one.inFlight()));
        json.name("opened").number(counters.map(UpstreamCounters::opened));
        json.name("failed");
        counters.ifPresentOrElse(one -> causes(one::failures, json), json::nothing);
        json.name("bytesUp").number(counters.map(UpstreamCounters::bytesUp));
        json.name("bytesDown").number(counters.map(UpstreamCounters::bytesDown));
        micros(counters, 0.5, json.name("connectP50Micros"));
        micros(counters, 0.99, json.name("connectP99Micros"));
        json.name("lastError");
        counters.flatMap(UpstreamCounters::lastFailure).ifPresentOrElse(
                last -> json.beginObject().member("cause", last.cause().toString())
                        .member("at", Instant.ofEpochMilli(last.epochMillis()).toString()).endObject(),
                json::nothing);
    }

    private static void micros(Optional<UpstreamCounters> counters, double share, Json json) {
        OptionalDouble seconds = counters.map(one -> one.connectSeconds(share)).orElse(OptionalDouble.empty());
        seconds.ifPresentOrElse(value -> json.value(Math.round(value * MICROS)), json::nothing);
    }

    /** Counts by cause, without those that are 0. */
    static void causes(ToLongFunction<Cause> count, Json json) {
        json.beginObject();
        for (Cause cause : CAUSES) {
            long failures = count.applyAsLong(cause);
            if (failures > 0) {
                json.member(cause.name(), failures);
            }
        }
        json.endObject();
    }
}
