package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionSummary;
import dev.fairlead.forward.SessionSummary.FailedAttempt;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Connections' lives for tests. */
final class Summaries {
    static final long STARTED = Instant.parse("2026-11-23T17:20:31.123Z").toEpochMilli();

    private Summaries() {
    }

    /** Relayed at the second attempt, ended in order by the client. */
    static SessionSummary relayed() {
        return new SessionSummary(Optional.of(Fleet.service("default/web:http")), IpPort.of("10.1.2.3:51234"),
                TransportAddress.tcp(IpPort.of("10.96.0.10:80")), Optional.of(IpPort.of("10.1.0.9:8080")),
                "round-robin",
                List.of(new FailedAttempt(IpPort.of("10.1.0.8:8080"), Cause.REFUSED, "Connection refused")), STARTED,
                1_234_000, 35_000_000, 120, 4096, new Termination(Side.CLIENT, Phase.RELAY, Cause.FIN));
    }

    /** Nobody knows the frontend any more. */
    static SessionSummary unknown() {
        return new SessionSummary(Optional.empty(), IpPort.of("[fd00::3]:51234"),
                TransportAddress.tcp(IpPort.of("[fd00::10]:80")),
                Optional.empty(), "", List.of(), STARTED, 0, 90_000, 0, 0,
                new Termination(Side.PROXY, Phase.ADMIT, Cause.NO_ROUTE));
    }

    /** A UDP flow to the same endpoint. */
    static SessionSummary flow() {
        SessionSummary one = relayed();
        return new SessionSummary(one.service(), one.client(), TransportAddress.udp(one.frontend().address()),
                one.endpoint(), one.pickedBy(), List.of(), one.startedEpochMillis(), one.connectNanos(),
                one.durationNanos(), one.bytesUp(), one.bytesDown(),
                new Termination(Side.PROXY, Phase.RELAY, Cause.IDLE));
    }

    static SessionSummary lasting(long connectNanos, long durationNanos) {
        SessionSummary one = relayed();
        return new SessionSummary(one.service(), one.client(), one.frontend(), one.endpoint(), one.pickedBy(),
                one.failedAttempts(), one.startedEpochMillis(), connectNanos, durationNanos, one.bytesUp(),
                one.bytesDown(), one.termination());
    }

    /** A connection told apart by its byte count. */
    static SessionSummary numbered(String service, long number) {
        SessionSummary one = relayed();
        return new SessionSummary(Optional.of(Fleet.service(service)), one.client(), one.frontend(), one.endpoint(),
                one.pickedBy(), one.failedAttempts(), one.startedEpochMillis(), one.connectNanos(),
                one.durationNanos(), number, one.bytesDown(), one.termination());
    }

    static SessionSummary named(String service, String pickedBy) {
        SessionSummary one = relayed();
        return new SessionSummary(Optional.of(Fleet.service(service)), one.client(), one.frontend(), one.endpoint(),
                pickedBy, List.of(new FailedAttempt(IpPort.of("10.1.0.8:8080"), Cause.REFUSED, service)),
                one.startedEpochMillis(), one.connectNanos(), one.durationNanos(), one.bytesUp(), one.bytesDown(),
                one.termination());
    }

    static SessionSummary failedEverywhere() {
        SessionSummary one = relayed();
        return new SessionSummary(one.service(), one.client(), one.frontend(), Optional.empty(), "random",
                List.of(new FailedAttempt(IpPort.of("10.1.0.8:8080"), Cause.REFUSED, "Connection refused"),
                        new FailedAttempt(IpPort.of("[fd00::9]:8080"), Cause.TIMEOUT, "no answer")),
                one.startedEpochMillis(), 0, 2_000_600_000, 0, 0,
                new Termination(Side.UPSTREAM, Phase.CONNECT, Cause.TIMEOUT));
    }
}
