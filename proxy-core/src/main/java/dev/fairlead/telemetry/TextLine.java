package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionSummary;
import dev.fairlead.forward.SessionSummary.FailedAttempt;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import java.util.List;
import java.util.Optional;

/**
 * {@code 2026-11-23T17:20:31.123Z default/web:http 10.1.2.3:51234 -> 10.96.0.10:80 -> 10.1.0.9:8080 picked=round-robin
 * attempts=2 failed=10.1.0.8:8080/REFUSED connect=1.2ms duration=35ms up=120 down=4096 end=CLIENT/RELAY/FIN}: cut at
 * spaces it always has the same fields at the same places. The time is that of the accept, or of a UDP flow's first
 * datagram; a UDP frontend is written {@code 10.96.0.10:53/UDP}.
 */
final class TextLine implements LineForm {
    private static final String ABSENT = "-";
    private static final String HEX = "0123456789abcdef";

    private final Timestamp timestamp = new Timestamp();

    @Override
    public void append(SessionSummary summary, StringBuilder out) {
        timestamp.append(summary.startedEpochMillis(), out);
        word(summary.service().map(ServicePortName::toString).orElse(ABSENT), out.append(' '));
        out.append(' ').append(summary.client()).append(" -> ").append(summary.frontend()).append(" -> ")
                .append(summary.endpoint().map(IpPort::toString).orElse(ABSENT));
        word(summary.pickedBy().isEmpty() ? ABSENT : summary.pickedBy(), out.append(" picked="));
        out.append(" attempts=").append(LineForm.attempts(summary)).append(" failed=");
        failed(summary.failedAttempts(), out);
        millis(summary.connectNanos() == 0 ? Optional.empty() : Optional.of(summary.connectNanos()),
                out.append(" connect="));
        millis(Optional.of(summary.durationNanos()), out.append(" duration="));
        out.append(" up=").append(summary.bytesUp()).append(" down=").append(summary.bytesDown()).append(" end=")
                .append(summary.termination());
    }

    private static void failed(List<FailedAttempt> attempts, StringBuilder out) {
        if (attempts.isEmpty()) {
            out.append(ABSENT);
        }
        for (int i = 0; i < attempts.size(); i++) {
            FailedAttempt attempt = attempts.get(i);
            out.append(i == 0 ? "" : ",").append(attempt.endpoint()).append('/').append(attempt.cause());
        }
    }

    /** Two decimals below a millisecond, one below ten, none above: what a reader compares at a glance. */
    private static void millis(Optional<Long> nanos, StringBuilder out) {
        if (nanos.isEmpty()) {
            out.append(ABSENT);
            return;
        }
        long value = nanos.get();
        if (value < 995_000) {
            long hundredths = (value + 5_000) / 10_000;
            out.append("0.").append(hundredths / 10).append(hundredths % 10);
        } else if (value < 9_950_000) {
            long tenths = (value + 50_000) / 100_000;
            out.append(tenths / 10).append('.').append(tenths % 10);
        } else {
            out.append((value + 500_000) / 1_000_000);
        }
        out.append("ms");
    }

    /** A name of somebody else's making: nothing in it may look like another field or another line. */
    private static void word(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || Character.isISOControl(c) || Character.isSpaceChar(c)) {
                out.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt(c >> 8 & 15))
                        .append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
    }
}
