package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionSummary;
import dev.fairlead.forward.SessionSummary.FailedAttempt;
import dev.fairlead.model.Termination;
import java.util.Optional;

/** The same fields as {@link TextLine} as one object: numbers as numbers, {@code null} for what is absent. */
final class JsonLine implements LineForm {
    private final Timestamp timestamp = new Timestamp();
    private final StringBuilder time = new StringBuilder(24);

    @Override
    public void append(SessionSummary summary, StringBuilder out) {
        time.setLength(0);
        timestamp.append(summary.startedEpochMillis(), time);
        Termination end = summary.termination();
        Json json = new Json(out).beginObject().member("time", time.toString());
        optional(json.name("service"), summary.service());
        json.member("protocol", summary.frontend().protocol().name()).member("client", summary.client().toString())
                .member("frontend", summary.frontend().address().toString());
        optional(json.name("endpoint"), summary.endpoint());
        optional(json.name("picked"), Optional.of(summary.pickedBy()).filter(picked -> !picked.isEmpty()));
        json.member("attempts", LineForm.attempts(summary)).name("failed").beginArray();
        for (FailedAttempt attempt : summary.failedAttempts()) {
            json.beginObject().member("endpoint", attempt.endpoint().toString())
                    .member("cause", attempt.cause().name()).member("detail", attempt.detail()).endObject();
        }
        json.endArray().name("connectMs");
        if (summary.connectNanos() == 0) {
            json.nothing();
        } else {
            json.value(millis(summary.connectNanos()));
        }
        json.name("durationMs").value(millis(summary.durationNanos())).member("up", summary.bytesUp())
                .member("down", summary.bytesDown()).member("end", end.toString()).member("side", end.side().name())
                .member("phase", end.phase().name()).member("cause", end.cause().name()).endObject();
    }

    private static void optional(Json json, Optional<?> value) {
        if (value.isPresent()) {
            json.value(value.get().toString());
        } else {
            json.nothing();
        }
    }

    /** To the microsecond. */
    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
