package dev.fairlead.config;

import dev.fairlead.config.Form.Meaning;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Kubernetes' own components write them (Go's time.ParseDuration): {@code 2m0s}, {@code 1.5s},
 * {@code 250000us}. Negative ones are none here, as in kube-proxy's validation.
 */
final class GoDuration {
    private static final Pattern PART = Pattern
            .compile("(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|\u00b5s|ms|s|m|h)");
    private static final Pattern FORM = Pattern.compile("\\+?(?:0|(?:" + PART.pattern() + ")+)");

    private GoDuration() {
    }

    /** The duration, in whole milliseconds. */
    static Meaning<Duration> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return new Meaning.Wrong<>(Words.quote(text) + " is not a duration (expected: such as 30s or 2m0s)");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanos(part.group(2)))));
        }
        return new Meaning.Value<>(Duration
                .ofMillis(nanos.movePointLeft(6).setScale(0, RoundingMode.DOWN).longValue()));
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "ns" -> 1L;
            default -> 1_000L; // us, in either spelling
        };
    }
}
