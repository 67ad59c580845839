package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.machine.JavaHeap;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A long mixture of everything with endpoints that come and go; then nothing may be left of it.
 *
 * @param seconds of the mixture
 */
record SoakScenario(String id, String title, long seconds, long seed, List<Contender> contenders) implements Scenario {
    private static final List<EndpointKind> KINDS = new ArrayList<>(Generators.mixedKinds());
    private static final long FIRST_SECONDS = 10;
    private static final long CALM_SECONDS = 20;
    /** The code cache, metaspace and the allocator's arenas still grow a little after ten seconds of everything. */
    private static final double TOLERATED_MEGABYTES = 16;

    @Override
    public Unit unit() {
        return Unit.CONNECTION;
    }

    @Override
    public Metric headline() {
        return Metric.LEFT_MEMORY;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * (seconds + Math.min(seconds, FIRST_SECONDS) + 5.0);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        for (Contender contender : stage.taking(contenders)) {
            try (Cast cast = stage.cast(List.of(contender), KINDS, false)) {
                notes.addAll(soak(stage, cast.members().getFirst()));
                return new Outcome(cast.rows(), 0, notes);
            }
        }
        throw new IOException("nobody to soak (expected: Fairlead)");
    }

    private List<String> soak(Stage stage, Cast.Member member) throws IOException, InterruptedException {
        long first = Math.min(seconds, FIRST_SECONDS);
        long idle = ProcessFacts.descriptors(member.running().pids().getFirst()).pipes();
        stage.progress().step("a first mixture of " + first + " s");
        mix(member, first, seed + 1);
        Level before = calm(stage, member, idle);
        stage.progress().step("the mixture of " + seconds + " s, seed " + seed);
        LoadReport report = mix(member, seconds, seed);
        Level after = calm(stage, member, idle);
        Tally tally = member.tally();
        tally.errors(report);
        tally.add(Metric.LEFT_DESCRIPTORS, after.descriptors() - before.descriptors());
        tally.add(Metric.LEFT_PIPES, after.pipes() - before.pipes());
        tally.add(Metric.LEFT_SESSIONS, after.sessions());
        tally.add(Metric.LEFT_MEMORY, after.megabytes() - before.megabytes());
        tally.error("descriptors left", Math.round(after.descriptors() - before.descriptors()));
        tally.error("sessions left", Math.round(after.sessions()));
        tally.error("memory left", after.megabytes() - before.megabytes() > TOLERATED_MEGABYTES ? 1 : 0);
        return List.of(String.format(Locale.ROOT,
                "%d units in %d s, seed %d; resident memory %.1f MB after the first %d s, %.1f MB at the end, each after a"
                        + " forced garbage collection (tolerated: %.0f MB more).",
                report.units(), seconds, seed, before.megabytes(), first, after.megabytes(), TOLERATED_MEGABYTES));
    }

    private static LoadReport mix(Cast.Member member, long seconds, long seed)
            throws IOException, InterruptedException {
        try (Churn churn = Churn.start(member.running())) {
            LoadReport report = member.generators().mixed(member.running(), seconds, seed);
            churn.assertWorked();
            return report;
        }
    }

    /**
     * Waits until no session is alive and the pipes that were kept for the next bulk flow are closed, which takes some
     * seconds, or gives up waiting; then counts.
     *
     * @param idle ends of pipes of a process that has relayed nothing yet
     */
    private static Level calm(Stage stage, Cast.Member member, long idle) throws IOException, InterruptedException {
        String admin = member.running().assignment().admin();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CALM_SECONDS);
        double sessions = stage.probe().metric(admin, "fairlead_sessions");
        long pid = member.running().pids().getFirst();
        while ((sessions > 0 || ProcessFacts.descriptors(pid).pipes() > idle) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            sessions = stage.probe().metric(admin, "fairlead_sessions");
        }
        JavaHeap.collect(pid);
        ProcessFacts.Descriptors open = ProcessFacts.descriptors(pid);
        return new Level(open.all(), open.pipes(), sessions,
                ProcessFacts.residentKilobytes(List.of(pid)) * 1024.0 / 1e6);
    }

    private record Level(double descriptors, double pipes, double sessions, double megabytes) {
    }
}
