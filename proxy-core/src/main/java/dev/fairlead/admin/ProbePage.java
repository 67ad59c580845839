package dev.fairlead.admin;

import dev.fairlead.control.Progress;
import dev.fairlead.control.Progress.FamilyHealth;
import dev.fairlead.control.Progress.Health;
import dev.fairlead.model.IpFamily;
import dev.fairlead.telemetry.Json;
import dev.fairlead.telemetry.ProbeMeters;
import dev.fairlead.telemetry.ProbeMeters.Probe;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * kube-proxy's {@code /healthz} and {@code /livez} (pkg/proxy/healthcheck/proxy_health.go). The first is for load
 * balancers and also says whether the node shall get new connections at all (KEP-3836); the second is for whoever
 * restarts the process, and a node that is leaving is no reason for that.
 */
final class ProbePage implements Page {
    /** What Go writes for a time that is not set. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private final Probe probe;
    private final Progress progress;
    private final ProbeMeters meters;
    private final Supplier<Optional<Boolean>> nodeEligible;

    /** @param nodeEligible whether the node shall get new connections; absent = that is not this page's business */
    ProbePage(Probe probe, Probed probed, Supplier<Optional<Boolean>> nodeEligible) {
        this.probe = probe;
        this.progress = probed.progress();
        this.meters = probed.meters();
        this.nodeEligible = nodeEligible;
    }

    @Override
    public Answer answer(Question question) {
        Health health = progress.health();
        Optional<Boolean> eligible = nodeEligible.get();
        boolean well = health.healthy() && eligible.orElse(true);
        HttpResponseStatus status = well ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
        meters.answered(probe, status.code());
        // Once it was the time of the last turn, which had been a moment ago on every proxy that was well.
        Instant lastUpdated = well ? health.now() : lastUpdated(health);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().member("lastUpdated", lastUpdated.toString())
                .member("currentTime", health.now().toString());
        eligible.ifPresent(value -> json.member("nodeEligible", value));
        json.member("healthy", health.healthy()).name("status").beginObject();
        for (IpFamily family : IpFamily.values()) {
            Optional<FamilyHealth> one = Optional.ofNullable(health.families().get(family));
            json.name(family.toString()).beginObject()
                    .member("lastUpdated", one.flatMap(FamilyHealth::lastUpdated).orElse(NEVER).toString())
                    .member("healthy", one.map(FamilyHealth::healthy).orElse(true)).endObject();
        }
        json.endObject().endObject();
        return Answer.json(status, out.toString());
    }

    private static Instant lastUpdated(Health health) {
        return health.families().values().stream().flatMap(family -> family.lastUpdated().stream())
                .max(Instant::compareTo).orElse(NEVER);
    }
}
