package dev.fairlead.admin;

import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpText;
import dev.fairlead.telemetry.Json;
import java.util.List;

/** What becomes of one flow as members of a JSON object; {@code null} is what the flow has not. */
public final class FlowJson {
    private FlowJson() {
    }

    /** One object, on one line. */
    public static String of(Flow flow, FlowVerdict verdict) {
        StringBuilder text = new StringBuilder();
        Json json = new Json(text).beginObject();
        members(flow, verdict, json);
        json.endObject();
        return text.toString();
    }

    /** Into an object that is open. */
    static void members(Flow flow, FlowVerdict verdict, Json json) {
        json.member("source", IpText.bracketed(flow.source())).member("destination", flow.destination().toString())
                .member("protocol", flow.protocol().name()).member("sourceKind", verdict.source().toString())
                .member("verdict", verdict.verdict().word());
        if (verdict.hit().isPresent()) {
            FlowVerdict.Hit hit = verdict.hit().get();
            json.member("servicePort", hit.service().toString()).member("frontend", hit.kind().toString());
        } else {
            json.name("servicePort").nothing().name("frontend").nothing();
        }
        switch (verdict.verdict()) {
            case Verdict.Forward(var set, List<Endpoint> endpoints, _) -> {
                json.member("set", set.toString()).name("endpoints").beginArray();
                endpoints.stream().map(endpoint -> endpoint.address().toString()).sorted().forEach(json::value);
                json.endArray();
            }
            case Verdict.Reject _,Verdict.Drop _,Verdict.NotCaptured _ ->
                json.name("set").nothing().name("endpoints").beginArray().endArray();
        }
        json.member("sourceKept", verdict.sourceKept()).name("why").beginArray();
        verdict.why().forEach(json::value);
        json.endArray();
    }
}
