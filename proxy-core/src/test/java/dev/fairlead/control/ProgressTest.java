package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.Progress.FamilyHealth;
import dev.fairlead.model.IpFamily;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.transport.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Instant START = Instant.parse("2026-11-23T17:20:31Z");

    private final ManualTicker ticker = new ManualTicker(START);
    private final Progress progress = new Progress(ticker);

    private void pass(int seconds) {
        ticker.advance(Duration.ofSeconds(seconds));
    }

    private boolean healthy() {
        return progress.health().healthy();
    }

    private void putIntoForce() {
        progress.taken(progress.offered());
        progress.inForce();
    }

    @Test
    void whatSawNothingIsHealthyForever() {
        pass(86_400);
        assertThat(progress.health().families()).isEqualTo(Map.of(IpFamily.IPV4,
                new FamilyHealth(Optional.empty(), true), IpFamily.IPV6, new FamilyHealth(Optional.empty(), true)));
        assertThat(progress.lastQueued()).isEmpty();
        assertThat(progress.lastInForce()).isEmpty();
    }

    @Test
    void aChangeIsLateAfterSixtySecondsInWhicheverRoomItWaits() {
        progress.seen(Kind.SERVICE);
        pass(20);
        long offer = progress.offered();
        pass(20);
        progress.taken(offer);
        pass(19);
        assertThat(healthy()).as("59 s").isTrue();
        pass(1);
        assertThat(healthy()).as("60 s").isFalse();
        progress.inForce();
        assertThat(healthy()).isTrue();
        assertThat(progress.lastQueued()).contains(START.plusSeconds(20));
        assertThat(progress.lastInForce()).contains(START.plusSeconds(60));
    }

    @Test
    void theOldestChangeCountsAndNotTheNewest() {
        progress.seen(Kind.SERVICE);
        for (int i = 0; i < 60; i++) {
            assertThat(healthy()).as("after %d s", i).isTrue();
            pass(1);
            progress.seen(Kind.ENDPOINTS);
            progress.offered();
        }
        assertThat(healthy()).isFalse();
    }

    @Test
    void aChangeThatCameWhileAnotherWasPutIntoForceGoesOnWaiting() {
        progress.taken(progress.offered());
        pass(10);
        progress.seen(Kind.SERVICE);
        progress.inForce();
        assertThat(progress.pending(Kind.SERVICE)).isEqualTo(1);
        pass(59);
        assertThat(healthy()).isTrue();
        pass(1);
        assertThat(healthy()).isFalse();
    }

    @Test
    void anOfferThatCameWhileAnotherWasPutIntoForceGoesOnWaiting() {
        progress.taken(progress.offered());
        pass(10);
        long next = progress.offered();
        progress.inForce();
        pass(60);
        assertThat(healthy()).isFalse();
        progress.taken(next);
        progress.inForce();
        assertThat(healthy()).isTrue();
    }

    @Test
    void whereANewerOfferIsOnItsWayBothWaitForIt() {
        long first = progress.offered();
        pass(30);
        long second = progress.offered();
        progress.taken(first);
        progress.inForce();
        pass(30);
        assertThat(healthy()).isFalse();
        progress.taken(second);
        progress.inForce();
        assertThat(healthy()).isTrue();
    }

    @Test
    void eachFamilyWaitsByItself() {
        progress.seen(Kind.ENDPOINTS, Set.of(IpFamily.IPV6));
        pass(30);
        progress.seen(Kind.ENDPOINTS, Set.of(IpFamily.IPV4));
        pass(30);
        assertThat(progress.health().families().values()).extracting(FamilyHealth::healthy)
                .containsExactlyInAnyOrder(true, false);
        assertThat(progress.health().families()).containsEntry(IpFamily.IPV6,
                new FamilyHealth(Optional.empty(), false));
        putIntoForce();
        assertThat(progress.health().families()).containsEntry(IpFamily.IPV6,
                new FamilyHealth(Optional.of(START.plusSeconds(60)), true));
    }

    @Test
    void whatCameToNothingWaitsForNothing() {
        progress.seen(Kind.SERVICE);
        progress.triggered(List.of(START));
        progress.cameToNothing();
        pass(60);
        assertThat(healthy()).isTrue();
        assertThat(progress.pending(Kind.SERVICE)).isZero();
        assertThat(progress.total(Kind.SERVICE)).isEqualTo(1);
        putIntoForce();
        assertThat(count(progress.syncs().programming())).isZero();
    }

    @Test
    void whatCameToNothingLeavesAloneWhatWasOfferedBefore() {
        progress.offered();
        progress.seen(Kind.SERVICE);
        progress.cameToNothing();
        pass(60);
        assertThat(healthy()).isFalse();
    }

    @Test
    void nobodyIsLateOnceNothingComesIntoForceAnyMore() {
        progress.seen(Kind.SERVICE);
        progress.offered();
        progress.seen(Kind.SERVICE);
        progress.ended();
        progress.seen(Kind.SERVICE);
        progress.triggered(List.of(START));
        progress.offered();
        pass(3_600);
        assertThat(healthy()).isTrue();
        assertThat(progress.pending(Kind.SERVICE)).isZero();
        assertThat(progress.total(Kind.SERVICE)).isEqualTo(3);
    }

    @Test
    void changesAreCountedByKindAndPendingUntilTheyAreInForce() {
        progress.seen(Kind.SERVICE);
        progress.seen(Kind.ENDPOINTS);
        progress.seen(Kind.ENDPOINTS);
        long offer = progress.offered();
        progress.seen(Kind.ENDPOINTS);
        progress.taken(offer);
        assertThat(progress.pending(Kind.ENDPOINTS)).isEqualTo(3);
        progress.inForce();
        assertThat(progress.pending(Kind.SERVICE)).isZero();
        assertThat(progress.pending(Kind.ENDPOINTS)).isEqualTo(1);
        assertThat(progress.total(Kind.SERVICE)).isEqualTo(1);
        assertThat(progress.total(Kind.ENDPOINTS)).isEqualTo(3);
        assertThat(progress.total(Kind.NODE)).isZero();
    }

    @Test
    void programmingIsMeasuredFromTheTriggerOnceItsOfferIsInForce() {
        pass(10);
        progress.triggered(List.of(START.plusSeconds(9), START.plusMillis(9_750), START.minusMillis(1)));
        long offer = progress.offered();
        progress.triggered(List.of(START.plusSeconds(10)));
        progress.taken(offer);
        assertThat(count(progress.syncs().programming())).isZero();
        progress.inForce();
        Histogram programming = progress.syncs().programming();
        assertThat(count(programming)).as("not from before the process began, not of a later offer").isEqualTo(2);
        assertThat(programming.nanos()).isEqualTo(1_250_000_000L);
        putIntoForce();
        assertThat(count(programming)).isEqualTo(3);
        progress.inForce();
        assertThat(count(programming)).as("once each").isEqualTo(3);
    }

    @Test
    void aTriggerFromTheFutureTookNoTime() {
        progress.triggered(List.of(START.plusSeconds(5)));
        putIntoForce();
        assertThat(progress.syncs().programming().count(0)).isEqualTo(1);
        assertThat(progress.syncs().programming().nanos()).isZero();
    }

    private static long count(Histogram histogram) {
        return IntStream.rangeClosed(0, histogram.bounds().length).mapToLong(histogram::count).sum();
    }
}
