package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.SourceFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes everything on and lets nothing back: what an observer throws must not keep a door from opening. */
final class GuardedObserver implements ControlObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    private final ControlObserver observer;

    GuardedObserver(ControlObserver observer) {
        this.observer = observer;
    }

    @Override
    public void planned(Plan plan, long nanos) {
        guarded(() -> observer.planned(plan, nanos));
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        guarded(() -> observer.applied(done, revision, nanos));
    }

    @Override
    public void stepFailed(Step step, String message) {
        guarded(() -> observer.stepFailed(step, message));
    }

    @Override
    public void healthCheckUnserved(ServiceName service, IpPort address, String why) {
        guarded(() -> observer.healthCheckUnserved(service, address, why));
    }

    @Override
    public void defect(String doing, Throwable defect) {
        LOG.error("a defect in Fairlead kept it from this: {}; what was in force stays", doing, defect);
        guarded(() -> observer.defect(doing, defect));
    }

    @Override
    public void sourceFault(SourceFault fault) {
        guarded(() -> observer.sourceFault(fault));
    }

    @Override
    public void sourceRecovered() {
        guarded(observer::sourceRecovered);
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable defect) {
            LOG.error("a defect in Fairlead: an observer of the control thread threw", defect);
        }
    }
}
