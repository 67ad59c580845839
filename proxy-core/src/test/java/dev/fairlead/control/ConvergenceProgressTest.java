package dev.fairlead.control;

import static dev.fairlead.control.TurnBench.ONE;
import static dev.fairlead.control.TurnBench.TWO;
import static dev.fairlead.control.TurnBench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.source.ChangeObserver.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What counts as in force, and as late. */
class ConvergenceProgressTest {
    private static final String BROKEN = "default/bad TCP\n  ClusterIP 10.96.0.12:80\n  balancer least-conn\n" + ONE;

    private final TurnBench bench = new TurnBench();

    /** As the control thread does with its mail. */
    private void offer(String snapshot) {
        bench.progress.taken(bench.progress.offered());
        bench.offer(snapshot);
    }

    private boolean healthyAfterAMinute() {
        bench.ticker.advance(Duration.ofMinutes(1));
        return bench.progress.health().healthy();
    }

    @Test
    void aSnapshotThatWasPutIntoForceWaitsNoMore() {
        offer(WEB + ONE);
        assertThat(healthyAfterAMinute()).isTrue();
    }

    @Test
    void aSnapshotThatAltersNothingIsInForceToo() {
        offer(WEB + ONE);
        bench.ticker.advance(Duration.ofSeconds(5));
        offer(WEB + ONE);
        assertThat(bench.progress.lastInForce().orElseThrow().toEpochMilli()).isEqualTo(6_000);
        assertThat(healthyAfterAMinute()).isTrue();
    }

    @Test
    void aPlanSaysHowLongAgoItsFirstChangeWasSeen() {
        bench.progress.seen(Kind.ENDPOINTS);
        bench.ticker.advance(Duration.ofMillis(2));
        bench.progress.seen(Kind.ENDPOINTS);
        bench.ticker.advance(Duration.ofMillis(1));
        offer(WEB + ONE);
        assertThat(bench.convergence.view().lastPlan().orElseThrow().sinceSeenNanos()).hasValue(3_000_000);
        Histogram propagation = bench.progress.syncs().propagation();
        assertThat(propagation.nanos()).isEqualTo(3_000_000);
        assertThat(propagation.count(3)).as("up to 3 ms").isEqualTo(1);
    }

    @Test
    void aPlanThatTriesAgainWhatWasTakenUpBeforeSaysNothingOfChanges() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        bench.doors.loosen("10.96.0.10:80");
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(bench.convergence.view().failed()).isEmpty();
        assertThat(bench.convergence.view().lastPlan().orElseThrow().sinceSeenNanos()).isEmpty();
        assertThat(count(bench.progress.syncs().propagation())).isEqualTo(1);
    }

    @Test
    void aDoorThatDoesNotOpenIsNoReasonToBeUnhealthy() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        assertThat(bench.convergence.view().failed()).hasSize(1);
        assertThat(healthyAfterAMinute()).isTrue();
    }

    @Test
    void aTableThatCannotBeMadeIsUntilALaterOneCan() {
        offer(WEB + ONE);
        offer(BROKEN);
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(healthyAfterAMinute()).isFalse();
        offer(WEB + TWO);
        assertThat(bench.progress.health().healthy()).isTrue();
    }

    @Test
    void aDefectIsUntilTheTurnSucceeds() {
        List<String> bugs = new ArrayList<>(List.of("a bug", "a bug"));
        Convergence buggy = bench.convergence(bench.heard, TurnBench.throwing(bugs));
        bench.progress.taken(bench.progress.offered());
        buggy.offered(SnapshotText.parse(WEB + ONE), bench.ticker.nanos());
        buggy.tick();
        assertThat(healthyAfterAMinute()).isFalse();
        buggy.tick();
        assertThat(bench.progress.health().healthy()).isTrue();
    }

    @Test
    void onceTheDoorsAreClosedNothingIsLate() {
        offer(WEB + ONE);
        offer(BROKEN);
        bench.convergence.closeDoors();
        assertThat(healthyAfterAMinute()).isTrue();
    }

    @Test
    void theFirstSnapshotAndAnotherNodeAreFullSyncsAndAllOthersPartial() {
        offer("");
        offer(WEB + ONE);
        offer(WEB + ONE);
        offer("node one\n" + WEB + ONE);
        offer("node one\n" + WEB + TWO);
        SyncCounters syncs = bench.progress.syncs();
        assertThat(count(syncs.full())).isEqualTo(2);
        assertThat(count(syncs.partial())).isEqualTo(3);
        assertThat(count(syncs.all())).isEqualTo(5);
    }

    @Test
    void aSyncLastsFromTheTurnsBeginToItsEndAndAttemptsLaterAreNone() {
        bench.doors.onCall(call -> bench.ticker.advance(Duration.ofMillis(call.startsWith("open") ? 3 : 0)));
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(bench.progress.syncs().all().nanos()).isEqualTo(3_000_000);
        assertThat(bench.progress.syncs().all().count(2)).as("up to 4 ms").isEqualTo(1);
    }

    private static long count(Histogram histogram) {
        return IntStream.rangeClosed(0, histogram.bounds().length).mapToLong(histogram::count).sum();
    }
}
