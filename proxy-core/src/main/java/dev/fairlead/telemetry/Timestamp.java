package dev.fairlead.telemetry;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes {@code 2026-11-23T17:20:31.123Z}. Lines come in about the order of time, so the text of the last second is
 * kept. For one thread.
 */
final class Timestamp {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

    private long second = Long.MIN_VALUE;
    private String text = "";

    /** @param epochMillis since 1970 UTC */
    void append(long epochMillis, StringBuilder out) {
        long wanted = Math.floorDiv(epochMillis, 1000);
        if (wanted != second) {
            second = wanted;
            text = SECONDS.format(LocalDateTime.ofEpochSecond(wanted, 0, ZoneOffset.UTC));
        }
        int millis = Math.floorMod(epochMillis, 1000);
        out.append(text).append((char) ('0' + millis / 100)).append((char) ('0' + millis / 10 % 10))
                .append((char) ('0' + millis % 10)).append('Z');
    }
}
