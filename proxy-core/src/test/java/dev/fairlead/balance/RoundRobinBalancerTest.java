package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RoundRobinBalancerTest implements BalancerContract {
    // Always the first place.
    private static final Randomness FIRST = bound -> 0;

    private final List<Upstream> all = Upstreams.some(5);

    @Override
    public Balancer balancer(Randomness randomness) {
        return new RoundRobinBalancer(randomness);
    }

    private static Picker picker(List<Upstream> candidates) {
        return new RoundRobinBalancer(FIRST).newPicker(candidates, Optional.empty());
    }

    private static List<Upstream> picks(Picker picker, int count) {
        List<Upstream> picks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            picks.add(picker.pick(Asking.anybody()).orElseThrow());
        }
        return picks;
    }

    @Test
    void candidatesTakeTurnsInTheirOrder() {
        assertThat(picks(picker(all.subList(0, 3)), 7)).containsExactly(all.get(0), all.get(1), all.get(2), all.get(0),
                all.get(1), all.get(2), all.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000_000_007, Integer.MAX_VALUE - 7, Integer.MAX_VALUE - 1, Integer.MAX_VALUE})
    void anyPicksInARowComeOutExactlyEvenWhereverTheRotationStands(int start) {
        for (int n = 2; n <= 5; n++) {
            List<Upstream> candidates = all.subList(0, n);
            Picker picker = new RoundRobinBalancer.Turns(candidates.toArray(Upstream[]::new),
                    new RoundRobinBalancer.Rotation(start));
            List<Upstream> picks = picks(picker, 8 * n);
            for (int from = 0; from + 3 * n <= picks.size(); from++) {
                List<Upstream> row = picks.subList(from, from + 3 * n);
                assertThat(candidates).allSatisfy(c -> assertThat(row.stream().filter(c::equals)).hasSize(3));
            }
        }
    }

    @Test
    void picksComeOutExactlyEvenOverManyLoopsAtOnce() throws Exception {
        Picker picker = picker(all);
        Tally tally = new Tally();
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<Tally>> done = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                done.add(loops.submit(() -> tally.pick(picker, Asking.anybody(), 25_000)));
            }
            for (Future<Tally> one : done) {
                one.get();
            }
        }
        assertThat(tally.of(all)).containsOnly(20_000L);
    }

    @Test
    void anExcludedOnesTurnsGoToTheOthersExactlyEvenly() {
        Tally tally = new Tally().pick(picker(all), Asking.anybody().without(all.get(1)), 4_000);
        assertThat(tally.of(all)).containsExactly(1_000L, 0L, 1_000L, 1_000L, 1_000L);
    }

    @Test
    void whoeverHasNoLuckWithTurnsBecauseOfOtherLoopsStillFindsTheOneLeft() {
        Picker picker = picker(all.subList(0, 2));
        PickContext unlucky = new PickContext() {
            @Override
            public InetAddress client() {
                return InetAddress.getLoopbackAddress();
            }

            @Override
            public boolean excluded(Upstream upstream) {
                if (upstream != all.get(0)) {
                    return false;
                }
                picks(picker, 1); // another loop has the turn of the one that is left
                return true;
            }

            @Override
            public void because(String why) {
            }
        };
        assertThat(picker.pick(unlucky)).containsSame(all.get(1));
    }

    @Test
    void anUpdateThatChangesNothingDoesNotInterruptTheRotation() {
        Balancer balancer = new RoundRobinBalancer(Seed.dice());
        List<Upstream> picks = new ArrayList<>();
        Optional<Picker> previous = Optional.empty();
        for (int update = 0; update < 100; update++) {
            Picker picker = balancer.newPicker(all, previous);
            picks.addAll(picks(picker, 1));
            previous = Optional.of(picker);
        }
        assertThat(all).allSatisfy(c -> assertThat(picks.stream().filter(c::equals)).hasSize(20));
    }

    @Test
    void theRotationGoesOnWhereCandidatesComeAndGo() {
        Balancer balancer = new RoundRobinBalancer(FIRST);
        Picker three = balancer.newPicker(all.subList(0, 3), Optional.empty());
        assertThat(picks(three, 2)).containsExactly(all.get(0), all.get(1));
        Picker five = balancer.newPicker(all, Optional.of(three));
        assertThat(picks(five, 2)).containsExactly(all.get(2), all.get(3));
        Picker none = balancer.newPicker(List.of(), Optional.of(five));
        assertThat(none.pick(Asking.anybody())).isEmpty();
        Picker one = balancer.newPicker(all.subList(0, 1), Optional.of(none));
        assertThat(picks(one, 3)).containsOnly(all.get(0));
        Picker again = balancer.newPicker(all, Optional.of(one));
        assertThat(picks(again, 2)).containsExactly(all.get(4), all.get(0));
    }

    @Test
    void aRotationThatCameRoundBeginsAtTheFirstWhereCandidatesWentToo() {
        Balancer balancer = new RoundRobinBalancer(FIRST);
        Picker five = balancer.newPicker(all, Optional.empty());
        assertThat(picks(five, 5)).containsExactlyElementsOf(all);
        Picker four = balancer.newPicker(all.subList(0, 4), Optional.of(five));
        assertThat(picks(four, 4)).containsExactlyElementsOf(all.subList(0, 4));
    }

    @Test
    void manyUpdatesDoNotSendEverybodyToTheFirstCandidates() {
        Balancer balancer = new RoundRobinBalancer(Seed.dice());
        Tally tally = new Tally();
        Optional<Picker> previous = Optional.empty();
        for (int update = 0; update < 10_000; update++) {
            // A rollout: the last candidate comes and goes.
            Picker picker = balancer.newPicker(all.subList(0, 4 + update % 2), previous);
            tally.pick(picker, Asking.anybody(), 1);
            previous = Optional.of(picker);
        }
        assertThat(all.subList(0, 4)).allSatisfy(c -> assertThat(tally.of(c)).isBetween(1_500L, 3_000L));
    }

    @Test
    void aPickerStillInUseAndItsSuccessorTakeTurnsTogether() {
        Balancer balancer = new RoundRobinBalancer(FIRST);
        Picker old = balancer.newPicker(all, Optional.empty());
        Picker young = balancer.newPicker(all, Optional.of(old));
        assertThat(picks(old, 2)).containsExactly(all.get(0), all.get(1));
        assertThat(picks(young, 2)).containsExactly(all.get(2), all.get(3));
        assertThat(picks(old, 2)).containsExactly(all.get(4), all.get(0));
    }

    @Test
    void switchingAffinityOnAndOffDoesNotInterruptTheRotation() {
        Balancer plain = new RoundRobinBalancer(FIRST);
        Balancer sticky = new StickyBalancer(plain, new AffinityTable(Ticker.SYSTEM), Duration.ofHours(3));
        Picker first = plain.newPicker(all, Optional.empty());
        assertThat(picks(first, 1)).containsExactly(all.get(0));
        Picker second = sticky.newPicker(all, Optional.of(first));
        assertThat(picks(second, 1)).containsExactly(all.get(1));
        Picker third = sticky.newPicker(all, Optional.of(second));
        assertThat(picks(third, 1)).containsExactly(all.get(2));
        Picker fourth = plain.newPicker(all, Optional.of(third));
        assertThat(picks(fourth, 1)).containsExactly(all.get(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aNewRotationStartsAnywhereAsLikelyEvenWhereTheFirstCandidatesComeLater(int candidatesAtFirst) {
        Randomness dice = Seed.dice();
        Tally starts = new Tally();
        for (int process = 0; process < 20_000; process++) {
            Balancer balancer = new RoundRobinBalancer(dice);
            Picker first = balancer.newPicker(all.subList(0, candidatesAtFirst), Optional.empty());
            starts.pick(balancer.newPicker(all, Optional.of(first)), Asking.anybody(), 1);
        }
        starts.isEvenOver(all);
    }
}
