package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final Ticker ticker = new Ticker() {
        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    };
    private final Queue<Runnable> slow = new ArrayDeque<>();
    private final Heartbeats heartbeats = new Heartbeats(ticker,
            Map.of("event loop 1", slow::add, "event loop 0", Runnable::run));

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void nobodyIsStalledBeforeAnybodyWasAsked() {
        pass(Duration.ofHours(1));
        assertThat(heartbeats.stalled()).isEmpty();
    }

    @Test
    void aThreadThatDoesNotTurnForFiveSecondsIsToldUntilItDoes() {
        heartbeats.beat();
        pass(Duration.ofMillis(4_999));
        heartbeats.beat();
        assertThat(heartbeats.stalled()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(heartbeats.stalled()).containsExactly("event loop 1: has not turned for 5 s");
        pass(Duration.ofSeconds(3));
        heartbeats.beat();
        assertThat(heartbeats.stalled()).containsExactly("event loop 1: has not turned for 8 s");
        assertThat(slow).as("one task waits, not one for each beat").hasSize(1);
        slow.remove().run();
        assertThat(heartbeats.stalled()).isEmpty();
        heartbeats.beat();
        assertThat(slow).hasSize(1);
        assertThat(heartbeats.stalled()).isEmpty();
    }

    @Test
    void theLagIsThatOfTheSlowestEventLoop() {
        assertThat(heartbeats.lagNanos()).isZero();
        heartbeats.beat();
        pass(Duration.ofMillis(3));
        assertThat(heartbeats.lagNanos()).as("so far").isEqualTo(3_000_000);
        slow.remove().run();
        pass(Duration.ofMillis(9));
        assertThat(heartbeats.lagNanos()).isEqualTo(3_000_000);
        heartbeats.beat();
        slow.remove().run();
        assertThat(heartbeats.lagNanos()).isZero();
    }

    @Test
    void aThreadThatHasEndedIsStalled() {
        Heartbeats ended = new Heartbeats(ticker, Map.of("control", _ -> {
            throw new RejectedExecutionException();
        }));
        ended.beat();
        pass(Duration.ofSeconds(5));
        ended.beat();
        assertThat(ended.stalled()).containsExactly("control: has not turned for 5 s");
    }
}
