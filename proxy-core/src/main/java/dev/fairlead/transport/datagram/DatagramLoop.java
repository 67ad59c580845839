package dev.fairlead.transport.datagram;

import dev.fairlead.transport.Loop;
import dev.fairlead.transport.linux.EpollSet;
import dev.fairlead.transport.linux.Kernel;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a loop does about datagrams. All sockets of its doors and flows are watched by one epoll instance, which the
 * loop watches as one descriptor: {@link #turn} is called when it is readable. Confined to its loop.
 */
public final class DatagramLoop {
    static final int NOWHERE = -1;
    private static final Logger LOG = LoggerFactory.getLogger(DatagramLoop.class);
    private static final int EVENTS = 256;
    // Where there was much to do there is more by now, and another look costs less than a turn of the loop; yet the
    // loop's connections have to have theirs.
    private static final int LOOKS = 4;
    private static final int MUCH = 16;

    private final Loop loop;
    private final Kernel kernel;
    private final IntConsumer watcher;
    private final long salt = ThreadLocalRandom.current().nextLong();
    private final LongAdder lost = new LongAdder();
    private final Set<DoorSocket> doors = new HashSet<>();
    private @Nullable Means means;
    private @Nullable Watched[] watched = new Watched[64];
    private int[] free = new int[64];
    private int freed;
    private int given;
    private long looks;
    private volatile boolean ended;

    /** What the first door makes necessary. */
    private record Means(EpollSet sockets, Arrivals arrivals, Replies replies, SpareSockets spares) {
        void close() {
            arrivals.close();
            replies.close();
            sockets.close();
        }
    }

    /**
     * Costs next to nothing until the first door.
     *
     * @param watcher begins to watch a descriptor: from then on {@link #turn} is called whenever it is readable
     */
    public DatagramLoop(Loop loop, Kernel kernel, IntConsumer watcher) {
        this.loop = loop;
        this.kernel = kernel;
        this.watcher = watcher;
    }

    Loop loop() {
        return loop;
    }

    Kernel kernel() {
        return kernel;
    }

    long salt() {
        return salt;
    }

    /** Datagrams that the kernel had no room for. Any thread. */
    public LongAdder lost() {
        return lost;
    }

    Arrivals arrivals() {
        return means().arrivals;
    }

    Replies replies() {
        return means().replies;
    }

    SpareSockets spares() {
        return means().spares;
    }

    private Means means() {
        Means present = means;
        if (present == null) {
            present = begin();
            means = present;
        }
        return present;
    }

    private Means begin() {
        Arena arena = Arena.ofAuto();
        EpollSet sockets = new EpollSet(kernel, arena, EVENTS);
        try {
            Means made = new Means(sockets, new Arrivals(kernel, arena), new Replies(kernel, arena, lost),
                    new SpareSockets(kernel));
            watcher.accept(sockets.fd());
            return made;
        } catch (IllegalStateException noRoomOrEnding) {
            sockets.close();
            throw noRoomOrEnding;
        }
    }

    /**
     * Opens a door's socket here; 0 or the errno negated.
     *
     * @throws IllegalStateException when the loop is ending, or has no room
     */
    int open(DoorSocket door) {
        if (ended) {
            throw new IllegalStateException("the event loop has ended");
        }
        means();
        int result = door.open();
        if (result == 0) {
            doors.add(door);
        }
        return result;
    }

    void closed(DoorSocket door) {
        doors.remove(door);
        if (doors.isEmpty() && means != null) {
            means.spares.clear(spare -> forget(spare.slot()));
        }
    }

    /** Counts the times that the sockets were looked at. */
    long looks() {
        return looks;
    }

    boolean ended() {
        return ended;
    }

    /** Watches a descriptor until it is {@link #forget forgotten} and closed; where, or the errno negated. */
    int watch(int fd, Watched by) {
        int slot = freed > 0 ? free[--freed] : given++;
        if (slot == watched.length) {
            watched = Arrays.copyOf(watched, 2 * slot);
        }
        int result = means().sockets.add(fd, slot);
        if (result < 0) {
            give(slot);
            return result;
        }
        watched[slot] = by;
        return slot;
    }

    /** Watches a descriptor no longer that keeps its slot; also before it is closed, if another process has it too. */
    void unwatch(int fd) {
        means().sockets.remove(fd);
    }

    /** Watches it again; 0 or the errno negated. */
    int watchAgain(int fd, int slot) {
        return means().sockets.add(fd, slot);
    }

    /** Whoever has a descriptor that is watched already is told from now on. */
    void pass(int slot, Watched to) {
        watched[slot] = to;
    }

    /** What was told about it before and was not worked off yet goes to nobody, or to the next one as a false alarm. */
    void forget(int slot) {
        watched[slot] = null;
        give(slot);
    }

    private void give(int slot) {
        if (freed == free.length) {
            free = Arrays.copyOf(free, 2 * freed);
        }
        free[freed++] = slot;
    }

    /** Works off what there is. What is left makes the descriptor readable again. */
    public void turn() {
        Means present = means;
        if (present == null || ended) {
            return;
        }
        int count = MUCH;
        for (int look = 0; look < LOOKS && count >= MUCH; look++) {
            looks++;
            count = present.sockets.look();
            for (int i = 0; i < count; i++) {
                Watched one = watched[present.sockets.name(i)];
                if (one != null) {
                    tell(one);
                }
            }
            present.replies.flush();
        }
    }

    /** What a callback throws must cost neither the others of this turn nor the turns to come. */
    private static void tell(Watched one) {
        try {
            one.readable();
        } catch (Throwable defect) {
            defect(defect);
            one.broken();
        }
    }

    static void defect(Throwable defect) {
        LOG.error("a defect of Fairlead ended a UDP flow; please report it", defect);
    }

    /** The loop has ended, and everything with it; nobody is told. */
    public void close() {
        ended = true;
        List.copyOf(doors).forEach(DoorSocket::abandon);
        if (means != null) {
            means.close();
            means = null;
        }
    }
}
