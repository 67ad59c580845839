package dev.fairlead.admin;

import dev.fairlead.telemetry.ProbeMeters.Probe;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which path says what at one address. */
final class Pages implements Site {
    /** What every path understands. */
    static final String METHODS = "GET, HEAD";
    private static final String MODE = "fairlead";

    private record Entry(LatePage page, boolean changes, String summary) {
    }

    /** A path whose answer may take a while. */
    private interface LatePage {
        CompletionStage<Answer> answer(Asked asked) throws IOException;
    }

    private final String owner;
    private final Optional<Guard> guard;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private Pages(String owner, Optional<Guard> guard) {
        this.owner = owner;
        this.guard = guard;
    }

    /** At the admin address. */
    static Pages admin(Observed observed, Live live) {
        Pages pages = new Pages("Fairlead's admin address", Optional.of(new Guard(observed.about().token())));
        pages.with("/livez", new LivezPage(observed.liveness()), "200 while every thread turns, else 503")
                .with("/readyz", new ReadyzPage(observed.control(), observed.draining()),
                        "200 while connections are served, else 503, and why")
                .with("/metrics", new MetricsPage(observed.metrics()), "for Prometheus")
                .with("/api/v1/status", live.status(), "version, state, problems and the last ten minutes, as JSON")
                .later("/api/v1/stream", live.stream()::follow, "the same each second, and what happens, as it happens")
                .with("/api/v1/services", new ServicesPage(observed.control(), observed.table()),
                        "every service port, its doors and its endpoints, as JSON; ?service=NS/NAME for one")
                .with("/api/v1/services/list", new ServiceListPage(observed.control(), observed.table()),
                        "a page of them, a line each: ?search=TEXT&state=down&sort=open&descending=true")
                .later("/api/v1/connections", new ConnectionsPage(observed.inside())::answer,
                        "live connections: ?search=TEXT")
                .with("/api/v1/listeners", new ListenersPage(observed.control()), "every door, and why it is shut")
                .with("/api/v1/events", new EventsPage(observed.inside().journal()), "what happened: ?since=ID")
                .with("/api/v1/plan", new PlanPage(observed.control()),
                        "what the last change did; as JSON with 'Accept: application/json'")
                .with("/api/v1/explain", new ExplainPage(observed.control(), observed.table()),
                        "?to=IP:PORT&from=IP: what becomes of a connection just now, and why")
                .changes("/api/v1/drain", new DrainPage(observed, true)::answer,
                        "?service=NS/NAME&endpoint=IP:PORT: nothing new goes there")
                .changes("/api/v1/undrain", new DrainPage(observed, false)::answer, "takes that back");
        return pages.with("/page.html", new PageFile("page.html"), "the status page, which a browser gets at / too")
                .files("page.css", "page.js", "api.js", "connections.js", "drain.js", "elements.js", "endpoints.js",
                        "events.js", "graphs.js", "services.js", "why.js", "words.js");
    }

    /** At the process's own socket: the same, and the token. */
    static Pages own(Observed observed, Live live) {
        return admin(observed, live).with("/api/v1/token",
                _ -> Answer.text(HttpResponseStatus.OK, observed.about().token() + "\n"),
                "what a change at the admin address has to bring");
    }

    /** At kube-proxy's healthzBindAddress. */
    static Pages health(Observed observed) {
        Probed probed = observed.probed();
        return new Pages("Fairlead's address for health checks", Optional.empty())
                .with("/healthz", new ProbePage(Probe.HEALTHZ, probed, () -> Optional.of(eligible(observed))),
                        "200 while changes come into force and the node is not leaving, else 503")
                .with("/livez", new ProbePage(Probe.LIVEZ, probed, Optional::empty),
                        "200 while changes come into force, else 503");
    }

    /** At kube-proxy's metricsBindAddress. */
    static Pages metrics(Observed observed) {
        return new Pages("Fairlead's address for metrics", Optional.empty())
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
        return later(path, asked -> CompletableFuture
                .completedStage(page.answer(Question.of(asked.uri(), asked.header("accept")))), summary);
    }

    private Pages later(String path, LatePage page, String summary) {
        entries.put(path, new Entry(page, false, summary));
        return this;
    }

    private Pages changes(String path, LatePage page, String summary) {
        entries.put(path, new Entry(page, true, summary));
        return this;
    }

    private Pages files(String... names) {
        for (String name : names) {
            with("/" + name, new PageFile(name), "");
        }
        return this;
    }

    private String index() {
        StringBuilder text = new StringBuilder(owner).append(" understands ").append(METHODS).append(" of\n");
        int width = 2 + entries.entrySet().stream().filter(entry -> !entry.getValue().summary().isEmpty())
                .mapToInt(entry -> entry.getKey().length()).max().orElse(0);
        entries.forEach((path, entry) -> {
            if (!entry.summary().isEmpty()) {
                text.append("  ").append(path).repeat(' ', width - path.length())
                        .append(entry.changes() ? "POST; " : "").append(entry.summary()).append('\n');
            }
        });
        return text.toString();
    }

    @Override
    public CompletionStage<Answer> answer(Asked asked) throws IOException {
        Optional<Answer> refusal = guard.flatMap(one -> one.refusal(asked));
        if (refusal.isPresent()) {
            return CompletableFuture.completedStage(refusal.get());
        }
        boolean root = asked.path().equals("/");
        boolean browser = root && asked.header("accept").contains("text/html") && entries.containsKey("/page.html");
        Entry entry = entries.get(browser ? "/page.html" : asked.path());
        if (entry == null && !root) {
            return said(HttpResponseStatus.NOT_FOUND, "there is no such path\n\n" + index());
        }
        if (entry != null && entry.changes()) {
            if (!asked.method().equals(HttpMethod.POST)) {
                return notAllowed("POST");
            }
            Optional<Answer> unentitled = guard.flatMap(one -> one.refusalToChange(asked));
            return unentitled.isPresent()
                    ? CompletableFuture.completedStage(unentitled.get())
                    : entry.page().answer(asked);
        }
        if (!asked.reads()) {
            return notAllowed(METHODS);
        }
        return entry == null ? said(HttpResponseStatus.OK, index()) : entry.page().answer(asked);
    }

    private static CompletionStage<Answer> notAllowed(String methods) {
        return CompletableFuture.completedStage(
                Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only " + methods + "\n").with("allow", methods));
    }

    private static CompletionStage<Answer> said(HttpResponseStatus status, String text) {
        return CompletableFuture.completedStage(Answer.text(status, text));
    }
}
