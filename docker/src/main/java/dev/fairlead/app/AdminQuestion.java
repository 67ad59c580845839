package dev.fairlead.app;

import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a running process at its admin address. Without the JDK's HTTP client, whose start takes longer. */
final class AdminQuestion {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(4).toMillis();

    private AdminQuestion() {
    }

    /** What came of asking. */
    sealed interface Answer {
        /**
         * Somebody answers.
         *
         * @param fine status 200
         * @param text without the end of its last line
         */
        record Said(boolean fine, String text) implements Answer {
        }

        /**
         * Nobody does.
         *
         * @param why for a reader: who was asked, and what to do
         */
        record Nobody(String why) implements Answer {
        }
    }

    /**
     * Asks, for at most eight seconds.
     *
     * @param admin the wildcard address stands for this machine's loopback
     * @param path such as {@code /livez}
     */
    static Answer ask(IpPort admin, String path) {
        IpPort at = admin.ip().isAnyLocalAddress()
                ? new IpPort(InetAddress.getLoopbackAddress(), admin.port())
                : admin;
        try {
            HttpURLConnection question = (HttpURLConnection) URI.create("http://" + at + path).toURL()
                    .openConnection();
            question.setConnectTimeout(PATIENCE_MILLIS);
            question.setReadTimeout(PATIENCE_MILLIS);
            boolean fine = question.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream body = fine ? question.getInputStream() : question.getErrorStream()) {
                return new Answer.Said(fine, body == null
                        ? ""
                        : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        } catch (IOException none) {
            return new Answer.Nobody("no Fairlead answers at http://" + at + ": "
                    + Optional.ofNullable(none.getMessage()).orElse("no answer")
                    + " (expected: a running one; say where with --admin IP:PORT)");
        }
    }
}
