package dev.fairlead.discovery.kubernetes;

import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a source has delivered, in order. */
final class Heard implements SnapshotSink {
    private final List<Object> all = new CopyOnWriteArrayList<>();

    @Override
    public void offer(ServiceSnapshot snapshot) {
        all.add(snapshot);
    }

    @Override
    public void fault(SourceFault fault) {
        all.add(fault);
    }

    List<ServiceSnapshot> offers() {
        return all.stream().filter(ServiceSnapshot.class::isInstance).map(ServiceSnapshot.class::cast).toList();
    }

    List<SourceFault> faults() {
        return all.stream().filter(SourceFault.class::isInstance).map(SourceFault.class::cast).toList();
    }

    /** The fault that is in force: the last that no offer has followed. */
    Optional<SourceFault> fault() {
        return all.isEmpty() || !(all.getLast() instanceof SourceFault fault) ? Optional.empty() : Optional.of(fault);
    }

    /** What is served: {@code shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.2:8080}; empty before any offer. */
    List<String> served() {
        List<ServiceSnapshot> offers = offers();
        return offers.isEmpty() ? List.of() : served(offers.getLast());
    }

    static List<String> served(ServiceSnapshot snapshot) {
        return snapshot.ports().stream()
                .map(port -> port.name() + " " + port.frontends().getFirst().address() + " -> "
                        + String.join(", ", port.endpoints().stream().map(one -> one.address().toString()).toList()))
                .toList();
    }

    void forget() {
        all.clear();
    }
}
