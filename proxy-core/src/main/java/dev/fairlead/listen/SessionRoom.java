package dev.fairlead.listen;

/**
 * How many sessions fit into the process's file descriptors: each takes two, each door one.
 *
 * @param descriptors the limit of the process; {@link Long#MAX_VALUE} where there is none
 * @param inUse open before the first door
 */
public record SessionRoom(long descriptors, long inUse) {
    // For accepts that are under way when the doors pause, the admin address, the access log and whatever the JVM opens.
    private static final int RESERVE = 32;

    /** At least one, so that a limit that is far too low still shows what it does. */
    public int sessions(int doors) {
        return Math.clamp((descriptors - inUse - doors - RESERVE) / 2, 1, Integer.MAX_VALUE);
    }
}
