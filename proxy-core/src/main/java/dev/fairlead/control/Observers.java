package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.function.Consumer;

/** Several observers as one, told in their order; those after one that throws are not told. */
public final class Observers implements ControlObserver {
    private final List<ControlObserver> all;

    public Observers(ControlObserver... observers) {
        all = List.of(observers);
    }

    @Override
    public void planned(Plan plan, long nanos) {
        each(one -> one.planned(plan, nanos));
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        each(one -> one.applied(done, revision, nanos));
    }

    @Override
    public void stepFailed(Step step, String message) {
        each(one -> one.stepFailed(step, message));
    }

    @Override
    public void healthCheckUnserved(ServiceName service, IpPort address, String why) {
        each(one -> one.healthCheckUnserved(service, address, why));
    }

    @Override
    public void sourceFault(SourceFault fault) {
        each(one -> one.sourceFault(fault));
    }

    @Override
    public void sourceRecovered() {
        each(ControlObserver::sourceRecovered);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        each(one -> one.defect(doing, defect));
    }

    private void each(Consumer<ControlObserver> word) {
        all.forEach(word);
    }
}
