package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.transport.Randomness;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LeastConnectionsBalancerTest implements BalancerContract {
    private final BalancerProvider provider = new LeastConnectionsBalancer.Provider();

    @Override
    public Balancer balancer(Randomness randomness) {
        return new LeastConnectionsBalancer(2, randomness);
    }

    private static Picker picker(int choices, List<Upstream> candidates) {
        return new LeastConnectionsBalancer(choices, Seed.dice()).newPicker(candidates, Optional.empty());
    }

    private static void busy(Upstream upstream, int connections) {
        for (int i = 0; i < connections; i++) {
            upstream.enter();
        }
    }

    /** The share that an endpoint gets which loses, or wins, every comparison; and five standard deviations. */
    @ParameterizedTest
    @CsvSource({"2, 0.25", "3, 0.125", "8, 0.00390625"})
    void theBusierOfTwoGetsAConnectionOnlyWhereNoOtherWasDrawn(int choices, double share) {
        List<Upstream> candidates = Upstreams.some(2);
        busy(candidates.get(0), 1);
        Tally tally = new Tally().pick(picker(choices, candidates), Asking.anybody(), PICKS);
        assertThat((double) tally.of(candidates.get(0)) / PICKS).as(Seed.text()).isCloseTo(share,
                within(5 * Math.sqrt(share * (1 - share) / PICKS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 10, 50})
    void aNewcomerWithoutConnectionsGetsLessThanTwiceItsFairShare(int count) {
        List<Upstream> candidates = Upstreams.some(count);
        candidates.stream().skip(1).forEach(c -> busy(c, 1_000));
        double share = 1 - Math.pow(1 - 1.0 / count, 2);
        Tally tally = new Tally().pick(picker(2, candidates), Asking.anybody(), PICKS);
        assertThat((double) tally.of(candidates.get(0)) / PICKS).as(Seed.text())
                .isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / PICKS))).isGreaterThan(1.0 / count);
        assertThat(share).isLessThan(2.0 / count);
    }

    @Test
    void connectionsEvenOutFarBetterThanByChance() {
        List<Upstream> candidates = Upstreams.some(10);
        Picker picker = picker(2, candidates);
        for (int i = 0; i < 100_000; i++) {
            picker.pick(Asking.anybody()).orElseThrow().enter();
        }
        LongSummaryStatistics open = candidates.stream().mapToLong(Upstream::inFlight).summaryStatistics();
        // Chance alone would leave some 300 between the most and the least busy.
        assertThat(open.getMax() - open.getMin()).as(Seed.text()).isLessThan(20);
    }

    @Test
    void aNewcomerCatchesUpAndThenGetsItsFairShare() {
        List<Upstream> candidates = Upstreams.some(5);
        Deque<Upstream> open = new ArrayDeque<>();
        for (Upstream old : candidates.subList(0, 4)) {
            busy(old, 250);
            for (int i = 0; i < 250; i++) {
                open.add(old);
            }
        }
        Picker picker = picker(2, candidates);
        for (int i = 0; i < 5_000; i++) {
            open.remove().leave();
            Upstream picked = picker.pick(Asking.anybody()).orElseThrow();
            picked.enter();
            open.add(picked);
        }
        // Three hundred seeds stayed within 178 and 211.
        assertThat(candidates).allSatisfy(c -> assertThat(c.inFlight()).as(Seed.text()).isBetween(150, 250));
    }

    @Test
    void anExcludedOneIsNotDrawnHoweverIdleItIs() {
        List<Upstream> candidates = Upstreams.some(3);
        busy(candidates.get(1), 10);
        busy(candidates.get(2), 10);
        new Tally().pick(picker(2, candidates), Asking.anybody().without(candidates.get(0)), PICKS)
                .isEvenOver(candidates.subList(1, 3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "choices | 1   | least-conn cannot compare \"1\" choices (expected: a whole number from 2 to 8)",
            "choices | 9   | least-conn cannot compare \"9\" choices (expected: a whole number from 2 to 8)",
            "choices | 20  | least-conn cannot compare \"20\" choices (expected: a whole number from 2 to 8)",
            "choices | -2  | least-conn cannot compare \"-2\" choices (expected: a whole number from 2 to 8)",
            "choices | ``  | least-conn cannot compare \"\" choices (expected: a whole number from 2 to 8)",
            "choices | two | least-conn cannot compare \"two\" choices (expected: a whole number from 2 to 8)",
            "choises | 2   | least-conn has no parameter \"choises\" (expected: choices) - did you mean \"choices\"?",
            "weight  | 2   | least-conn has no parameter \"weight\" (expected: choices)"})
    void wrongParametersAreNamed(String parameter, String value, String problem) {
        assertThat(provider.problem(Map.of(parameter, value))).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void twoToEightMayBeCompared(int choices) {
        Map<String, String> parameters = Map.of("choices", Integer.toString(choices));
        assertThat(provider.problem(parameters)).isEmpty();
        List<Upstream> candidates = Upstreams.some(2);
        busy(candidates.get(0), 1);
        Picker picker = provider.create(parameters, Seed.dice()).newPicker(candidates, Optional.empty());
        double share = Math.pow(0.5, choices);
        assertThat((double) new Tally().pick(picker, Asking.anybody(), PICKS).of(candidates.get(0)) / PICKS)
                .as(Seed.text()).isCloseTo(share, within(5 * Math.sqrt(share / PICKS)));
    }

    @Test
    void withoutAParameterTwoAreCompared() {
        assertThat(provider.problem(Map.of())).isEmpty();
        List<Upstream> candidates = Upstreams.some(2);
        busy(candidates.get(0), 1);
        Picker picker = provider.create(Map.of(), Seed.dice()).newPicker(candidates, Optional.empty());
        assertThat((double) new Tally().pick(picker, Asking.anybody(), PICKS).of(candidates.get(0)) / PICKS)
                .as(Seed.text()).isCloseTo(0.25, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1, 9})
    void otherNumbersOfChoicesAreRefused(int choices) {
        assertThatThrownBy(() -> new LeastConnectionsBalancer(choices, Seed.dice()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("choices: " + choices + " (expected: a whole number from 2 to 8)");
    }
}
