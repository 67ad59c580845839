package dev.fairlead.control;

import dev.fairlead.model.IpFamily;
import dev.fairlead.source.ChangeObserver;
import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How far behind the sources the proxy is: kube-proxy's proxy health (pkg/proxy/healthcheck/proxy_health.go). A change
 * that was seen and is not in force for {@link #PATIENCE} makes its family unhealthy; a door that will not open does
 * not, a table that cannot be made does.
 *
 * <p>
 * Changes go through three rooms: seen by a source, offered in a snapshot, taken up by the control thread. They leave
 * together when what was taken up is in force, so that a change that came meanwhile goes on waiting. Any thread.
 */
public final class Progress implements ChangeObserver {
    /** Twice kube-proxy's syncPeriod, as cmd/kube-proxy/app/server.go has it. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Ticker ticker;
    private final SyncCounters syncs;
    private final Room seen = new Room();
    private final Room offered = new Room();
    private final Room taken = new Room();
    private final Map<Kind, Long> total = new EnumMap<>(Kind.class);
    private long offers;
    private Optional<Instant> queued = Optional.empty();
    private Optional<Instant> inForce = Optional.empty();
    private boolean ended;

    /** Nothing was seen yet; the process begins now. */
    public Progress(Ticker ticker) {
        this.ticker = ticker;
        this.syncs = new SyncCounters(wall());
    }

    /**
     * How the families are.
     *
     * @param now wall clock of the answer
     */
    public record Health(Instant now, Map<IpFamily, FamilyHealth> families) {
        public Health {
            families = Map.copyOf(families);
        }

        /** Whether every family is. */
        public boolean healthy() {
            return families.values().stream().allMatch(FamilyHealth::healthy);
        }
    }

    /**
     * How one family is.
     *
     * @param lastUpdated wall clock when something came into force last; absent = nothing did yet
     */
    public record FamilyHealth(Optional<Instant> lastUpdated, boolean healthy) {
    }

    @Override
    public synchronized void seen(Kind kind, Set<IpFamily> families) {
        total.merge(kind, 1L, Long::sum);
        if (!ended) {
            queue(families);
            seen.changes.merge(kind, 1L, Long::sum);
        }
    }

    @Override
    public synchronized void triggered(List<Instant> triggers) {
        if (!ended) {
            seen.triggers.addAll(triggers);
        }
    }

    @Override
    public synchronized void cameToNothing() {
        seen.clear();
    }

    /**
     * A snapshot that has all in it that was seen is about to be offered.
     *
     * @return its number, for {@link #taken}
     */
    synchronized long offered() {
        if (!ended) {
            queue(EnumSet.allOf(IpFamily.class));
            offered.takeAll(seen);
        }
        return ++offers;
    }

    /**
     * The control thread takes up a snapshot.
     *
     * @param offer its number; where it is not the newest, another is on its way and all wait for that
     */
    synchronized void taken(long offer) {
        if (offer == offers) {
            taken.takeAll(offered);
        }
    }

    /** How long ago the oldest change was seen that the control thread took up; empty where it took up none. */
    synchronized OptionalLong sinceSeenNanos() {
        long now = ticker.nanos();
        return taken.sinceNanos.values().stream().mapToLong(seenNanos -> now - seenNanos).max();
    }

    /** What the control thread took up is in force, but for doors that would not open. */
    synchronized void inForce() {
        Instant now = wall();
        sinceSeenNanos().ifPresent(syncs::propagated);
        syncs.inForce(taken.triggers, now);
        taken.clear();
        inForce = Optional.of(now);
    }

    /** Nothing comes into force any more, and nobody shall be told that it is late. */
    synchronized void ended() {
        ended = true;
        seen.clear();
        offered.clear();
        taken.clear();
    }

    /** How the families are now. */
    public synchronized Health health() {
        long now = ticker.nanos();
        Map<IpFamily, FamilyHealth> families = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            families.put(family, new FamilyHealth(inForce,
                    !seen.late(family, now) && !offered.late(family, now) && !taken.late(family, now)));
        }
        return new Health(wall(), families);
    }

    /** Changes of a kind that were seen and are not in force. */
    public synchronized long pending(Kind kind) {
        return seen.count(kind) + offered.count(kind) + taken.count(kind);
    }

    /** Changes of a kind that were seen, ever growing. */
    public synchronized long total(Kind kind) {
        return total.getOrDefault(kind, 0L);
    }

    /** Wall clock when something was seen or offered last; absent = nothing was yet. */
    public synchronized Optional<Instant> lastQueued() {
        return queued;
    }

    /** Wall clock when something came into force last; absent = nothing did yet. */
    public synchronized Optional<Instant> lastInForce() {
        return inForce;
    }

    /** What was counted meanwhile. */
    public SyncCounters syncs() {
        return syncs;
    }

    private void queue(Set<IpFamily> families) {
        queued = Optional.of(wall());
        seen.enter(families, ticker.nanos());
    }

    private Instant wall() {
        return Instant.ofEpochMilli(ticker.epochMillis());
    }

    /** Changes that have come equally far. */
    private static final class Room {
        // Of the oldest of each family; no entry = none waits.
        private final Map<IpFamily, Long> sinceNanos = new EnumMap<>(IpFamily.class);
        private final Map<Kind, Long> changes = new EnumMap<>(Kind.class);
        private final List<Instant> triggers = new ArrayList<>();

        void enter(Set<IpFamily> families, long nanos) {
            families.forEach(family -> sinceNanos.putIfAbsent(family, nanos));
        }

        void takeAll(Room from) {
            from.sinceNanos.forEach((family, nanos) -> sinceNanos.merge(family, nanos, Room::earlier));
            from.changes.forEach((kind, count) -> changes.merge(kind, count, Long::sum));
            triggers.addAll(from.triggers);
            from.clear();
        }

        void clear() {
            sinceNanos.clear();
            changes.clear();
            triggers.clear();
        }

        boolean late(IpFamily family, long now) {
            Long since = sinceNanos.get(family);
            return since != null && now - since >= PATIENCE.toNanos();
        }

        long count(Kind kind) {
            return changes.getOrDefault(kind, 0L);
        }

        private static long earlier(long one, long other) {
            return one - other <= 0 ? one : other;
        }
    }
}
