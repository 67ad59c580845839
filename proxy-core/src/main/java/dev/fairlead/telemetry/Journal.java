package dev.fairlead.telemetry;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.control.RouteChange;
import dev.fairlead.control.Step;
import dev.fairlead.health.EjectionObserver;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.telemetry.Happening.Kind;
import dev.fairlead.transport.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The last things that happened, in memory. What happens too often pushes out what happened before: it holds the last
 * thousand, and of a long text the beginning. Any thread; what is added is added quickly.
 */
public final class Journal implements ControlObserver, EjectionObserver {
    /** How many are kept. */
    public static final int MOST = 1_000;

    private static final int MOST_CHARACTERS = 4_000;
    // One change of a large cluster may bring more endpoints than the journal holds: the plan says how many.
    private static final int MOST_ENDPOINTS_OF_A_PLAN = 50;

    private final Ticker ticker;
    private final Deque<Happening> kept = new ArrayDeque<>();
    private long last;

    public Journal(Ticker ticker) {
        this.ticker = ticker;
    }

    /** The newest one's id; 0 before the first. */
    public synchronized long last() {
        return last;
    }

    /**
     * What came after one, oldest first.
     *
     * @param id 0 = all that is kept
     * @param most of them, the newest
     */
    public synchronized List<Happening> since(long id, int most) {
        List<Happening> later = kept.stream().filter(one -> one.id() > id).toList();
        return later.subList(Math.max(0, later.size() - most), later.size());
    }

    /** Something that has no observer's method. */
    public void add(Kind kind, Optional<String> service, String text) {
        long now = ticker.epochMillis();
        String bounded = text.length() <= MOST_CHARACTERS
                ? text
                : text.substring(0, MOST_CHARACTERS) + "\n(and " + (text.length() - MOST_CHARACTERS)
                        + " characters more)";
        synchronized (this) {
            last++;
            kept.addLast(new Happening(last, now, kind, service, bounded));
            if (kept.size() > MOST) {
                kept.removeFirst();
            }
        }
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        List<Runnable> endpoints = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (RouteChange change : done.changes()) {
            if (endpoints.size() > MOST_ENDPOINTS_OF_A_PLAN) {
                break;
            }
            Set<IpPort> before = candidates(change.before());
            Set<IpPort> after = candidates(change.after());
            after.stream().filter(one -> !before.contains(one)).sorted()
                    .forEach(one -> endpoint(Kind.ENDPOINT_ADDED, change.service(), one, told, endpoints));
            before.stream().filter(one -> !after.contains(one)).sorted()
                    .forEach(one -> endpoint(Kind.ENDPOINT_REMOVED, change.service(), one, told, endpoints));
        }
        endpoints.stream().limit(MOST_ENDPOINTS_OF_A_PLAN).forEach(Runnable::run);
        add(Kind.PLAN, Optional.empty(), "table " + revision + "\n" + done.text());
    }

    /** Once, though a service port has a route for each kind of its frontends. */
    private void endpoint(Kind kind, ServicePortName service, IpPort endpoint, Set<String> told,
            List<Runnable> endpoints) {
        if (told.add(kind + " " + service + " " + service.protocol() + " " + endpoint)) {
            String text = kind == Kind.ENDPOINT_ADDED
                    ? endpoint + " takes new connections"
                    : endpoint + " takes no new connections any more";
            endpoints.add(() -> add(kind, Optional.of(service.toString()), text));
        }
    }

    private static Set<IpPort> candidates(Optional<RouteSpec> spec) {
        return spec.map(one -> Set.copyOf(one.endpoints())).orElse(Set.of());
    }

    @Override
    public void stepFailed(Step step, String message) {
        add(Kind.STEP_FAILED, Optional.empty(), step.what() + ": " + message + "; tried again each second");
    }

    @Override
    public void healthCheckUnserved(ServiceName service, IpPort address, String why) {
        add(Kind.STEP_FAILED, Optional.of(service.toString()), "health check node port " + address + ": " + why);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        add(Kind.DEFECT, Optional.empty(), "a defect of Fairlead kept it from this: " + doing + ": " + defect);
    }

    @Override
    public void sourceFault(SourceFault fault) {
        add(Kind.SOURCE_FAULT, Optional.empty(), String.join("\n", fault.lines()));
    }

    @Override
    public void sourceRecovered() {
        add(Kind.SOURCE_RECOVERED, Optional.empty(), "the source says again what the world is");
    }

    @Override
    public void ejection(ServicePortName service, IpPort endpoint, boolean ejected) {
        add(ejected ? Kind.EJECTED : Kind.READMITTED, Optional.of(service.toString()), ejected
                ? endpoint + " is ejected because connecting to it kept failing"
                : endpoint + " is no longer ejected");
    }
}
