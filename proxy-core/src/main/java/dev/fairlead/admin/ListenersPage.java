package dev.fairlead.admin;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.control.ControlView;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.ServicePort;
import dev.fairlead.telemetry.Json;
import java.util.function.Supplier;

/** Every address that a Service wants to be reached at, and whether it is. */
final class ListenersPage implements Page {
    private final Supplier<ControlView> control;

    ListenersPage(Supplier<ControlView> control) {
        this.control = control;
    }

    @Override
    public Answer answer(Question question) {
        ControlView view = control.get();
        DoorStates doors = new DoorStates(view);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().name("listeners").beginArray();
        for (ServicePort port : view.snapshot().ports()) {
            UsableEndpoints usable = EndpointSelection.select(port, view.snapshot().node());
            for (Frontend frontend : port.frontends()) {
                DoorStates.Door door = doors.of(port, frontend, usable);
                json.beginObject().member("address", frontend.address().toString())
                        .member("protocol", frontend.protocol().toString()).member("state", door.state())
                        .member("kind", frontend.kind().toString())
                        .member("namespace", port.name().service().namespace())
                        .member("name", port.name().service().name()).member("port", port.name().port()).name("why");
                json.text(door.why());
                json.endObject();
            }
        }
        json.endArray().endObject();
        return Answer.json(out.append('\n').toString());
    }
}
