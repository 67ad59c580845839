package dev.fairlead.listen;

/**
 * How many sessions fit into the process's file descriptors: a connection takes two, a UDP flow one, a door one or a
 * few.
 *
 * @param descriptors the limit of the process; {@link Long#MAX_VALUE} where there is none
 * @param inUse open before the first door
 */
public record SessionRoom(long descriptors, long inUse) {
    // For accepts that are under way when the doors pause, the admin address, the access log and whatever the JVM opens.
    private static final int RESERVE = 32;

    /**
     * Connections, where so many descriptors are doors' and flows'. At least one, so that a limit that is far too low
     * still shows what it does.
     */
    public int connections(int others) {
        return Math.clamp((descriptors - inUse - others - RESERVE) / 2, 1, Integer.MAX_VALUE);
    }

    /** Doors with one socket each, where there is nothing else: each takes the place of half a connection. */
    public int doors() {
        return Math.clamp(descriptors - inUse - RESERVE, 0, Integer.MAX_VALUE);
    }

    /** UDP flows: four fifths, so that forged clients, who cost nothing, leave room for connections. At least one. */
    public int flows() {
        long free = descriptors - inUse - RESERVE;
        return Math.clamp(free - free / 5, 1, Integer.MAX_VALUE);
    }
}
