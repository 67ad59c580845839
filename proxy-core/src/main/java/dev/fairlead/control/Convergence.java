package dev.fairlead.control;

import dev.fairlead.balance.Upstream;
import dev.fairlead.control.Applier.Failure;
import dev.fairlead.control.Applier.Outcome;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.ControlView.Fault;
import dev.fairlead.control.ControlView.LastPlan;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.SyncCounters.Extent;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.SourceFault;
import dev.fairlead.transport.Ticker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings the world to what the newest snapshot says, one turn at a time, and tries again what failed. It has no thread
 * of its own: every method is called by one thread, but for {@link #view}.
 */
final class Convergence {
    private static final String STOPPING = "Fairlead is stopping";
    private static final String PUBLISH = new PublishTable(List.of()).what();

    private final Applier applier;
    private final ControlObserver observer;
    private final Progress progress;
    private final Ticker ticker;

    private World world = World.EMPTY;
    private final RouteSpecs routeSpecs = new RouteSpecs();
    private ServiceSnapshot said = ServiceSnapshot.EMPTY;
    private Drains drains = Drains.NONE;
    private ServiceSnapshot wanted = ServiceSnapshot.EMPTY;
    private long offeredNanos;
    private Phase phase = Phase.WAITING;
    private Map<String, FailedStep> failed = Map.of();
    private Optional<String> defect = Optional.empty();
    private Optional<LastPlan> lastPlan = Optional.empty();
    private Optional<Fault> fault = Optional.empty();
    private List<Upstream> retiring = List.of();
    private Map<TransportAddress, SourceFilter> shownDoors = Map.of();
    private List<TransportAddress> shown = List.of();
    private volatile ControlView view = ControlView.INITIAL;

    Convergence(Applier applier, ControlObserver observer, Progress progress, Ticker ticker) {
        this.applier = applier;
        this.observer = new GuardedObserver(observer);
        this.progress = progress;
        this.ticker = ticker;
    }

    /** Any thread. */
    ControlView view() {
        return view;
    }

    /**
     * The source says what the world is.
     *
     * @param atNanos the ticker's time when it said so
     */
    void offered(ServiceSnapshot snapshot, long atNanos) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (fault.isPresent()) {
            fault = Optional.empty();
            observer.sourceRecovered();
        }
        Extent extent = phase == Phase.WAITING || !snapshot.node().equals(wanted.node())
                ? Extent.FULL
                : Extent.PARTIAL;
        said = snapshot;
        offeredNanos = atNanos;
        long start = ticker.nanos();
        follow(start);
        progress.syncs().synced(extent, ticker.nanos() - start);
    }

    /** An operator takes something out of service, or puts it back. */
    void drained(Drains now) {
        drains = now;
        if (phase == Phase.FOLLOWING) {
            offeredNanos = ticker.nanos();
            follow(offeredNanos);
        } else {
            show();
        }
    }

    Drains drains() {
        return drains;
    }

    private void follow(long start) {
        wanted = drains.appliedTo(said);
        turn(() -> {
            Plan plan = plan();
            long took = ticker.nanos() - start;
            progress.syncs().planned(took);
            observer.planned(plan, took);
            return plan;
        });
    }

    /** The source cannot say what the world is; the last snapshot stays in force. */
    void faulted(SourceFault what) {
        if (phase == Phase.CLOSED || fault.map(Fault::fault).filter(what::equals).isPresent()) {
            return;
        }
        // A source that fails in another way than before is still the same outage.
        long since = fault.map(Fault::sinceEpochMillis)
                .orElseGet(() -> what.sinceEpochMillis().orElseGet(ticker::epochMillis));
        fault = Optional.of(new Fault(what, since));
        observer.sourceFault(what);
        show();
    }

    /** Whether there is something to look after although nothing was offered. */
    boolean needsTick() {
        return unfinished() || !retiring.isEmpty();
    }

    /** Tries again what failed and lets go of what has become idle. Does nothing where all is well. */
    void tick() {
        if (unfinished()) {
            turn(phase == Phase.CLOSED ? this::closing : this::plan);
            return;
        }
        List<Upstream> busy = applier.sweep();
        if (!busy.equals(retiring)) {
            retiring = busy;
            show();
        }
    }

    /** Closes every door for good; later snapshots are ignored. The table stays, for who is on the way in. */
    void closeDoors() {
        phase = Phase.CLOSED;
        progress.ended();
        offeredNanos = ticker.nanos();
        turn(this::closing);
    }

    /** Runs what has nothing to do with the world. */
    void aside(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            observer.defect("run a task", thrown);
        }
    }

    private Plan plan() {
        return Planner.plan(world, routeSpecs.wanted(wanted));
    }

    private Plan closing() {
        Stream<Step> close = world.doors().keySet().stream().sorted()
                .map(door -> new CloseListener(door, STOPPING));
        Stream<Step> letGo = world.held().stream().sorted().map(address -> new LetGoAddress(address, STOPPING));
        return new Plan(List.of(), Stream.concat(close, letGo).toList());
    }

    private boolean unfinished() {
        return !failed.isEmpty() || defect.isPresent();
    }

    private void turn(Supplier<Plan> planner) {
        try {
            carryOut(planner.get());
            defect = Optional.empty();
            if (!failed.containsKey(PUBLISH)) {
                progress.inForce();
            }
        } catch (Throwable thrown) {
            // One bad service must not end the thread that serves all of them.
            String words = thrown.toString();
            if (!defect.equals(Optional.of(words))) {
                observer.defect("follow a snapshot", thrown);
            }
            defect = Optional.of(words);
        }
        show();
    }

    private void carryOut(Plan plan) {
        long from = applier.revision();
        long start = ticker.nanos();
        Outcome outcome = applier.apply(world, plan);
        if (!plan.isEmpty()) {
            progress.syncs().carriedOut(ticker.nanos() - start);
        }
        world = outcome.world();
        remember(outcome.failures());
        if (phase == Phase.WAITING && !failed.containsKey(PUBLISH)) {
            phase = Phase.FOLLOWING;
        }
        if (!outcome.done().isEmpty()) {
            lastPlan = Optional.of(
                    new LastPlan(plan, from, applier.revision(), ticker.epochMillis(), progress.sinceSeenNanos()));
            observer.applied(new Plan(plan.changes(), outcome.done()), applier.revision(),
                    ticker.nanos() - offeredNanos);
        }
        retiring = settled(plan);
    }

    /** Settling looks at every endpoint of a service port, so only where a table was made or should have been. */
    private List<Upstream> settled(Plan plan) {
        if (defect.isPresent() || failed.containsKey(PUBLISH)) {
            return applier.settle(world);
        }
        return plan.changes().isEmpty()
                ? applier.sweep()
                : applier.settle(world, plan.changes().stream().map(RouteChange::service).collect(Collectors.toSet()));
    }

    private void remember(List<Failure> failures) {
        Map<String, FailedStep> now = new LinkedHashMap<>();
        for (Failure failure : failures) {
            String what = failure.step().what();
            Optional<FailedStep> before = Optional.ofNullable(failed.get(what));
            now.put(what,
                    new FailedStep(failure.step(), failure.message(),
                            before.map(FailedStep::sinceEpochMillis).orElseGet(ticker::epochMillis),
                            before.map(FailedStep::attempts).orElse(0L) + 1));
            if (before.filter(step -> step.message().equals(failure.message())).isEmpty()) {
                failure.defect().ifPresent(thrown -> observer.defect(what, thrown));
                observer.stepFailed(failure.step(), failure.message());
            }
        }
        failed = now;
    }

    /** Sorting thousands takes longer than a turn that opens none; a world that opened none has the same ones. */
    @SuppressWarnings("ReferenceEquality")
    private List<TransportAddress> sortedDoors() {
        if (shownDoors != world.doors()) {
            shownDoors = world.doors();
            shown = shownDoors.keySet().stream().sorted().toList();
        }
        return shown;
    }

    private void show() {
        view = new ControlView(wanted, applier.revision(), lastPlan, fault, List.copyOf(failed.values()), defect,
                sortedDoors(), retiring, phase, drains);
    }
}
