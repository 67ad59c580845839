package dev.fairlead.table;

/** The one switch between control and event loops: a single volatile reference. */
public final class PublishedTable {
    private volatile RoutingTable current = RoutingTable.EMPTY;

    /** The newest table. A connection reads it once. Any thread. */
    public RoutingTable current() {
        return current;
    }

    /** Control thread only. */
    public void publish(RoutingTable table) {
        current = table;
    }
}
