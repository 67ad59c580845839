package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fairlead.transport.Randomness;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every balancer does, whatever it chooses by. No candidate has a connection here, so that all are equally good.
 */
interface BalancerContract {
    int PICKS = 40_000;

    Balancer balancer(Randomness randomness);

    private Picker picker(List<Upstream> candidates) {
        return balancer(Seed.dice()).newPicker(candidates, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    default void equalCandidatesGetEvenShares(int count) {
        List<Upstream> candidates = Upstreams.some(count);
        new Tally().pick(picker(candidates), Asking.anybody(), PICKS).isEvenOver(candidates);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    default void whoIsExcludedIsNeverPickedAndTheOthersShareEvenly(int excluded) {
        List<Upstream> candidates = Upstreams.some(5);
        List<Upstream> others = candidates.stream().filter(c -> c != candidates.get(excluded)).toList();
        new Tally().pick(picker(candidates), Asking.anybody().without(candidates.get(excluded)), PICKS)
                .isEvenOver(others);
    }

    @Test
    default void neighboursExcludedTogetherAreNeverPickedEither() {
        List<Upstream> candidates = Upstreams.some(10);
        new Tally().pick(picker(candidates), Asking.anybody().without(candidates.subList(2, 7)), PICKS)
                .isEvenOver(List.of(candidates.get(0), candidates.get(1), candidates.get(7), candidates.get(8),
                        candidates.get(9)));
    }

    @Test
    default void theOnlyOneLeftIsFoundEveryTime() {
        List<Upstream> candidates = Upstreams.some(100);
        List<Upstream> excluded = new ArrayList<>(candidates);
        Upstream left = excluded.remove(57);
        Tally tally = new Tally().pick(picker(candidates), Asking.anybody().without(excluded), 1_000);
        assertThat(tally.of(left)).isEqualTo(1_000);
    }

    @Test
    default void aRetryGetsEveryOtherCandidateBeforeThereIsNoneLeft() {
        List<Upstream> candidates = Upstreams.some(7);
        Picker picker = picker(candidates);
        for (int connection = 0; connection < 200; connection++) {
            Asking asking = Asking.anybody();
            List<Upstream> tried = new ArrayList<>();
            Optional<Upstream> next = picker.pick(asking);
            while (next.isPresent() && tried.size() < 2 * candidates.size()) {
                tried.add(next.get());
                asking.without(next.get());
                next = picker.pick(asking);
            }
            assertThat(tried).containsExactlyInAnyOrderElementsOf(candidates);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10})
    default void whereEverybodyIsExcludedNobodyIsPicked(int count) {
        List<Upstream> candidates = Upstreams.some(count);
        Tally tally = new Tally().pick(picker(candidates), Asking.anybody().without(candidates), 100);
        assertThat(tally.empty()).isEqualTo(100);
    }

    @Test
    default void theOnlyCandidateIsAlwaysPicked() {
        List<Upstream> candidates = Upstreams.some(1);
        assertThat(new Tally().pick(picker(candidates), Asking.anybody(), 100).of(candidates)).containsExactly(100L);
    }

    @Test
    default void aPickerPicksFromItsOwnCandidatesWhateverItsPredecessorHad() {
        List<Upstream> before = Upstreams.some(7);
        List<Upstream> after = before.subList(2, 5);
        Balancer balancer = balancer(Seed.dice());
        Picker previous = balancer.newPicker(before, Optional.empty());
        new Tally().pick(previous, Asking.anybody(), 13);
        Picker next = balancer.newPicker(after, Optional.of(previous));
        new Tally().pick(next, Asking.anybody(), PICKS).isEvenOver(after);
        new Tally().pick(previous, Asking.anybody(), PICKS).isEvenOver(before);
    }

    @Test
    default void aPredecessorOfAnotherKindIsNoTrouble() {
        List<Upstream> candidates = Upstreams.some(3);
        Picker stranger = context -> Optional.empty();
        Picker picker = balancer(Seed.dice()).newPicker(candidates, Optional.of(stranger));
        new Tally().pick(picker, Asking.anybody(), PICKS).isEvenOver(candidates);
    }

    @Test
    default void aPickAllocatesNothing() {
        Picker picker = picker(Upstreams.some(10));
        Asking easy = Asking.anybody();
        Asking hard = Asking.anybody().without(Upstreams.some(10));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        int picks = 100_000;
        pickAndForget(picker, easy, hard, picks);
        long before = threads.getThreadAllocatedBytes(thread);
        pickAndForget(picker, easy, hard, picks);
        long bytes = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(bytes).as("bytes allocated by %d picks", 2 * picks).isLessThan(picks);
    }

    private static void pickAndForget(Picker picker, Asking easy, Asking hard, int picks) {
        int found = 0;
        for (int i = 0; i < picks; i++) {
            found += picker.pick(easy).isPresent() ? 1 : 0;
            found += picker.pick(hard).isPresent() ? 1 : 0;
        }
        assertThat(found).isEqualTo(2 * picks);
    }

    @Test
    default void severalLoopsMayPickAtOnce() throws Exception {
        List<Upstream> candidates = Upstreams.some(5);
        Upstream excluded = candidates.get(3);
        Picker picker = picker(candidates);
        Tally tally = new Tally();
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<Tally>> done = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                done.add(loops.submit(() -> tally.pick(picker, Asking.anybody().without(excluded), PICKS)));
            }
            for (Future<Tally> one : done) {
                one.get();
            }
        }
        assertThat(tally.empty()).isZero();
        tally.isEvenOver(candidates.stream().filter(c -> c != excluded).toList());
    }
}
