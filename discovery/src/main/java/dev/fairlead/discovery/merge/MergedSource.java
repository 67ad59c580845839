package dev.fairlead.discovery.merge;

import dev.fairlead.discovery.merge.SnapshotMerge.Part;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.Optional;

/**
 * Several sources as one: static files and the Kubernetes API together, say. Snapshots are joined per service port;
 * where two sources give the same service port, or the same address and protocol to dial, the one that stands first in
 * the list has it and a note says so.
 *
 * <p>
 * It offers as soon as one source has, without those that have nothing to say yet: services that stand in a file must
 * not wait for an API server that is away. That nothing half-known is served holds for each source by itself, since
 * each offers complete states only; until the last has offered, an address that a file gives too is the file's, and
 * changes hands then if the file stands behind.
 *
 * <p>
 * A fault of one source leaves the others' news alone, and their offers leave its fault alone: after each offer the
 * faults that last are told again.
 */
public final class MergedSource implements ServiceSource {
    /**
     * One of them.
     *
     * @param name for notes: {@code the files}, {@code Kubernetes}
     */
    public record Member(String name, ServiceSource source) {
    }

    private final List<Slot> slots;
    private final Object lock = new Object();
    // Guarded by lock.
    private Optional<SnapshotSink> sink = Optional.empty();
    private Optional<ServiceSnapshot> last = Optional.empty();
    private Optional<SourceFault> told = Optional.empty();

    /** @param members those that go first come first; at least one */
    public MergedSource(List<Member> members) {
        this.slots = members.stream().map(Slot::new).toList();
    }

    /** Starts them in their order; delivers what they deliver before it returns. */
    @Override
    public void start(SnapshotSink to) {
        synchronized (lock) {
            sink = Optional.of(to);
        }
        slots.forEach(slot -> slot.member.source().start(slot));
    }

    @Override
    public void close() {
        synchronized (lock) {
            sink = Optional.empty();
        }
        // Outside of the lock: a source may be delivering, and then holds a lock of its own.
        slots.forEach(slot -> slot.member.source().close());
    }

    /**
     * Under the lock. Files without a service, settings alone say, have nothing that is in a hurry: then the proxy is
     * ready when the others have spoken.
     */
    private void offer() {
        boolean nothingYet = slots.stream().flatMap(slot -> slot.snapshot.stream())
                .allMatch(one -> one.ports().isEmpty());
        if (nothingYet && slots.stream().anyMatch(slot -> slot.snapshot.isEmpty())) {
            return;
        }
        ServiceSnapshot merged = SnapshotMerge.of(slots.stream()
                .flatMap(slot -> slot.snapshot.map(snapshot -> new Part(slot.member.name(), snapshot)).stream())
                .toList());
        // The same object where nothing has changed, so that whoever follows sees it at a glance.
        ServiceSnapshot snapshot = last.filter(merged::equals).orElse(merged);
        last = Optional.of(snapshot);
        told = Optional.empty();
        sink.ifPresent(to -> to.offer(snapshot));
        tell();
    }

    /** Under the lock. */
    private void tell() {
        List<SourceFault> faults = slots.stream().flatMap(slot -> slot.fault.stream()).toList();
        Optional<SourceFault> fault = switch (faults.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(faults.getFirst());
            default -> Optional.of(new SourceFault.Several(faults));
        };
        if (!fault.equals(told)) {
            told = fault;
            sink.ifPresent(to -> fault.ifPresent(to::fault));
        }
    }

    /** What one source has said last. */
    private final class Slot implements SnapshotSink {
        private final Member member;
        // Guarded by lock.
        private Optional<ServiceSnapshot> snapshot = Optional.empty();
        private Optional<SourceFault> fault = Optional.empty();

        private Slot(Member member) {
            this.member = member;
        }

        @Override
        public void offer(ServiceSnapshot now) {
            synchronized (lock) {
                snapshot = Optional.of(now);
                fault = Optional.empty();
                MergedSource.this.offer();
            }
        }

        @Override
        public void fault(SourceFault what) {
            synchronized (lock) {
                fault = Optional.of(what);
                tell();
            }
        }
    }
}
