package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts who was picked. Any thread. */
final class Tally {
    /**
     * The chi-square statistic of fair dice exceeds this once in a million runs; by degrees of freedom, which is the
     * candidates less one.
     */
    private static final Map<Integer, Double> ONCE_IN_A_MILLION = Map.of(1, 23.93, 2, 27.63, 3, 30.66, 4, 33.38, 6,
            38.26, 9, 44.81);

    private final Map<Upstream, AtomicLong> picks = new ConcurrentHashMap<>();
    private final AtomicLong empty = new AtomicLong();

    Tally pick(Picker picker, PickContext context, int times) {
        for (int i = 0; i < times; i++) {
            Optional<Upstream> picked = picker.pick(context);
            if (picked.isPresent()) {
                picks.computeIfAbsent(picked.get(), upstream -> new AtomicLong()).incrementAndGet();
            } else {
                empty.incrementAndGet();
            }
        }
        return this;
    }

    long empty() {
        return empty.get();
    }

    long of(Upstream upstream) {
        AtomicLong count = picks.get(upstream);
        return count == null ? 0 : count.get();
    }

    /** Counts in the order of the candidates. */
    List<Long> of(List<Upstream> candidates) {
        return candidates.stream().map(this::of).toList();
    }

    /** Everybody among the candidates has an even share, as far as fair dice give one; nobody else has any. */
    void isEvenOver(List<Upstream> candidates) {
        assertThat(picks.keySet()).as(Seed.text()).containsExactlyInAnyOrderElementsOf(candidates);
        double expected = (double) picks.values().stream().mapToLong(AtomicLong::get).sum() / candidates.size();
        double statistic = candidates.stream().mapToDouble(c -> Math.pow(of(c) - expected, 2) / expected).sum();
        assertThat(statistic).as("chi-square of " + of(candidates) + ", " + Seed.text())
                .isLessThan(ONCE_IN_A_MILLION.getOrDefault(candidates.size() - 1, 0.0));
    }
}
