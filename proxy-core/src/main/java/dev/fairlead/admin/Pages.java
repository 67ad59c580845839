package dev.fairlead.admin;

import dev.fairlead.telemetry.ProbeMeters.Probe;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which path says what at one address. */
final class Pages implements Site {
    /** What every path understands. */
    static final String METHODS = "GET, HEAD";
    private static final String MODE = "fairlead";

    private record Entry(Page page, String summary) {
    }

    private final String owner;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private Pages(String owner) {
        this.owner = owner;
    }

    /** At the admin address. */
    static Pages admin(Observed observed) {
        return new Pages("Fairlead's admin address")
                .with("/livez", new LivezPage(observed.liveness()), "200 while every thread turns, else 503")
                .with("/readyz", new ReadyzPage(observed.control(), observed.draining()),
                        "200 while connections are served, else 503, and why")
                .with("/metrics", new MetricsPage(observed.metrics()), "for Prometheus")
                .with("/api/v1/services", new ServicesPage(observed.control(), observed.table()),
                        "every service port, its doors and its endpoints, as JSON")
                .with("/api/v1/plan", new PlanPage(observed.control()),
                        "what the last change did; as JSON with 'Accept: application/json'")
                .with("/api/v1/explain", new ExplainPage(observed.control(), observed.table()),
                        "?to=IP:PORT&from=IP: what becomes of a connection just now, and why");
    }

    /** At kube-proxy's healthzBindAddress. */
    static Pages health(Observed observed) {
        Probed probed = observed.probed();
        return new Pages("Fairlead's address for health checks")
                .with("/healthz", new ProbePage(Probe.HEALTHZ, probed, () -> Optional.of(eligible(observed))),
                        "200 while changes come into force and the node is not leaving, else 503")
                .with("/livez", new ProbePage(Probe.LIVEZ, probed, Optional::empty),
                        "200 while changes come into force, else 503");
    }

    /** At kube-proxy's metricsBindAddress. */
    static Pages metrics(Observed observed) {
        return new Pages("Fairlead's address for metrics")
                .with("/metrics", new MetricsPage(observed.metrics()), "for Prometheus")
                .with("/healthz", _ -> Answer.text(HttpResponseStatus.OK, "ok"), "ok, while anything is said at all")
                .with("/proxyMode", _ -> Answer.text(HttpResponseStatus.OK, MODE), "which of the modes this is")
                .with("/configz", _ -> Answer.json(HttpResponseStatus.OK, observed.probed().configz().get()),
                        "the settings in force, as JSON");
    }

    /** A proxy that is stopping shall get nothing new, as little as one whose node is. */
    private static boolean eligible(Observed observed) {
        return !observed.draining().getAsBoolean() && !observed.control().get().snapshot().network().nodeLeaving();
    }

    private Pages with(String path, Page page, String summary) {
        entries.put(path, new Entry(page, summary));
        return this;
    }

    private String index() {
        StringBuilder text = new StringBuilder(owner).append(" understands ").append(METHODS).append(" of\n");
        entries.forEach((path, entry) -> text.append("  ").append(path)
                .repeat(' ', Math.max(1, 18 - path.length())).append(entry.summary()).append('\n'));
        return text.toString();
    }

    @Override
    public Answer answer(HttpMethod method, String uri, String accept) throws IOException {
        String path = uri.split("[?#]", 2)[0];
        Entry entry = entries.get(path);
        if (entry == null && !path.equals("/")) {
            return Answer.text(HttpResponseStatus.NOT_FOUND, "there is no such path\n\n" + index());
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only " + METHODS + "\n");
        }
        return entry == null
                ? Answer.text(HttpResponseStatus.OK, index())
                : entry.page().answer(Question.of(uri, accept));
    }
}
