package dev.fairlead.discovery.kubernetes;

import dev.fairlead.model.ServiceSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets nothing through that another observer throws: who counts must not keep who works from working. */
final class GuardedSourceObserver implements SourceObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedSourceObserver.class);

    private final SourceObserver observer;

    GuardedSourceObserver(SourceObserver observer) {
        this.observer = observer;
    }

    @Override
    public void serviceChanged() {
        guarded(observer::serviceChanged);
    }

    @Override
    public void sliceChanged() {
        guarded(observer::sliceChanged);
    }

    @Override
    public void taken(ServiceSnapshot snapshot, Changes changes) {
        guarded(() -> observer.taken(snapshot, changes));
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException thrown) {
            LOG.warn("an observer of discovery failed", thrown);
        }
    }
}
