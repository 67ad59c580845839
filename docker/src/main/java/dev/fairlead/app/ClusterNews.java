package dev.fairlead.app;

import dev.fairlead.discovery.kubernetes.Changes;
import dev.fairlead.discovery.kubernetes.SourceObserver;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ChangeObserver;
import dev.fairlead.source.ChangeObserver.Kind;

/** Tells the proxy what a cluster's source hears, in the proxy's words. On the source's thread. */
final class ClusterNews implements SourceObserver {
    private final ChangeObserver changes;
    private ServiceSnapshot last = ServiceSnapshot.EMPTY;

    ClusterNews(ChangeObserver changes) {
        this.changes = changes;
    }

    @Override
    public void serviceChanged() {
        changes.seen(Kind.SERVICE);
    }

    @Override
    public void sliceChanged() {
        changes.seen(Kind.ENDPOINTS);
    }

    /** The same object again is not offered: whoever waits for what was seen need not wait longer. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public void taken(ServiceSnapshot snapshot, Changes news) {
        if (snapshot == last) {
            changes.cameToNothing();
        } else {
            changes.triggered(news.triggers());
        }
        last = snapshot;
    }
}
