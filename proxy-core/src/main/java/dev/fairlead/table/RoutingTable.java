package dev.fairlead.table;

import dev.fairlead.model.TransportAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every door's route. Immutable, complete, replaced whole; a table shares with the one before it whatever is the same,
 * so that a change among thousands of services does not cost a look at all of them.
 */
public final class RoutingTable {
    public static final RoutingTable EMPTY = new RoutingTable(0, List.of());

    private static final int SHARDS = 256;

    private final long revision;
    private final List<Route> routes;
    // Optionals are made here, once, so that a look-up allocates nothing.
    private final List<Map<TransportAddress, Optional<Route>>> shards;

    /**
     * @param revision counts published tables
     * @param routes no two share a door
     */
    public RoutingTable(long revision, Collection<Route> routes) {
        this(revision, List.copyOf(routes), noShards(), List.of(), routes);
    }

    private RoutingTable(long revision, List<Route> routes, List<Map<TransportAddress, Optional<Route>>> shards,
            Collection<Route> gone, Collection<Route> come) {
        this.revision = revision;
        this.routes = routes;
        this.shards = shards;
        boolean[] own = new boolean[SHARDS];
        for (Route route : gone) {
            route.spec().doors().forEach(door -> own(door, own).remove(door));
        }
        for (Route route : come) {
            Optional<Route> present = Optional.of(route);
            route.spec().doors().forEach(door -> own(door, own).put(door, present));
        }
    }

    private static List<Map<TransportAddress, Optional<Route>>> noShards() {
        List<Map<TransportAddress, Optional<Route>>> none = new ArrayList<>(SHARDS);
        for (int i = 0; i < SHARDS; i++) {
            none.add(Map.of());
        }
        return none;
    }

    /**
     * The table after this one.
     *
     * @param all every route of it
     * @param gone those of this table that are not in it
     * @param come those in it that are not in this table
     */
    public RoutingTable next(long newRevision, List<Route> all, Collection<Route> gone, Collection<Route> come) {
        return new RoutingTable(newRevision, List.copyOf(all), new ArrayList<>(shards), gone, come);
    }

    /** The door's shard, which is copied before it is first written to. */
    private Map<TransportAddress, Optional<Route>> own(TransportAddress door, boolean[] own) {
        int index = shard(door);
        if (!own[index]) {
            own[index] = true;
            shards.set(index, new HashMap<>(shards.get(index)));
        }
        return shards.get(index);
    }

    private static int shard(TransportAddress door) {
        int hash = door.address().hashCode();
        return (hash ^ hash >>> 8 ^ hash >>> 16) & (SHARDS - 1);
    }

    public long revision() {
        return revision;
    }

    /** Every route, each followed by its short circuit where it has one. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>(routes.size());
        for (Route route : routes) {
            all.add(route);
            route.shortCircuit().ifPresent(all::add);
        }
        return all;
    }

    /** The route behind a door; empty when no service has that address any more. */
    public Optional<Route> find(TransportAddress door) {
        return shards.get(shard(door)).getOrDefault(door, Optional.empty());
    }
}
