package dev.fairlead.admin;

import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.Step;
import dev.fairlead.control.UnservedPort;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether clients can come in at a frontend, and why not. */
final class DoorStates {
    /**
     * One frontend's door.
     *
     * @param state {@code open}, {@code failed} or {@code closed}
     * @param why absent where it is open
     */
    record Door(String state, Optional<String> why) {
    }

    private static final Door OPEN = new Door("open", Optional.empty());

    private final Set<IpPort> open;
    private final Map<IpPort, String> failed = new HashMap<>();
    private final Map<ServicePortName, String> unserved = new HashMap<>();

    DoorStates(ControlView view) {
        this.open = new HashSet<>(view.doors());
        for (FailedStep step : view.failed()) {
            if (step.step() instanceof Step.OpenListener(IpPort address, String _)) {
                failed.put(address, step.message());
            }
        }
        for (UnservedPort port : view.unserved()) {
            unserved.put(port.service(), port.why());
        }
    }

    Door of(ServicePort port, Frontend frontend, UsableEndpoints usable) {
        // A UDP frontend may share the address of an open TCP door: what is not served comes first.
        String why = unserved.get(port.name());
        if (why != null) {
            return new Door("closed", Optional.of(why));
        }
        if (open.contains(frontend.address())) {
            return OPEN;
        }
        String message = failed.get(frontend.address());
        if (message != null) {
            return new Door("failed", Optional.of(message));
        }
        return new Door("closed",
                Optional.of(usable.forScope(port, frontend.kind().scope()).isEmpty()
                        ? "no usable endpoint"
                        : "not opened yet"));
    }
}
