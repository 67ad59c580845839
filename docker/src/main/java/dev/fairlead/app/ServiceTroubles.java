package dev.fairlead.app;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.control.Step;
import dev.fairlead.discovery.kubernetes.ServiceTrouble;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.RouteSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out whose trouble it is that a door does not open, and tells it to whoever listens by then; passes everything
 * on. On the control thread, but for {@link #tellTo}.
 */
final class ServiceTroubles implements ControlObserver {
    private final ControlObserver next;
    private volatile Consumer<ServiceTrouble> ear = _ -> {
    };
    private List<RouteSpec> specs = List.of();
    // Made when the first door of a table fails, which hardly ever happens.
    private Optional<Map<TransportAddress, ServiceName>> owners = Optional.empty();

    /** @param next is told everything too, and first */
    ServiceTroubles(ControlObserver next) {
        this.next = next;
    }

    /** From now on troubles are told to this one. Any thread. */
    void tellTo(Consumer<ServiceTrouble> listener) {
        ear = listener;
    }

    @Override
    public void planned(Plan plan, long nanos) {
        next.planned(plan, nanos);
        // It comes first, if at all.
        plan.steps().stream().limit(1).forEach(step -> {
            if (step instanceof Step.PublishTable(List<RouteSpec> wanted)) {
                specs = wanted;
                owners = Optional.empty();
            }
        });
    }

    @Override
    public void stepFailed(Step step, String message) {
        next.stepFailed(step, message);
        if (step instanceof Step.OpenListener(TransportAddress address, SourceFilter _, String _)) {
            Optional.ofNullable(owners().get(address)).ifPresent(service -> ear.accept(new ServiceTrouble(service,
                    "FailedToOpenListener", "Listen",
                    "Fairlead cannot listen at " + address.address() + "/" + address.protocol() + " for this Service: "
                            + message + "; it tries again every second, and serves the other addresses")));
        }
    }

    @Override
    public void healthCheckUnserved(ServiceName service, IpPort address, String why) {
        next.healthCheckUnserved(service, address, why);
        ear.accept(new ServiceTrouble(service, "FailedToStartServiceHealthcheck", "Listen",
                "Fairlead cannot answer load balancers at the health check node port " + address + " of this Service: "
                        + why + "; it tries again every few seconds, and serves the Service"));
    }

    private Map<TransportAddress, ServiceName> owners() {
        Map<TransportAddress, ServiceName> known = owners.orElseGet(() -> {
            Map<TransportAddress, ServiceName> made = new HashMap<>();
            specs.forEach(spec -> spec.doors().forEach(door -> made.put(door, spec.service().service())));
            return made;
        });
        owners = Optional.of(known);
        return known;
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        next.applied(done, revision, nanos);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        next.defect(doing, defect);
    }

    @Override
    public void sourceFault(SourceFault fault) {
        next.sourceFault(fault);
    }

    @Override
    public void sourceRecovered() {
        next.sourceRecovered();
    }
}
