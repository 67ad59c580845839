package dev.fairlead.admin;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.control.ControlView;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.telemetry.Json;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every service port as it is wanted and as it is, in one JSON object; with {@code service=NAMESPACE/NAME} those of one
 * Service. Absent numbers are {@code null}.
 */
final class ServicesPage implements Page {
    private final Supplier<ControlView> control;
    private final PublishedTable table;

    ServicesPage(Supplier<ControlView> control, PublishedTable table) {
        this.control = control;
        this.table = table;
    }

    @Override
    public Answer answer(Question question) {
        ControlView view = control.get();
        RoutingTable current = table.current();
        Optional<String> only = question.parameter("service");
        LiveServices live = new LiveServices(current);
        DoorStates doors = new DoorStates(view);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().member("table", current.revision()).name("node");
        json.text(view.snapshot().node().name());
        json.name("zone").text(view.snapshot().node().zone());
        json.name("services").beginArray();
        for (ServicePort port : view.snapshot().ports()) {
            if (only.isEmpty() || only.get().equals(port.name().service().toString())) {
                service(port, view, doors, live.of(port.name()), json);
            }
        }
        json.endArray().name("leaving").beginArray();
        for (Upstream upstream : view.retiring()) {
            if (only.isEmpty() || only.get().equals(upstream.service().service().toString())) {
                leaving(upstream, json);
            }
        }
        json.endArray().name("skipped").beginArray();
        for (SkippedService skipped : view.snapshot().skipped()) {
            json.beginObject().member("namespace", skipped.service().namespace())
                    .member("name", skipped.service().name()).member("why", skipped.why()).endObject();
        }
        json.endArray().name("notes").beginArray();
        view.snapshot().notes().forEach(json::value);
        json.endArray().endObject();
        return Answer.json(out.append('\n').toString());
    }

    private static void service(ServicePort port, ControlView view, DoorStates doors,
            Optional<LiveServices.Live> live, Json json) {
        UsableEndpoints usable = EndpointSelection.select(port, view.snapshot().node());
        json.beginObject();
        name(port.name(), json);
        json.member("number", port.addresses().port()).member("balancer", port.policy().balancer().toString())
                .name("affinitySeconds");
        switch (port.affinity()) {
            case SessionAffinity.None _ -> json.nothing();
            case SessionAffinity.ClientIp(var timeout) -> json.value(timeout.toSeconds());
        }
        json.member("internalTrafficPolicy", port.internalPolicy().toString()).member("externalTrafficPolicy",
                port.externalPolicy().toString());
        Optional<Route> route = live.map(LiveServices.Live::route);
        json.name("accepted").number(route.map(r -> r.counters().accepted()));
        json.name("open").number(route.map(r -> r.counters().open()));
        json.name("triedAnyway").number(route.map(r -> r.counters().triedAnyway()));
        json.name("failed");
        route.ifPresentOrElse(r -> EndpointJson.causes(r.counters()::failures, json), json::nothing);
        limit(port, route, json.name("limit"));
        json.name("frontends").beginArray();
        for (Frontend frontend : port.frontends()) {
            DoorStates.Door door = doors.of(port, frontend, usable);
            json.beginObject().member("kind", frontend.kind().toString())
                    .member("address", frontend.address().toString()).member("door", door.state());
            json.name("why").text(door.why());
            json.endObject();
        }
        json.endArray().name("endpoints").beginArray();
        Map<IpPort, Upstream> upstreams = live.map(LiveServices.Live::upstreams).orElse(Map.of());
        EndpointJson.Siblings siblings = EndpointJson.Siblings.of(usable, live);
        usable.uses().forEach(use -> EndpointJson.write(use,
                Optional.ofNullable(upstreams.get(use.endpoint().address())), siblings, json));
        json.endArray().endObject();
    }

    private static void limit(ServicePort port, Optional<Route> route, Json json) {
        port.policy().connectionsPerSecond().ifPresentOrElse(perSecond -> {
            json.beginObject().member("perSecond", perSecond).name("available");
            json.number(route.map(Route::limit).map(limit -> limit.available()).filter(n -> n.isPresent())
                    .map(n -> (long) n.getAsInt()));
            json.endObject();
        }, json::nothing);
    }

    private static void leaving(Upstream upstream, Json json) {
        json.beginObject();
        name(upstream.service(), json);
        json.member("address", upstream.address().toString());
        EndpointJson.traffic(Optional.of(upstream), json);
        json.endObject();
    }

    static void name(ServicePortName name, Json json) {
        json.member("namespace", name.service().namespace()).member("name", name.service().name())
                .member("port", name.port()).member("protocol", name.protocol().toString())
                .member("family", name.family().toString());
    }
}
