package dev.fairlead.loadtest.generate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/** A load under way on all loops, from its opening to {@link #stop}. For the thread that obeys commands. */
final class Load {
    private static final Duration OPENING = Duration.ofSeconds(60);

    private final List<Share> shares = new ArrayList<>();
    private final List<AtAWord> words = new ArrayList<>();

    private Load() {
    }

    /** What was counted in a window, and the CPU spent in it. */
    record Measured(Counts counts, CpuMeter.Moment begin, CpuMeter.Moment end) {
    }

    /** Makes the load as the plan says; returns when each connection stands or has failed once. */
    static Load start(Loops loops, LoadPlan plan) throws CommandFailed, InterruptedException {
        Load load = new Load();
        List<Lane> lanes = loops.lanes();
        for (int i = 0; i < lanes.size(); i++) {
            LoadPlan part = plan.part(i, lanes.size());
            if (part.connections() > 0) {
                load.shares.add(new Share(lanes.get(i), part, pacing(lanes.get(i), part), true));
            }
        }
        load.open();
        for (Share share : load.shares) {
            Loops.on(share.lane(), () -> {
                share.startPacing();
                return share;
            });
        }
        return load;
    }

    /** Opens connections that stay open and exchange one byte at each {@link #touch}. */
    static Load hold(Loops loops, LoadPlan plan) throws CommandFailed, InterruptedException {
        Load load = new Load();
        List<Lane> lanes = loops.lanes();
        for (int i = 0; i < lanes.size(); i++) {
            LoadPlan part = plan.part(i, lanes.size());
            AtAWord word = new AtAWord(part.connections(), part.touchedAtOnce());
            load.words.add(word);
            load.shares.add(new Share(lanes.get(i), part, word, false));
        }
        load.open();
        return load;
    }

    /** Runs on for {@code warm}, then measures; CPU is read on the first loop, at the very ends of its window. */
    Measured measure(Duration warm, Duration window, CpuMeter meter) throws CommandFailed, InterruptedException {
        List<CompletableFuture<Counts>> counts = new ArrayList<>();
        CompletableFuture<CpuMeter.Moment> begin = new CompletableFuture<>();
        CompletableFuture<CpuMeter.Moment> end = new CompletableFuture<>();
        for (Share share : shares) {
            CompletableFuture<Counts> counted = new CompletableFuture<>();
            counts.add(counted);
            boolean first = counts.size() == 1;
            share.lane().after(warm.toNanos(), () -> {
                if (first) {
                    read(meter, begin);
                }
                share.tally().begin(System.nanoTime());
                share.lane().after(window.toNanos(), () -> {
                    counted.complete(share.end());
                    if (first) {
                        read(meter, end);
                    }
                });
            });
        }
        Duration patience = warm.plus(window).plusSeconds(20);
        List<Counts> done = new ArrayList<>();
        for (CompletableFuture<Counts> counted : counts) {
            done.add(Loops.await(counted, patience));
        }
        return new Measured(Counts.sum(done), Loops.await(begin, patience), Loops.await(end, patience));
    }

    /** What was counted since the start or the last answer; counting begins anew. */
    Counts counts() throws CommandFailed, InterruptedException {
        List<Counts> counts = new ArrayList<>();
        for (Share share : shares) {
            counts.add(Loops.on(share.lane(), () -> {
                Counts counted = share.end();
                share.tally().begin(System.nanoTime());
                return counted;
            }));
        }
        return Counts.sum(counts);
    }

    /**
     * One unit on each held connection; returns when all are done, which a time limit of each ensures. Connections that
     * broke since the last answer are counted too.
     */
    Counts touch() throws CommandFailed, InterruptedException {
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            AtAWord word = words.get(i);
            CompletableFuture<Void> quiet = new CompletableFuture<>();
            Loops.on(share.lane(), () -> {
                word.touch(System.nanoTime());
                whenQuiet(share, word::done, quiet);
                return share;
            });
            Loops.await(quiet, OPENING);
        }
        return counts();
    }

    int connections() throws CommandFailed, InterruptedException {
        return sum(Share::connections);
    }

    /**
     * Closes all connections and tells how many there were. A client port waits for its replies before, or for their
     * time to be over: the kernel may give the port to the next load, to which they would be replies to nothing.
     */
    int stop() throws CommandFailed, InterruptedException {
        List<CompletableFuture<Void>> replied = new ArrayList<>();
        for (Share share : shares) {
            if (share.plan().kind().isDatagram()) {
                CompletableFuture<Void> quiet = new CompletableFuture<>();
                Loops.on(share.lane(), () -> {
                    share.pacing().stop();
                    whenQuiet(share, () -> true, quiet);
                    return share;
                });
                replied.add(quiet);
            }
        }
        for (CompletableFuture<Void> quiet : replied) {
            Loops.await(quiet, OPENING);
        }
        return sum(Share::stop);
    }

    private void open() throws CommandFailed, InterruptedException {
        List<CompletableFuture<Share>> opening = new ArrayList<>();
        for (Share share : shares) {
            opening.add(Loops.on(share.lane(), share::open));
        }
        try {
            for (CompletableFuture<Share> opened : opening) {
                Loops.await(opened, OPENING);
            }
        } catch (CommandFailed late) {
            stop();
            throw late;
        }
    }

    private int sum(ToIntFunction<Share> figure) throws CommandFailed, InterruptedException {
        int sum = 0;
        for (Share share : shares) {
            sum += Loops.on(share.lane(), () -> figure.applyAsInt(share));
        }
        return sum;
    }

    private static void whenQuiet(Share share, BooleanSupplier done, CompletableFuture<Void> quiet) {
        if (done.getAsBoolean() && share.busy() == 0) {
            quiet.complete(null);
        } else {
            share.lane().after(Duration.ofMillis(1).toNanos(), () -> whenQuiet(share, done, quiet));
        }
    }

    private static void read(CpuMeter meter, CompletableFuture<CpuMeter.Moment> moment) {
        try {
            moment.complete(meter.now());
        } catch (RuntimeException problem) {
            moment.completeExceptionally(problem);
        }
    }

    private static Pacing pacing(Lane lane, LoadPlan plan) {
        if (!plan.kind().hasUnits()) {
            return new AtAWord(plan.connections(), plan.connections());
        }
        if (plan.rate() == 0) {
            return new ClosedPacing();
        }
        Timetable timetable = new Timetable(plan.rate());
        return switch (plan.kind()) {
            case PINGPONG, UDP_FIXED -> new InTurnPacing(lane, timetable, plan.connections());
            case CONNECT, UDP_FRESH, BULK_DOWN, BULK_UP, SLOW ->
                new AnySlotPacing(lane, timetable, plan.connections());
        };
    }
}
