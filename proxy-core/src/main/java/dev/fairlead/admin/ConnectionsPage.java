package dev.fairlead.admin;

import dev.fairlead.forward.LiveSession;
import dev.fairlead.model.IpPort;
import dev.fairlead.telemetry.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Connections and flows that are alive: {@code search=TEXT}, {@code limit=200}. */
final class ConnectionsPage {
    private static final int USUAL = 200;
    private static final int MOST = 1_000;
    private static final long PATIENCE_SECONDS = 2;

    private final Function<Consumer<List<LiveSession>>, CompletableFuture<Void>> sessions;

    ConnectionsPage(Inside inside) {
        this.sessions = inside.sessions();
    }

    /** What was found so far; the loops add to it one after the other, the admin thread may read meanwhile. */
    private static final class Found {
        private final String search;
        private final int limit;
        private final List<LiveSession> shown = new ArrayList<>();
        private long total;
        private long matching;

        private Found(String search, int limit) {
            this.search = search;
            this.limit = limit;
        }

        private synchronized void add(List<LiveSession> some) {
            total += some.size();
            for (LiveSession one : some) {
                if (search.isEmpty() || words(one).contains(search)) {
                    matching++;
                    if (shown.size() < limit) {
                        shown.add(one);
                    }
                }
            }
        }

        private synchronized String json() {
            StringBuilder out = new StringBuilder();
            Json json = new Json(out).beginObject().member("total", total).member("matching", matching)
                    .name("connections").beginArray();
            shown.forEach(one -> write(one, json));
            json.endArray().endObject();
            return out.append('\n').toString();
        }
    }

    /** Answers with what was seen within two seconds, where a loop does not turn. */
    CompletionStage<Answer> answer(Asked asked) {
        Question question = Question.of(asked.uri(), "");
        Found found = new Found(question.parameter("search").orElse("").toLowerCase(Locale.ROOT),
                (int) question.number("limit", USUAL, MOST));
        CompletableFuture<Void> shown = sessions.apply(found::add);
        return shown.copy().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .thenApply(_ -> Answer.json(found.json()));
    }

    private static String words(LiveSession one) {
        return (one.client() + " " + one.frontend() + " " + one.service().map(Object::toString).orElse("") + " "
                + one.endpoint().map(IpPort::toString).orElse("") + " " + one.state()).toLowerCase(Locale.ROOT);
    }

    private static void write(LiveSession one, Json json) {
        json.beginObject().member("protocol", one.frontend().protocol().toString())
                .member("client", one.client().toString())
                .member("frontend", one.frontend().address().toString()).name("namespace");
        json.text(one.service().map(service -> service.service().namespace()));
        json.name("name").text(one.service().map(service -> service.service().name()));
        json.name("port").text(one.service().map(service -> service.port()));
        json.name("endpoint").text(one.endpoint().map(IpPort::toString));
        json.member("state", one.state()).member("seconds", TimeUnit.NANOSECONDS.toSeconds(one.nanos()))
                .member("bytesUp", one.bytesUp()).member("bytesDown", one.bytesDown()).endObject();
    }
}
