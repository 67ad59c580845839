package dev.fairlead.listen;

import dev.fairlead.transport.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps clients waiting in the kernel's queue while there are no descriptors for them: pauses every door, looks again a
 * few times a second, says so once. Any thread.
 */
public final class AcceptPause {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    // A shortage that comes back within this many looks is the same shortage: no second line in the log.
    private static final int CALM_LOOKS = 100;

    private final Loop loop;
    private final BooleanSupplier room;
    private final Consumer<Boolean> apply;
    private final LongAdder pauses = new LongAdder();
    private volatile boolean paused;
    private boolean looking;
    private int calmLooks = CALM_LOOKS;

    /**
     * @param loop whose timer is used
     * @param room whether one more session fits
     * @param apply pauses (true) or resumes (false) the doors
     */
    AcceptPause(Loop loop, BooleanSupplier room, Consumer<Boolean> apply) {
        this.loop = loop;
        this.room = room;
        this.apply = apply;
    }

    /** Whether clients wait just now. */
    public boolean paused() {
        return paused;
    }

    /** How often the doors were paused so far. */
    public long pauses() {
        return pauses.sum();
    }

    /** The kernel refused a descriptor or a local port. */
    public void starved(String why) {
        pause("the kernel says: " + why);
    }

    /** The sessions fill the descriptors. */
    void full(int sessions) {
        pause(sessions + " connections fill the file descriptors");
    }

    private synchronized void pause(String why) {
        if (paused) {
            return;
        }
        paused = true;
        pauses.increment();
        if (calmLooks >= CALM_LOOKS) {
            LOG.warn("new connections wait: {} (raise the limit of open files, ulimit -n); existing ones go on", why);
        }
        calmLooks = 0;
        apply.accept(true);
        if (!looking) {
            looking = true;
            loop.schedule(LOOK_AGAIN, this::look);
        }
    }

    private synchronized void look() {
        if (paused && room.getAsBoolean()) {
            paused = false;
            apply.accept(false);
        } else if (!paused) {
            calmLooks++;
        }
        if (paused || calmLooks < CALM_LOOKS) {
            loop.schedule(LOOK_AGAIN, this::look);
        } else {
            looking = false;
            LOG.info("new connections are taken again");
        }
    }
}
