package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Upstream's list, and its playing: every case in both modes and both families, many at a time. */
final class Conformance implements AutoCloseable {
    /** Every case of the list, in its order. */
    static final List<Case> CASES = Stream
            .of(BornCases.all(), ServiceCases.all(), AffinityCases.ofServices(), ReadinessCases.all(),
                    ConntrackCases.all(), GranularCases.all(), TrafficCases.all(), LoadBalancerCases.all(),
                    OtherCases.all())
            .flatMap(cases -> cases).toList();
    /** Cases mostly wait. */
    private static final int AT_A_TIME = 16;
    /** Upstream allows 30 seconds for endpoints and five minutes for all else. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** With what is known to fail. */
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);
    /** Where nothing can serve. */
    private static final Duration NO_HOPE = Duration.ofMillis(200);

    private final List<Cluster> clusters;
    private final ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME,
            Thread.ofPlatform().name("player-", 0).factory());
    private final Map<Play, Future<Optional<Throwable>>> results = new ConcurrentHashMap<>();

    /**
     * A case in a mode and a family.
     *
     * @param what the case
     */
    record Play(Case what, Mode mode, IpFamily family) {
        @Override
        public String toString() {
            return what + " (" + mode + ", " + family + ")";
        }
    }

    Conformance(List<Cluster> clusters) {
        this.clusters = clusters;
    }

    /** All that is played. */
    static List<Play> plays() {
        List<Play> plays = new ArrayList<>();
        for (Case what : CASES) {
            if (what.kind() != Case.Kind.NOT_RUN) {
                for (Mode mode : Mode.values()) {
                    if (what.modes().contains(mode)) {
                        for (IpFamily family : IpFamily.values()) {
                            plays.add(new Play(what, mode, family));
                        }
                    }
                }
            }
        }
        return plays;
    }

    /** Plays all; the disruptive ones last, and each alone on its cluster. */
    void playAll() {
        for (Play play : plays()) {
            if (play.what().kind() != Case.Kind.DISRUPTIVE) {
                results.put(play, players.submit(() -> played(play, patience(play.what()))));
            }
        }
        results.values().forEach(Conformance::awaited);
        List<Future<?>> modes = Stream.of(Mode.values()).<Future<?>>map(mode -> players.submit(() -> {
            for (Play play : plays()) {
                if (play.what().kind() == Case.Kind.DISRUPTIVE && play.mode() == mode) {
                    results.put(play, CompletableFuture.completedFuture(played(play, PATIENCE)));
                }
            }
        })).toList();
        modes.forEach(Conformance::awaited);
    }

    /** What became of every flow, in their order. */
    List<SideBySide.Outcome> compareAll(SideBySide both) {
        List<Future<SideBySide.Outcome>> outcomes = both.flows().stream()
                .map(flow -> players.submit(() -> both.compare(flow))).toList();
        return outcomes.stream().map(Conformance::awaited).toList();
    }

    /** The plays that pass though nothing serves. */
    List<Play> passWithoutProxy(Mode mode) {
        Map<Play, Future<Optional<Throwable>>> again = new LinkedHashMap<>();
        for (Play play : plays()) {
            if (play.mode() == mode && play.what().kind() == Case.Kind.PASSES) {
                again.put(play, players.submit(() -> played(play, NO_HOPE)));
            }
        }
        return again.entrySet().stream().filter(entry -> awaited(entry.getValue()).isEmpty()).map(Map.Entry::getKey)
                .toList();
    }

    /** What went wrong in a play; empty where nothing did. */
    Optional<Throwable> result(Play play) {
        Future<Optional<Throwable>> result = results.get(play);
        if (result == null) {
            throw new IllegalArgumentException(play + " was not played");
        }
        return awaited(result);
    }

    private static Duration patience(Case what) {
        return what.kind() == Case.Kind.KNOWN_TO_FAIL ? IMPATIENCE : PATIENCE;
    }

    private Optional<Throwable> played(Play play, Duration patience) {
        Cluster cluster = clusters.stream().filter(one -> one.mode() == play.mode()).findFirst().orElseThrow();
        try (Scene scene = new Scene(cluster, play.family(), patience)) {
            play.what().script().play(scene);
            return Optional.empty();
        } catch (Exception | AssertionError failed) {
            return Optional.of(failed);
        }
    }

    private static <T> T awaited(Future<T> result) {
        try {
            return result.get();
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(hurried);
        }
    }

    @Override
    public void close() {
        players.shutdownNow();
    }
}
