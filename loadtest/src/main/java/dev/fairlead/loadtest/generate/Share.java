package dev.fairlead.loadtest.generate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What one lane does of a load: some of its slots, and their tally. Confined to the lane's thread, once opened. */
final class Share {
    /** Connecting at once, so that no backlog overflows. */
    private static final int OPENING_AT_ONCE = 256;
    /** Client ports that send their first datagram in one tick, for the same reason. */
    private static final int PORTS_PER_TICK = 32;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Between two looks at what has taken too long. */
    static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Lane lane;
    private final LoadPlan plan;
    private final Tally tally = new Tally();
    private final Pacing pacing;
    private final boolean reopens;
    private final Slot[] slots;
    private final CompletableFuture<Share> allJudged = new CompletableFuture<>();
    private int started;
    private int judged;
    private boolean stopped;

    Share(Lane lane, LoadPlan plan, Pacing pacing, boolean reopens) {
        this.lane = lane;
        this.plan = plan;
        this.pacing = pacing;
        this.reopens = reopens;
        this.slots = new Slot[plan.connections()];
    }

    Lane lane() {
        return lane;
    }

    LoadPlan plan() {
        return plan;
    }

    Tally tally() {
        return tally;
    }

    Pacing pacing() {
        return pacing;
    }

    /** Whether a broken slot connects again. */
    boolean reopens() {
        return reopens;
    }

    /** Opens every slot; done when each has connected or failed once. */
    CompletableFuture<Share> open() {
        tally.begin(System.nanoTime());
        for (int place = 0; place < slots.length; place++) {
            slots[place] = slot(place);
        }
        openSome();
        sweep();
        return allJudged;
    }

    /** A slot has connected or failed for the first time. */
    void judged() {
        judged++;
        if (judged == slots.length) {
            allJudged.complete(this);
        }
        // On its own turn: a slot that opens at once would otherwise open the next one deeper in the stack.
        if (started < slots.length && !plan.kind().isDatagram()) {
            lane.loop().execute(this::openMore);
        }
    }

    private void openSome() {
        if (plan.kind().isDatagram()) {
            openPorts();
        } else {
            openMore();
        }
    }

    private void openPorts() {
        for (int i = 0; i < PORTS_PER_TICK && !stopped && started < slots.length; i++) {
            slots[started++].reopen();
        }
        if (!stopped && started < slots.length) {
            lane.after(TICK_NANOS, this::openPorts);
        }
    }

    private void openMore() {
        while (!stopped && started < slots.length && started - judged < OPENING_AT_ONCE) {
            slots[started++].reopen();
        }
    }

    /** Of an open loop. */
    void startPacing() {
        pacing.start(System.nanoTime());
    }

    /** The window is over: what was counted, with the units that it leaves undone. */
    Counts end() {
        long now = System.nanoTime();
        if (plan.rate() > 0) {
            pacing.overdue(tally, now);
        }
        for (Slot slot : slots) {
            if (slot.isBusy() && plan.kind().hasUnits()) {
                if (plan.rate() > 0) {
                    tally.unfinished(slot.intended(), now);
                }
                if (now - slot.begun() > STALLED_NANOS) {
                    tally.mishap(Mishap.STALLED, "in flight for " + (now - slot.begun()) / 1_000_000 + " ms");
                }
            }
        }
        return tally.counts(now);
    }

    /** Slots with a connection. */
    int connections() {
        return count(Slot::isOpen);
    }

    /** Slots with a unit in flight. */
    int busy() {
        return count(Slot::isBusy);
    }

    /** Closes every connection and tells how many there were. */
    int stop() {
        stopped = true;
        pacing.stop();
        int closed = connections();
        for (Slot slot : slots) {
            slot.close();
        }
        return closed;
    }

    private void sweep() {
        if (stopped) {
            return;
        }
        long now = System.nanoTime();
        for (Slot slot : slots) {
            slot.sweep(now);
        }
        lane.after(SWEEP_NANOS, this::sweep);
    }

    private int count(Predicate<Slot> which) {
        int count = 0;
        for (Slot slot : slots) {
            if (which.test(slot)) {
                count++;
            }
        }
        return count;
    }

    private Slot slot(int place) {
        return switch (plan.kind()) {
            case CONNECT -> new ConnectSlot(this, place);
            case PINGPONG -> new PingPongSlot(this, place);
            case BULK_DOWN -> new DownSlot(this, place);
            case BULK_UP -> new UpSlot(this, place);
            case SLOW -> new SlowSlot(this, place);
            case UDP_FIXED, UDP_FRESH -> new DatagramSlot(this, place);
        };
    }
}
