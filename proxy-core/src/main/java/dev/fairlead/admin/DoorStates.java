package dev.fairlead.admin;

import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.Step;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
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

    private final Set<TransportAddress> open;
    private final Map<TransportAddress, String> failed = new HashMap<>();

    DoorStates(ControlView view) {
        this.open = new HashSet<>(view.doors());
        for (FailedStep step : view.failed()) {
            if (step.step() instanceof Step.OpenListener(TransportAddress address, SourceFilter _, String _)) {
                failed.put(address, step.message());
            }
        }
    }

    /** Why a frontend's door would not open; empty where nothing of that kind is known. */
    Optional<String> failure(Frontend frontend) {
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(failed.get(frontend.door())).map(why -> frontend.address() + ": " + why);
    }

    Door of(ServicePort port, Frontend frontend, UsableEndpoints usable) {
        if (open.contains(frontend.door())) {
            return OPEN;
        }
        String message = failed.get(frontend.door());
        if (message != null) {
            return new Door("failed", Optional.of(message));
        }
        return new Door("closed",
                Optional.of(usable.forScope(port, frontend.kind().scope()).isEmpty()
                        ? "no usable endpoint"
                        : "not opened yet"));
    }
}
