package dev.fairlead.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How an endpoint behaves.
 *
 * @param listen where; port 0 takes a free one
 * @param name what it calls itself
 * @param bytes after how many {@link Mode#RESET_AFTER} resets; how many a second {@link Mode#SLOW_READER} reads
 * @param silence how long a client may say nothing when something is due
 */
public record EndpointPlan(InetSocketAddress listen, String name, Mode mode, long bytes, Duration silence) {
    /** What it does with a connection. */
    public enum Mode {
        /** What the client of a storm tells it to, see {@link CloseOrder}. */
        TOLD,
        /** Says its name and closes. */
        NAME,
        /** Says its name, then echoes until the client's FIN. */
        GREET,
        /** Echoes until the client's FIN. */
        ECHO,
        /** Answers every request with its name and closes. */
        HTTP,
        /** Speaks first and takes a mail, throwing it away. */
        SMTP,
        /** Reads a few bytes a second. */
        SLOW_READER,
        /** Resets after some bytes; 0 = as soon as it is connected. */
        RESET_AFTER,
        /** Never reads, never writes. */
        SILENT;

        /** As written on a command line: {@code slow-reader}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Mode> byWord(String word) {
            return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
        }
    }

    public static EndpointPlan on(InetSocketAddress listen, String name, Mode mode) {
        return new EndpointPlan(listen, name, mode, 0, Duration.ofMinutes(2));
    }

    public EndpointPlan withBytes(long value) {
        return new EndpointPlan(listen, name, mode, value, silence);
    }
}
