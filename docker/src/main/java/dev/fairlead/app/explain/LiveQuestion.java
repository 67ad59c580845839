package dev.fairlead.app.explain;

import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a running process, at its admin address, what would become of a connection just now. */
public final class LiveQuestion {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LiveQuestion() {
    }

    /** What came of asking. */
    public sealed interface Answer {
        /**
         * The process explains.
         *
         * @param text in the form that was asked for
         */
        record Explained(String text) implements Answer {
        }

        /**
         * It does not.
         *
         * @param why for a reader: what was asked and what to do
         */
        record Refused(String why) implements Answer {
        }
    }

    /**
     * Asks, for at most five seconds.
     *
     * @param to the address and port dialled, as text; where it is not TCP with the protocol: {@code 10.96.0.10:53/UDP}
     * @param from the source's address; empty = any outside
     * @param mediaType {@code application/json} or {@code text/plain}
     */
    public static Answer ask(IpPort admin, String to, Optional<String> from, String mediaType)
            throws InterruptedException {
        int slash = to.indexOf('/');
        String door = slash < 0
                ? encoded(to)
                : encoded(to.substring(0, slash)) + "&protocol=" + encoded(to.substring(slash + 1));
        URI uri = URI.create(
                "http://" + admin + "/api/v1/explain?to=" + door + from.map(ip -> "&from=" + encoded(ip)).orElse(""));
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).header("accept", mediaType).build(),
                    HttpResponse.BodyHandlers.ofString());
            String body = response.body().strip();
            return response.statusCode() == 200 ? new Answer.Explained(body) : new Answer.Refused(body);
        } catch (IOException e) {
            String why = e.getMessage() == null ? "no answer" : e.getMessage();
            return new Answer.Refused("no Fairlead answers at http://" + admin + ": " + why
                    + " (expected: a running one; say where with --admin IP:PORT)");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
