package dev.fairlead.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.balance.ManualTicker;
import dev.fairlead.balance.Upstreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();

    private RateLimit limit(int perSecond) {
        return new ServiceRateLimits(ticker).limit(Upstreams.SERVICE, perSecond);
    }

    private static int admitted(RateLimit limit, int asked) {
        int admitted = 0;
        for (int i = 0; i < asked; i++) {
            admitted += limit.tryAcquire() ? 1 : 0;
        }
        return admitted;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 10_000})
    void soManyComeInEachSecondAndNoMore(int perSecond) {
        RateLimit limit = limit(perSecond);
        assertThat(limit.perSecond()).isEqualTo(perSecond);
        for (int second = 0; second < 5; second++) {
            assertThat(limit.available()).hasValue(perSecond);
            assertThat(admitted(limit, 2 * perSecond)).isEqualTo(perSecond);
            assertThat(limit.available()).hasValue(0);
            ticker.advance(SECOND.minusNanos(1));
            assertThat(limit.tryAcquire()).isFalse();
            ticker.advance(Duration.ofNanos(1));
        }
    }

    @Test
    void whatIsNotUsedInOneSecondIsNotSavedForTheNext() {
        RateLimit limit = limit(10);
        assertThat(admitted(limit, 3)).isEqualTo(3);
        assertThat(limit.available()).hasValue(7);
        ticker.advance(SECOND.multipliedBy(60));
        assertThat(limit.available()).hasValue(10);
        assertThat(admitted(limit, 100)).isEqualTo(10);
    }

    @Test
    void whoWasRefusedTakesNothingFromTheNextSecond() {
        RateLimit limit = limit(10);
        assertThat(admitted(limit, 1_000)).isEqualTo(10);
        ticker.advance(SECOND);
        assertThat(admitted(limit, 1_000)).isEqualTo(10);
    }

    @Test
    void manyLoopsTogetherGetNoMore() throws Exception {
        RateLimit limit = limit(1_000);
        int admitted = 0;
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> done = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                done.add(loops.submit(() -> admitted(limit, 5_000)));
            }
            for (Future<Integer> one : done) {
                admitted += one.get();
            }
        }
        assertThat(admitted).isEqualTo(1_000);
    }

    @Test
    void eachServicePortHasItsOwn() {
        RateLimit one = limit(1);
        RateLimit other = limit(1);
        assertThat(one.tryAcquire()).isTrue();
        assertThat(other.tryAcquire()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void noConnectionsPerSecondAreNoLimit(int perSecond) {
        assertThatThrownBy(() -> limit(perSecond)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("perSecond: " + perSecond + " (expected: at least 1)");
    }
}
