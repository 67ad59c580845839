package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When changes are offered, on a clock of the test's own; all times in milliseconds. */
class CoalescingTest {
    private final OfferPace pace = new OfferPace(Coalescing.DEFAULT);
    // Tickers may begin anywhere, also just before their numbers wrap.
    private final long start = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(50);

    private long at(long millis) {
        return start + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Changes at these times, an offer whenever one is due; when the offers were. */
    private List<Long> offers(long... changes) {
        List<Long> offers = new ArrayList<>();
        int next = 0;
        for (long now = 0; now < 1000; now++) {
            while (next < changes.length && changes[next] == now) {
                pace.changed(at(now));
                next++;
            }
            if (pace.due().isPresent() && pace.due().getAsLong() - at(now) <= 0) {
                pace.settled(at(now));
                offers.add(now);
            }
        }
        return offers;
    }

    @Test
    void withoutAChangeNothingIsDue() {
        assertThat(offers()).isEmpty();
    }

    @Test
    void theFirstChangeIsOfferedAtOnce() {
        assertThat(offers(3)).containsExactly(3L);
    }

    @Test
    void changesThatAreFarApartAreAllOfferedAtOnce() {
        assertThat(offers(0, 10, 30, 500)).containsExactly(0L, 10L, 30L, 500L);
    }

    @Test
    void aChangeSoonAfterAnOfferWaitsForQuiet() {
        assertThat(offers(0, 4)).containsExactly(0L, 14L);
    }

    @Test
    void aBurstBecomesOneOfferWhenItIsOver() {
        assertThat(offers(0, 2, 8, 15, 20, 25)).containsExactly(0L, 35L);
    }

    @Test
    void anEndlessBurstIsOfferedEveryHundredMilliseconds() {
        long[] always = new long[400];
        for (int i = 0; i < always.length; i++) {
            always[i] = i;
        }
        assertThat(offers(always)).containsExactly(0L, 101L, 202L, 303L, 404L);
    }

    @Test
    void withoutQuietTimeEveryChangeIsOfferedAtOnce() {
        OfferPace impatient = new OfferPace(new Coalescing(Duration.ZERO, Duration.ZERO));
        for (long now = 0; now < 5; now++) {
            impatient.changed(at(now));
            assertThat(impatient.due()).hasValue(at(now));
            impatient.settled(at(now));
        }
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coalescing(Duration.ofMillis(10), Duration.ofMillis(9)))
                .withMessage("quiet PT0.01S, atMost PT0.009S (expected: 0 <= quiet <= atMost)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coalescing(Duration.ofMillis(-1), Duration.ofMillis(9)));
    }
}
