package dev.fairlead.control;

import dev.fairlead.balance.Upstream;
import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.FilterListener;
import dev.fairlead.control.Step.HoldAddress;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.OpenFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Does a plan's steps, in their order. Control thread only. */
public final class Applier {
    private final Doors doors;
    private final TableBuilder tables;
    private final UpstreamRegistry registry;
    private final PublishedTable published;
    private final Flows flows;

    public Applier(Doors doors, TableBuilder tables, UpstreamRegistry registry, PublishedTable published,
            Flows flows) {
        this.doors = doors;
        this.tables = tables;
        this.registry = registry;
        this.published = published;
        this.flows = flows;
    }

    /**
     * What came of a plan.
     *
     * @param world after it
     * @param done the steps that succeeded, in the order they were done
     * @param failures the steps that did not
     */
    record Outcome(World world, List<Step> done, List<Failure> failures) {
        Outcome {
            done = List.copyOf(done);
            failures = List.copyOf(failures);
        }
    }

    /**
     * A step that failed.
     *
     * @param message for a reader
     * @param defect present where the failure is ours and not the kernel's
     */
    record Failure(Step step, String message, Optional<Throwable> defect) {
    }

    /**
     * Does the steps. Where one fails the others proceed, but for a table that could not be made: what follows builds
     * on it, so nothing more is done.
     */
    Outcome apply(World world, Plan plan) {
        Run run = new Run(world);
        for (Step step : plan.steps()) {
            if (!run.attempt(step) && step instanceof PublishTable) {
                break;
            }
        }
        run.openWhatWasInTheWay();
        return new Outcome(new World(run.doors, run.held, run.specs, run.failures.isEmpty()), run.done, run.failures);
    }

    /** The revision of the table in force. */
    long revision() {
        return published.current().revision();
    }

    /** Lets go of whatever the world does not name; returns the endpoints that left and are busy. */
    List<Upstream> settle(World world) {
        registry.settle(world.specs());
        return registry.retiring();
    }

    /** The same where only these service ports may have lost something. */
    List<Upstream> settle(World world, Set<ServicePortName> changed) {
        registry.settle(world.specs(), changed);
        return registry.retiring();
    }

    /** Lets go of endpoints that have become idle since; returns those that are still busy. */
    List<Upstream> sweep() {
        registry.sweep();
        return registry.retiring();
    }

    /** One plan being done. */
    private final class Run {
        private Map<TransportAddress, SourceFilter> doors;
        private Set<TransportAddress> held;
        private List<RouteSpec> specs;
        private final List<Step> done = new ArrayList<>();
        private final List<Failure> failures = new ArrayList<>();

        Run(World world) {
            this.doors = world.doors();
            this.held = world.held();
            this.specs = world.specs();
        }

        boolean attempt(Step step) {
            try {
                perform(step);
                done.add(step);
                return true;
            } catch (OpenFailure refused) {
                failures.add(new Failure(step, String.valueOf(refused.getMessage()), Optional.empty()));
                if (step instanceof OpenListener(TransportAddress address, _, _)) {
                    holdMeanwhile(address);
                }
            } catch (Throwable defect) {
                failures.add(new Failure(step, "a defect in Fairlead: " + defect, Optional.of(defect)));
            }
            return false;
        }

        private void perform(Step step) throws OpenFailure {
            switch (step) {
                case PublishTable(List<RouteSpec> wanted) -> {
                    RoutingTable next = tables.build(revision() + 1, wanted);
                    if (tables.keepsClients()) {
                        Applier.this.doors.keepClients();
                    }
                    published.publish(next);
                    specs = wanted;
                }
                case OpenListener(TransportAddress address, SourceFilter filter, _) -> {
                    Applier.this.doors.open(address, filter);
                    changedDoors().put(address, filter);
                    noLongerHeld(address);
                }
                case FilterListener(TransportAddress address, SourceFilter filter) -> {
                    Applier.this.doors.filter(address, filter);
                    changedDoors().put(address, filter);
                }
                case CloseListener(TransportAddress address, _) -> {
                    Applier.this.doors.close(address);
                    changedDoors().remove(address);
                }
                case HoldAddress(TransportAddress address, _) -> {
                    Applier.this.doors.hold(address);
                    changedHeld().add(address);
                }
                case LetGoAddress(TransportAddress address, _) -> {
                    Applier.this.doors.letGo(address);
                    noLongerHeld(address);
                }
                case RetireUpstream(ServicePortName service, IpPort endpoint) -> {
                    registry.retire(service, endpoint);
                    if (service.protocol() == Protocol.UDP) {
                        flows.cut(service, endpoint);
                    }
                }
            }
        }

        /** Thousands of doors are not copied for a plan that touches none. */
        private Map<TransportAddress, SourceFilter> changedDoors() {
            if (!(doors instanceof HashMap)) {
                doors = new HashMap<>(doors);
            }
            return doors;
        }

        /** The next attempts find the address as it is; that it could not be had is what the failure says already. */
        private void holdMeanwhile(TransportAddress address) {
            if (!held.contains(address)) {
                try {
                    Applier.this.doors.hold(address);
                    changedHeld().add(address);
                } catch (OpenFailure _) {
                    // Said, and tried again with the door.
                }
            }
        }

        private void noLongerHeld(TransportAddress address) {
            if (held.contains(address)) {
                changedHeld().remove(address);
            }
        }

        private Set<TransportAddress> changedHeld() {
            if (!(held instanceof HashSet)) {
                held = new HashSet<>(held);
            }
            return held;
        }

        /** Make before break has one price: a door may be in the way of another that is opened before it closes. */
        void openWhatWasInTheWay() {
            if (done.stream().anyMatch(CloseListener.class::isInstance)) {
                List<Failure> refused = failures.stream().filter(failure -> failure.step() instanceof OpenListener)
                        .toList();
                failures.removeAll(refused);
                refused.forEach(failure -> attempt(failure.step()));
            }
        }
    }
}
