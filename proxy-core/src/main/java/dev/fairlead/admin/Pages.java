package dev.fairlead.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which path says what. */
final class Pages {
    /** What every path understands. */
    static final String METHODS = "GET, HEAD";

    private record Entry(Page page, String summary) {
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final String index;

    Pages(Observed observed) {
        entries.put("/livez", new Entry(new LivezPage(observed.liveness()), "200 while every thread turns, else 503"));
        entries.put("/readyz", new Entry(new ReadyzPage(observed.control(), observed.draining()),
                "200 while connections are served, else 503, and why"));
        entries.put("/metrics", new Entry(new MetricsPage(observed.metrics()), "for Prometheus"));
        entries.put("/api/v1/services", new Entry(new ServicesPage(observed.control(), observed.table()),
                "every service port, its doors and its endpoints, as JSON"));
        entries.put("/api/v1/plan", new Entry(new PlanPage(observed.control()),
                "what the last change did; as JSON with 'Accept: application/json'"));
        entries.put("/api/v1/explain", new Entry(new ExplainPage(observed.control(), observed.table()),
                "?to=IP:PORT&from=IP: what becomes of a connection just now, and why"));
        StringBuilder text = new StringBuilder("Fairlead's admin address understands ").append(METHODS).append(" of\n");
        entries.forEach((path, entry) -> text.append("  ").append(path)
                .repeat(' ', Math.max(1, 18 - path.length())).append(entry.summary()).append('\n'));
        index = text.toString();
    }

    /**
     * The answer to one request.
     *
     * @param uri as the request has it, with or without a query
     */
    Answer answer(HttpMethod method, String uri, String accept) throws IOException {
        String path = uri.split("[?#]", 2)[0];
        Entry entry = entries.get(path);
        if (entry == null && !path.equals("/")) {
            return Answer.text(HttpResponseStatus.NOT_FOUND, "there is no such path\n\n" + index);
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only " + METHODS + "\n");
        }
        return entry == null
                ? Answer.text(HttpResponseStatus.OK, index)
                : entry.page().answer(Question.of(uri, accept));
    }
}
