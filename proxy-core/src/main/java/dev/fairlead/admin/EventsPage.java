package dev.fairlead.admin;

import dev.fairlead.telemetry.Happening;
import dev.fairlead.telemetry.Journal;
import dev.fairlead.telemetry.Json;
import java.time.Instant;

/** What happened lately: {@code since=ID}, {@code limit=100}. */
final class EventsPage implements Page {
    private static final int USUAL = 100;

    private final Journal journal;

    EventsPage(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Answer answer(Question question) {
        long since = question.number("since", 0, Long.MAX_VALUE);
        int limit = (int) question.number("limit", USUAL, Journal.MOST);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().member("last", journal.last()).name("events").beginArray();
        journal.since(since, limit).forEach(one -> write(one, json));
        json.endArray().endObject();
        return Answer.json(out.append('\n').toString());
    }

    static void write(Happening one, Json json) {
        json.beginObject().member("id", one.id()).member("time", Instant.ofEpochMilli(one.epochMillis()).toString())
                .member("kind", one.kind().toString()).name("service");
        json.text(one.service());
        json.member("text", one.text()).endObject();
    }
}
