package dev.fairlead.admin;

import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpText;
import java.util.List;
import java.util.stream.Collectors;

/** What becomes of one flow, for people. */
public final class FlowText {
    private FlowText() {
    }

    /** A line, and a line for each reason below it. */
    public static String lines(Flow flow, FlowVerdict verdict) {
        String endpoints = switch (verdict.verdict()) {
            case Verdict.Forward(_, List<Endpoint> to, _) -> " to " + to.stream()
                    .map(endpoint -> endpoint.address().toString()).collect(Collectors.joining(", "));
            case Verdict.Reject _,Verdict.Drop _,Verdict.NotCaptured _ -> "";
        };
        return IpText.bracketed(flow.source()) + " -> " + flow.destination() + "/" + flow.protocol() + "  "
                + verdict.verdict().word() + endpoints + "\n"
                + verdict.why().stream().map(why -> "  " + why + "\n").collect(Collectors.joining());
    }
}
