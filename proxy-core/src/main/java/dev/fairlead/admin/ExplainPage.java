package dev.fairlead.admin;

import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.FlowVerdicts;
import dev.fairlead.balance.StickyPicker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.Verdict;
import dev.fairlead.control.ControlView;
import dev.fairlead.model.Drain;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.source.DurationText;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.telemetry.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What would become of a connection just now, and what only the running process knows about it: the door, each
 * endpoint's connections, failures and ejection, and where affinity would lead. {@code to=IP:PORT}, and where it
 * matters {@code from=IP} and {@code protocol=TCP}. Without {@code from} the source is an address outside.
 */
final class ExplainPage implements Page {
    private static final InetAddress OUTSIDE_V4 = IpText.parse("192.0.2.1").orElseThrow();
    private static final InetAddress OUTSIDE_V6 = IpText.parse("2001:db8::1").orElseThrow();
    private static final String EXPECTED = "expected: /api/v1/explain?to=10.96.0.10:80, and where it matters"
            + " &from=10.1.2.3&protocol=TCP\n";

    private final Supplier<ControlView> control;
    private final PublishedTable table;
    private ServiceSnapshot indexed = ServiceSnapshot.EMPTY;
    private FlowVerdicts verdicts = new FlowVerdicts(ServiceSnapshot.EMPTY);

    ExplainPage(Supplier<ControlView> control, PublishedTable table) {
        this.control = control;
        this.table = table;
    }

    @Override
    public Answer answer(Question question) {
        Optional<IpPort> to = question.parameter("to").flatMap(IpPort::parse);
        Optional<String> fromText = question.parameter("from");
        Optional<InetAddress> from = fromText.flatMap(ExplainPage::address);
        Optional<Protocol> protocol = protocol(question.parameter("protocol").orElse("TCP"));
        if (to.isEmpty() || protocol.isEmpty() || (fromText.isPresent() && from.isEmpty())) {
            String what = to.isEmpty()
                    ? "to is no address and port"
                    : protocol.isEmpty() ? "protocol is neither TCP nor UDP" : "from is no address";
            return Answer.text(HttpResponseStatus.BAD_REQUEST, what + "; " + EXPECTED);
        }
        InetAddress source = from.orElseGet(() -> switch (to.get().family()) {
            case IPV4 -> OUTSIDE_V4;
            case IPV6 -> OUTSIDE_V6;
        });
        Flow flow = new Flow(protocol.get(), source, to.get());
        return question.accept().toLowerCase(Locale.ROOT).contains(Answer.JSON)
                ? Answer.json(json(flow) + "\n")
                : Answer.text(HttpResponseStatus.OK, text(flow));
    }

    private static Optional<InetAddress> address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return IpText.parse(bracketed ? text.substring(1, text.length() - 1) : text);
    }

    private static Optional<Protocol> protocol(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "TCP" -> Optional.of(Protocol.TCP);
            case "UDP" -> Optional.of(Protocol.UDP);
            default -> Optional.empty();
        };
    }

    @SuppressWarnings("ReferenceEquality")
    private Live live(Flow flow) {
        ControlView view = control.get();
        // Pages are answered on one thread, so that the last snapshot's index may be kept.
        if (indexed != view.snapshot()) {
            indexed = view.snapshot();
            verdicts = new FlowVerdicts(indexed);
        }
        FlowVerdict verdict = verdicts.of(flow);
        Optional<Route> route = table.current().find(flow.door()).map(one -> one.from(flow.source()));
        Map<IpPort, Upstream> upstreams = new HashMap<>();
        route.ifPresent(one -> one.upstreams().forEach(upstream -> upstreams.put(upstream.address(), upstream)));
        List<LiveEndpoint> endpoints = switch (verdict.verdict()) {
            case Verdict.Forward(_, List<Endpoint> all, _) -> all.stream().map(Endpoint::address)
                    .map(address -> new LiveEndpoint(address, Optional.ofNullable(upstreams.get(address)))).toList();
            case Verdict.Reject _,Verdict.Drop _,Verdict.NotCaptured _ -> List.of();
        };
        Optional<IpPort> remembered = route.map(Route::picker)
                .flatMap(picker -> picker instanceof StickyPicker sticky
                        ? sticky.remembered(flow.source())
                        : Optional.empty());
        List<String> drained = route.map(one -> one.spec().service().service())
                .map(service -> view.drains().list().stream().filter(drain -> drain.service().equals(service))
                        .map(Drain::toString).toList())
                .orElse(List.of());
        return new Live(verdict, door(view, flow), remembered, endpoints, drained);
    }

    private static String door(ControlView view, Flow flow) {
        if (view.doors().contains(flow.door())) {
            return "open";
        }
        return view.failed().stream()
                .filter(step -> step.step().what().equals("open " + flow.door())).findFirst()
                .map(step -> "failed: " + step.message()).orElse("closed");
    }

    private String json(Flow flow) {
        Live live = live(flow);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject();
        FlowJson.members(flow, live.verdict, json);
        json.name("live").beginObject().member("door", live.door).name("affinity");
        live.affinity.ifPresentOrElse(endpoint -> json.value(endpoint.toString()), json::nothing);
        json.name("endpoints").beginArray();
        live.endpoints.forEach(endpoint -> endpoint.write(json));
        json.endArray().name("drained").beginArray();
        live.drained.forEach(json::value);
        json.endArray().endObject().endObject();
        return out.toString();
    }

    private String text(Flow flow) {
        Live live = live(flow);
        StringBuilder text = new StringBuilder(FlowText.lines(flow, live.verdict));
        text.append("now\n  door ").append(live.door).append('\n');
        live.affinity.ifPresent(endpoint -> text.append("  its last connection went to ").append(endpoint)
                .append(" (ClientIP affinity)\n"));
        live.endpoints.forEach(endpoint -> text.append("  ").append(endpoint.words()).append('\n'));
        live.drained.forEach(drain -> text.append("  ").append(drain).append("  drained by an operator\n"));
        return text.toString();
    }

    /**
     * What the process knows beyond the snapshot.
     *
     * @param drained what an operator has taken out of service
     * @param affinity the endpoint that the source's last connection went to; empty where nothing is remembered
     */
    private record Live(FlowVerdict verdict, String door, Optional<IpPort> affinity, List<LiveEndpoint> endpoints,
            List<String> drained) {
    }

    /**
     * An endpoint that the flow may go to.
     *
     * @param upstream absent where it is not in the table yet
     */
    private record LiveEndpoint(IpPort address, Optional<Upstream> upstream) {
        private Map<Cause, Long> failures() {
            return upstream.map(one -> one.counters().failures()).orElse(Map.of());
        }

        private OptionalLong ejectedForMillis() {
            return upstream.map(one -> one.gate().ejectedForMillis()).orElse(OptionalLong.empty());
        }

        void write(Json json) {
            json.beginObject().member("address", address.toString()).name("inFlight");
            upstream.ifPresentOrElse(one -> json.value(one.inFlight()), json::nothing);
            json.name("gate");
            upstream.ifPresentOrElse(one -> json.value(one.gate().state().toString()), json::nothing);
            json.name("ejectedForMillis");
            ejectedForMillis().ifPresentOrElse(json::value, json::nothing);
            json.name("opened");
            upstream.ifPresentOrElse(one -> json.value(one.counters().opened()), json::nothing);
            json.name("failed").beginObject();
            failures().forEach((cause, count) -> json.member(cause.name(), count));
            json.endObject().endObject();
        }

        String words() {
            if (upstream.isEmpty()) {
                return address + "  not in the table yet";
            }
            Upstream live = upstream.get();
            StringBuilder words = new StringBuilder(address.toString()).append("  ").append(live.inFlight())
                    .append(" in flight, ").append(live.counters().opened()).append(" opened");
            failures().forEach((cause, count) -> words.append(", ").append(count).append(' ').append(cause));
            ejectedForMillis().ifPresent(millis -> words.append(", ejected for ")
                    .append(DurationText.format(Duration.ofMillis(millis))).append(" more"));
            return words.toString();
        }
    }
}
