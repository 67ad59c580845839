package dev.fairlead.loadtest.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** One lane's part of the soak. Confined to the lane's thread. */
final class MixedShare {
    /** For talks that are under way when the time is over. */
    static final Duration GRACE = Duration.ofSeconds(30);
    private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

    private final Lane lane;
    private final MixedPlan plan;
    private final long deadline;
    private final List<MixedTalk> talks = new ArrayList<>();
    private final Map<MixedKind, Long> units = new EnumMap<>(MixedKind.class);
    private final Tally tally = new Tally();
    private final CompletableFuture<MixedReport> report = new CompletableFuture<>();

    MixedShare(Lane lane, MixedPlan plan) {
        this.lane = lane;
        this.plan = plan;
        this.deadline = System.nanoTime() + plan.duration().toNanos();
    }

    Lane lane() {
        return lane;
    }

    MixedPlan plan() {
        return plan;
    }

    /** Begins; done when the time is over and the last talk has ended. */
    CompletableFuture<MixedReport> run() {
        SplittableRandom dice = new SplittableRandom(plan.seed());
        for (int i = 0; i < plan.connections(); i++) {
            talks.add(new MixedTalk(this, dice.split()));
        }
        talks.forEach(MixedTalk::begin);
        sweep();
        return report;
    }

    void done(MixedTalk talk, MixedKind kind) {
        units.merge(kind, 1L, Long::sum);
        // Not deeper in the stack: a script may be over within its first call.
        lane.loop().execute(() -> next(talk));
    }

    void failed(MixedTalk talk, Mishap mishap, String detail) {
        tally.mishap(mishap, detail);
        lane.after(ClientHandle.PAUSE_NANOS, () -> next(talk));
    }

    private void next(MixedTalk talk) {
        if (System.nanoTime() < deadline) {
            talk.begin();
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        talks.forEach(talk -> talk.sweep(now));
        if (now - deadline > GRACE.toNanos()) {
            talks.forEach(MixedTalk::cut);
        }
        // A talk that pauses after a failure is inactive too, and begins no more after the deadline.
        if (now >= deadline && talks.stream().noneMatch(MixedTalk::isActive)) {
            Counts counts = tally.counts(now);
            report.complete(new MixedReport(units, counts.mishaps(), counts.details()));
        } else {
            lane.after(SWEEP_NANOS, this::sweep);
        }
    }
}
