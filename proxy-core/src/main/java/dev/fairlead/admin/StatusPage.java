package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.Fault;
import dev.fairlead.control.ControlView.LastPlan;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.model.Drain;
import dev.fairlead.model.ServicePort;
import dev.fairlead.telemetry.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the process is, in one JSON object. */
final class StatusPage implements Page {
    private static final int MOST_PROBLEMS = 20;

    private final Observed observed;
    private final Samples samples;
    private final long startedEpochMillis;
    private final long startedNanos;

    StatusPage(Observed observed, Samples samples) {
        this.observed = observed;
        this.samples = samples;
        this.startedEpochMillis = observed.inside().ticker().epochMillis();
        this.startedNanos = observed.inside().ticker().nanos();
    }

    @Override
    public Answer answer(Question question) {
        return Answer.json(json(true) + "\n");
    }

    /** On one line. */
    String json(boolean withHistory) {
        ControlView view = observed.control().get();
        About about = observed.about();
        StringBuilder out = new StringBuilder(1024);
        Json json = new Json(out).beginObject().member("version", about.version()).name("node");
        json.text(view.snapshot().node().name());
        json.name("zone");
        json.text(view.snapshot().node().zone());
        json.member("pid", ProcessHandle.current().pid()).member("dataPath", observed.inside().dataPath())
                .member("eventLoops", observed.inside().eventLoops()).name("capabilities").beginArray();
        about.capabilities().get().forEach(json::value);
        json.endArray().member("startedAt", Instant.ofEpochMilli(startedEpochMillis).toString())
                .member("uptimeSeconds", (observed.inside().ticker().nanos() - startedNanos) / 1_000_000_000)
                .member("state", state(view)).member("table", view.revision());
        time("changedAt", view.lastPlan().map(LastPlan::epochMillis), json);
        time("sourceFaultSince", view.fault().map(Fault::sinceEpochMillis), json);
        time("heardAt", observed.inside().heard().get().map(Instant::toEpochMilli), json);
        json.name("problems").beginArray();
        problems(view).forEach(json::value);
        json.endArray()
                .member("services",
                        view.snapshot().ports().stream().map(port -> port.name().service()).distinct().count())
                .member("endpoints", view.snapshot().ports().stream().map(ServicePort::endpoints)
                        .mapToInt(List::size).sum())
                .member("listeners", view.doors().size())
                .member("descriptorLimit", about.descriptorLimit().get()).name("now");
        samples.now().write(json);
        if (withHistory) {
            json.name("history").beginArray();
            samples.history().forEach(sample -> sample.write(json));
            json.endArray();
        }
        json.endObject();
        return out.toString();
    }

    private String state(ControlView view) {
        if (observed.draining().getAsBoolean() || view.phase() == Phase.CLOSED) {
            return "draining";
        }
        return view.firstSyncDone() ? "ready" : "starting";
    }

    private List<String> problems(ControlView view) {
        List<String> problems = new ArrayList<>(observed.liveness().stalled());
        view.defect().ifPresent(defect -> problems
                .add("a defect of Fairlead keeps the last change from being made: " + defect));
        view.fault().ifPresent(fault -> fault.fault().lines().forEach(problems::add));
        view.failed().forEach(failed -> problems.add(failed.step().what() + ": " + failed.message()
                + " (tried again each second, " + failed.attempts() + " times so far)"));
        for (Drain drain : view.drains().list()) {
            problems.add(drain + " is drained by an operator");
        }
        if (problems.size() > MOST_PROBLEMS) {
            List<String> first = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
            first.add("and " + (problems.size() - MOST_PROBLEMS)
                    + " more: /readyz says what is wrong, and each service what is drained");
            return first;
        }
        return problems;
    }

    private static void time(String name, Optional<Long> epochMillis, Json json) {
        json.name(name).text(epochMillis.map(Instant::ofEpochMilli).map(Instant::toString));
    }
}
