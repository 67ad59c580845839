package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.Listed;
import dev.fairlead.discovery.kubernetes.Event.News;
import dev.fairlead.discovery.kubernetes.Event.NodeGone;
import dev.fairlead.discovery.kubernetes.Event.NodeIs;
import dev.fairlead.discovery.kubernetes.Event.ServiceGone;
import dev.fairlead.discovery.kubernetes.Event.ServiceIs;
import dev.fairlead.discovery.kubernetes.Event.SliceGone;
import dev.fairlead.discovery.kubernetes.Event.SliceIs;
import dev.fairlead.discovery.kubernetes.Event.SliceKey;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.IncrementalTranslator;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cluster as far as it has been told. News are hints: whatever comes twice, late or in another order leads to the
 * same state. One thread.
 */
final class ClusterState {
    private final IncrementalTranslator translator;
    private final OwnNode node;
    private final SyncGate gate;
    private final WaitingChanges waiting;
    private final SourceObserver observer;
    private final LocalAddresses interfaces;

    private final Set<ServiceName> services = new HashSet<>();
    private final Set<SliceKey> slices = new HashSet<>();
    // What an earlier connection told and this one has not yet: whatever is still here after its list is gone.
    private final Set<ServiceName> unconfirmedServices = new HashSet<>();
    private final Set<SliceKey> unconfirmedSlices = new HashSet<>();
    private boolean nodeConfirmed = true;
    private Optional<NodeObject> nodeObject = Optional.empty();

    private ServiceSnapshot translated = ServiceSnapshot.EMPTY;
    private Optional<String> noted = Optional.empty();
    private ServiceSnapshot last = ServiceSnapshot.EMPTY;

    /**
     * @param interfaces this machine's, on which NodePorts are served
     * @param observer must not throw
     */
    ClusterState(PolicyWords words, TranslationSettings settings, LocalAddresses interfaces, Pace pace,
            WaitingChanges waiting, SourceObserver observer) {
        this.interfaces = interfaces;
        this.translator = new IncrementalTranslator(words, settings);
        this.node = new OwnNode(settings);
        this.gate = new SyncGate(node, pace);
        this.waiting = waiting;
        this.observer = observer;
    }

    /** Takes what is told; whether the state may be another now. */
    boolean read(News news, long nowNanos) {
        switch (news) {
            case ServiceIs(ServiceObject service) -> {
                services.add(service.name());
                unconfirmedServices.remove(service.name());
                translator.put(service);
                serviceChanged(nowNanos);
            }
            case ServiceGone(ServiceName name) -> serviceGone(name, nowNanos);
            case SliceIs(SliceObject slice, Optional<Instant> trigger) -> {
                SliceKey key = new SliceKey(slice.namespace(), slice.name());
                slices.add(key);
                unconfirmedSlices.remove(key);
                translator.put(slice);
                waiting.slice(key, trigger, nowNanos);
                observer.sliceChanged();
            }
            case SliceGone(SliceKey key) -> sliceGone(key, nowNanos);
            case NodeIs(NodeObject object) -> {
                return nodeIs(object);
            }
            case NodeGone() -> nodeGone();
            case Listed(Watched what) -> {
                return listed(what, nowNanos);
            }
        }
        return true;
    }

    private boolean nodeIs(NodeObject object) {
        Optional<String> note = node.note();
        nodeConfirmed = true;
        node.is(object);
        // The kubelet reports every few seconds, and says something new once in a while.
        boolean other = !nodeObject.equals(Optional.of(object));
        if (other) {
            nodeObject = Optional.of(object);
            translator.put(object);
        }
        return other || !note.equals(node.note());
    }

    private boolean listed(Watched what, long nowNanos) {
        gate.listed(what, nowNanos);
        return switch (what) {
            case SERVICES -> {
                List<ServiceName> gone = new ArrayList<>(unconfirmedServices);
                gone.forEach(name -> serviceGone(name, nowNanos));
                yield !gone.isEmpty();
            }
            case SLICES -> {
                List<SliceKey> gone = new ArrayList<>(unconfirmedSlices);
                gone.forEach(key -> sliceGone(key, nowNanos));
                yield !gone.isEmpty();
            }
            case NODE -> {
                boolean gone = !nodeConfirmed;
                if (gone) {
                    nodeGone();
                }
                yield gone;
            }
        };
    }

    private void serviceGone(ServiceName name, long nowNanos) {
        services.remove(name);
        unconfirmedServices.remove(name);
        translator.removeService(name);
        serviceChanged(nowNanos);
    }

    private void serviceChanged(long nowNanos) {
        waiting.service(nowNanos);
        observer.serviceChanged();
    }

    private void sliceGone(SliceKey key, long nowNanos) {
        slices.remove(key);
        unconfirmedSlices.remove(key);
        translator.removeSlice(key.namespace(), key.name());
        waiting.sliceGone(key, nowNanos);
        observer.sliceChanged();
    }

    /**
     * The object is gone, this machine is not: forgetting its addresses would close node ports in the middle of their
     * work, and the kubelet registers it again. Load balancers should leave it alone until then, as kube-proxy has it.
     */
    private void nodeGone() {
        nodeConfirmed = true;
        node.gone();
        nodeObject = nodeObject.map(last -> new NodeObject(last.name(), last.labels(), last.addresses(),
                last.podCidrs(), last.taints(), true));
        nodeObject.ifPresent(translator::put);
    }

    /** Whether the server lets us read our own Node. */
    void nodeReadable(boolean may) {
        node.readable(may);
    }

    /** A new connection begins: it tells everything again, and what it leaves out has gone in the meantime. */
    void relearn() {
        unconfirmedServices.addAll(services);
        unconfirmedSlices.addAll(slices);
        nodeConfirmed = false;
    }

    /** Whether there is enough to offer. */
    boolean complete(long nowNanos) {
        return gate.open(nowNanos);
    }

    /** What holds the first offer back, where that ends by itself. */
    SyncGate gate() {
        return gate;
    }

    /** The state that all news ask for; the same object where nothing has altered it. */
    ServiceSnapshot snapshot() {
        translator.interfaces(interfaces.now());
        ServiceSnapshot now = translator.snapshot();
        Optional<String> note = node.note();
        if (!now.equals(translated) || !note.equals(noted) || last.equals(ServiceSnapshot.EMPTY)) {
            translated = now;
            noted = note;
            last = note.isEmpty() ? now : withNote(now, note.get());
        }
        return last;
    }

    private static ServiceSnapshot withNote(ServiceSnapshot snapshot, String note) {
        List<String> notes = new ArrayList<>(snapshot.notes());
        notes.add(note);
        return snapshot.withNotes(notes);
    }

    /** What has changed since it was asked last. */
    Optional<Changes> changes(boolean effective) {
        return waiting.take(effective);
    }
}
