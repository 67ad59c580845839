package dev.fairlead.balance;

import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SourceKind;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a flow, and by whose words.
 *
 * @param hit the frontend that the flow dials; absent where it dials none
 * @param sourceKept whether kube-proxy would show the endpoint the client's own address; false where nothing is
 *     forwarded
 * @param why the reasons in their order, for a reader
 */
public record FlowVerdict(SourceKind source, Verdict verdict, Optional<Hit> hit, boolean sourceKept,
        List<String> why) {
    public FlowVerdict {
        why = List.copyOf(why);
    }

    /** One kind of frontend of one service port. */
    public record Hit(ServicePortName service, FrontendKind kind) {
    }
}
