package dev.fairlead.admin;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.control.ControlView;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.telemetry.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Every service port as it is wanted and as it is, in one JSON object. Absent numbers are {@code null}. */
final class ServicesPage implements Page {
    private static final Cause[] CAUSES = Cause.values();

    private final Supplier<ControlView> control;
    private final PublishedTable table;

    ServicesPage(Supplier<ControlView> control, PublishedTable table) {
        this.control = control;
        this.table = table;
    }

    /** The live side of one service port: any of its routes, and the endpoints of all of them. */
    private static final class Live {
        private final Route route;
        private final Map<IpPort, Upstream> upstreams = new TreeMap<>();

        private Live(Route route) {
            this.route = route;
        }
    }

    @Override
    public Answer answer(Question question) {
        ControlView view = control.get();
        RoutingTable current = table.current();
        Map<ServicePortName, Live> live = new HashMap<>();
        for (Route route : current.routes()) {
            Live port = live.computeIfAbsent(route.spec().service(), _ -> new Live(route));
            route.upstreams().forEach(upstream -> port.upstreams.put(upstream.address(), upstream));
        }
        DoorStates doors = new DoorStates(view);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().member("table", current.revision()).name("node");
        text(json, view.snapshot().node().name());
        text(json.name("zone"), view.snapshot().node().zone());
        json.name("services").beginArray();
        for (ServicePort port : view.snapshot().ports()) {
            service(port, EndpointSelection.select(port, view.snapshot().node()), doors,
                    Optional.ofNullable(live.get(port.name())), json);
        }
        json.endArray().name("leaving").beginArray();
        view.retiring().forEach(upstream -> leaving(upstream, json));
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

    private static void service(ServicePort port, UsableEndpoints usable, DoorStates doors, Optional<Live> live,
            Json json) {
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
        Optional<Route> route = live.map(one -> one.route);
        number(json.name("accepted"), route.map(r -> r.counters().accepted()));
        number(json.name("open"), route.map(r -> r.counters().open()));
        number(json.name("triedAnyway"), route.map(r -> r.counters().triedAnyway()));
        json.name("failed");
        route.ifPresentOrElse(r -> causes(r.counters()::failures, json), json::nothing);
        limit(port, route, json.name("limit"));
        json.name("frontends").beginArray();
        for (Frontend frontend : port.frontends()) {
            DoorStates.Door door = doors.of(port, frontend, usable);
            json.beginObject().member("kind", frontend.kind().toString())
                    .member("address", frontend.address().toString()).member("door", door.state());
            text(json.name("why"), door.why());
            json.endObject();
        }
        json.endArray().name("endpoints").beginArray();
        Map<IpPort, Upstream> upstreams = live.map(one -> one.upstreams).orElse(Map.of());
        long opened = opened(upstreams.values());
        usable.uses().forEach(
                use -> endpoint(use, Optional.ofNullable(upstreams.get(use.endpoint().address())), opened, json));
        json.endArray().endObject();
    }

    private static void limit(ServicePort port, Optional<Route> route, Json json) {
        port.policy().connectionsPerSecond().ifPresentOrElse(perSecond -> {
            json.beginObject().member("perSecond", perSecond).name("available");
            number(json, route.map(Route::limit).map(limit -> limit.available()).filter(n -> n.isPresent())
                    .map(n -> (long) n.getAsInt()));
            json.endObject();
        }, json::nothing);
    }

    private static void endpoint(UsableEndpoints.Use use, Optional<Upstream> live, long openedByAll, Json json) {
        Endpoint endpoint = use.endpoint();
        json.beginObject().member("address", endpoint.address().toString())
                .member("readiness", endpoint.readiness().toString()).name("node");
        text(json, endpoint.nodeName());
        json.member("used", use.inCluster() || use.inLocal()).member("why", use.why());
        traffic(live, json);
        json.name("share");
        live.filter(_ -> openedByAll > 0).map(one -> (double) one.counters().opened() / openedByAll)
                .ifPresentOrElse(json::value, json::nothing);
        json.endObject();
    }

    private static void leaving(Upstream upstream, Json json) {
        json.beginObject();
        name(upstream.service(), json);
        json.member("address", upstream.address().toString());
        traffic(Optional.of(upstream), json);
        json.endObject();
    }

    private static void name(ServicePortName name, Json json) {
        json.member("namespace", name.service().namespace()).member("name", name.service().name())
                .member("port", name.port()).member("protocol", name.protocol().toString())
                .member("family", name.family().toString());
    }

    private static void traffic(Optional<Upstream> live, Json json) {
        text(json.name("gate"), live.map(one -> one.gate().state().toString()));
        json.name("ejected");
        live.map(one -> one.gate().state() == Gate.State.EJECTED).ifPresentOrElse(json::value, json::nothing);
        number(json.name("inFlight"), live.map(one -> (long) one.inFlight()));
        number(json.name("opened"), live.map(one -> one.counters().opened()));
        json.name("failed");
        live.ifPresentOrElse(one -> causes(one.counters()::failures, json), json::nothing);
        number(json.name("bytesUp"), live.map(one -> one.counters().bytesUp()));
        number(json.name("bytesDown"), live.map(one -> one.counters().bytesDown()));
    }

    private static void causes(ToLongFunction<Cause> count, Json json) {
        json.beginObject();
        for (Cause cause : CAUSES) {
            long failures = count.applyAsLong(cause);
            if (failures > 0) {
                json.member(cause.name(), failures);
            }
        }
        json.endObject();
    }

    private static long opened(Collection<Upstream> upstreams) {
        return upstreams.stream().mapToLong(upstream -> upstream.counters().opened()).sum();
    }

    private static void text(Json json, Optional<String> value) {
        value.ifPresentOrElse(json::value, json::nothing);
    }

    private static void number(Json json, Optional<Long> value) {
        value.ifPresentOrElse(json::value, json::nothing);
    }
}
