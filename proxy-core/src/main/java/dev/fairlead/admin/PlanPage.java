package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.ControlView.LastPlan;
import dev.fairlead.control.RouteChange;
import dev.fairlead.control.Step;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.telemetry.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** What the last change did. */
final class PlanPage implements Page {
    private static final long NANOS_PER_MICRO = 1000;

    private final Supplier<ControlView> control;

    PlanPage(Supplier<ControlView> control) {
        this.control = control;
    }

    @Override
    public Answer answer(Question question) {
        ControlView view = control.get();
        return question.accept().toLowerCase(Locale.ROOT).contains(Answer.JSON)
                ? Answer.json(json(view))
                : Answer.text(HttpResponseStatus.OK, text(view));
    }

    private static String text(ControlView view) {
        return view.lastPlan().map(LastPlan::text).orElse("there was no plan yet\n");
    }

    private static String json(ControlView view) {
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().name("plan");
        view.lastPlan().ifPresentOrElse(plan -> plan(plan, json), json::nothing);
        json.name("failed").beginArray();
        for (FailedStep failed : view.failed()) {
            json.beginObject().name("step");
            step(failed.step(), json);
            json.member("message", failed.message()).member("attempts", failed.attempts())
                    .member("since", Instant.ofEpochMilli(failed.sinceEpochMillis()).toString()).endObject();
        }
        json.endArray().endObject();
        return out.append('\n').toString();
    }

    private static void plan(LastPlan last, Json json) {
        json.beginObject().member("from", last.from()).member("to", last.to())
                .member("time", Instant.ofEpochMilli(last.epochMillis()).toString());
        last.sinceSeenNanos().ifPresent(nanos -> json.member("sinceSeenMicros", nanos / NANOS_PER_MICRO));
        json.name("changes").beginArray();
        last.plan().changes().forEach(change -> change(change, json));
        json.endArray().name("steps").beginArray();
        last.plan().steps().forEach(step -> step(step, json));
        json.endArray().endObject();
    }

    private static void change(RouteChange change, Json json) {
        json.beginObject();
        switch (change) {
            case RouteChange.Added(RouteSpec spec) -> sides("added", Optional.empty(), Optional.of(spec), json);
            case RouteChange.Altered(RouteSpec before, RouteSpec after) ->
                sides("altered", Optional.of(before), Optional.of(after), json);
            case RouteChange.Removed(RouteSpec spec) -> sides("removed", Optional.of(spec), Optional.empty(), json);
        }
        json.endObject();
    }

    private static void sides(String change, Optional<RouteSpec> before, Optional<RouteSpec> after, Json json) {
        json.member("change", change);
        before.or(() -> after).ifPresent(
                spec -> json.member("service", spec.service().toString())
                        .member("protocol", spec.service().protocol().toString())
                        .member("kind", spec.kind().toString()));
        before.ifPresent(spec -> spec(json.name("before"), spec));
        after.ifPresent(spec -> spec(json.name("after"), spec));
    }

    private static void spec(Json json, RouteSpec spec) {
        json.beginObject();
        addresses("frontends", spec.frontends(), json);
        addresses("candidates", spec.candidates(), json);
        if (spec.service().protocol() == Protocol.UDP) {
            addresses("serving", spec.serving(), json);
        }
        spec.shortCircuit().ifPresent(near -> addresses("podsAndThisNode", near.candidates(), json));
        json.member("balancer", spec.policy().balancer().toString()).endObject();
    }

    private static void step(Step step, Json json) {
        json.beginObject();
        switch (step) {
            case Step.PublishTable(List<RouteSpec> specs) ->
                json.member("do", "publish-table").member("routes", specs.size());
            case Step.OpenListener(TransportAddress address, SourceFilter filter, String why) ->
                json.member("do", "open-listener").member("address", address.toString())
                        .member("takes", filter.toString()).member("why", why);
            case Step.FilterListener(TransportAddress address, SourceFilter filter) ->
                json.member("do", "filter-listener").member("address", address.toString())
                        .member("takes", filter.toString());
            case Step.CloseListener(TransportAddress address, String why) ->
                json.member("do", "close-listener").member("address", address.toString()).member("why", why);
            case Step.HoldAddress(TransportAddress address, String why) ->
                json.member("do", "hold-address").member("address", address.toString()).member("why", why);
            case Step.LetGoAddress(TransportAddress address, String why) ->
                json.member("do", "let-go-address").member("address", address.toString()).member("why", why);
            case Step.RetireUpstream retire -> json.member("do", "retire-upstream")
                    .member("service", retire.service().toString())
                    .member("protocol", retire.service().protocol().toString())
                    .member("endpoint", retire.endpoint().toString());
        }
        json.endObject();
    }

    private static void addresses(String name, List<IpPort> addresses, Json json) {
        json.name(name).beginArray();
        addresses.forEach(address -> json.value(address.toString()));
        json.endArray();
    }
}
