package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.ControlView.Fault;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.source.SourceFault;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether to send connections here: from the first configuration in force until the drain begins. A bad configuration
 * or a door that will not open does not turn everything else away, so it is told and no more.
 */
final class ReadyzPage implements Page {
    private final Supplier<ControlView> control;
    private final BooleanSupplier draining;

    ReadyzPage(Supplier<ControlView> control, BooleanSupplier draining) {
        this.control = control;
        this.draining = draining;
    }

    @Override
    public Answer answer(Question question) {
        ControlView view = control.get();
        boolean stopping = draining.getAsBoolean() || view.phase() == Phase.CLOSED;
        boolean ready = view.firstSyncDone() && !stopping;
        StringBuilder text = new StringBuilder(ready ? "ready\n" : "not ready\n");
        text.append("draining: ").append(stopping ? "yes" : "no").append('\n');
        text.append("configuration: ")
                .append(view.firstSyncDone() ? "in force, table " + view.revision() : "none is in force yet")
                .append('\n');
        view.fault().ifPresent(fault -> fault(fault, view.firstSyncDone(), text));
        text.append("doors: ").append(view.doors().size()).append(" open\n");
        if (!view.failed().isEmpty()) {
            text.append("being tried again: ").append(view.failed().size()).append('\n');
            view.failed().forEach(step -> failed(step, text));
        }
        view.defect().ifPresent(defect -> text.append("a defect of Fairlead keeps the last change from being made: ")
                .append(defect).append('\n'));
        return Answer.text(ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, text.toString());
    }

    private static void fault(Fault fault, boolean older, StringBuilder text) {
        text.append(switch (fault.fault()) {
            case SourceFault.Malformed _ -> "configuration refused";
            case SourceFault.Unreachable _,SourceFault.Forbidden _ -> "source out of reach";
            case SourceFault.Several _ -> "sources out of reach or refused";
        }).append(" since ").append(Instant.ofEpochMilli(fault.sinceEpochMillis()))
                .append(older ? "; the last good configuration is served" : "").append('\n');
        fault.fault().lines().forEach(problem -> text.append("  ").append(problem).append('\n'));
    }

    private static void failed(FailedStep step, StringBuilder text) {
        text.append("  ").append(step.step().what()).append(": ").append(step.message()).append(" (")
                .append(step.attempts()).append(step.attempts() == 1 ? " attempt" : " attempts").append(" since ")
                .append(Instant.ofEpochMilli(step.sinceEpochMillis())).append(")\n");
    }
}
