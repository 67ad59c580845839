package dev.fairlead.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Seed;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The product against the model. */
class ModelTest {
    private static final int CLUSTERS = 100_000;

    @Test
    void saysOfGeneratedClustersAndFlowsWhatTheModelSays() {
        long first = firstSeed();
        Census census = new Census();
        long started = System.nanoTime();
        OptionalInt wrong = IntStream.range(0, CLUSTERS).parallel()
                .filter(i -> Comparison.difference(cluster(first + i), census::count).isPresent()).findFirst();
        assertThat(wrong).as(() -> report(cluster(first + wrong.getAsInt()))).isEmpty();
        System.out.println("model test, " + Seed.text() + ": " + CLUSTERS + " clusters, " + census.flows()
                + " flows, " + (System.nanoTime() - started) / 1_000_000 + " ms\n" + census);
        assertThat(census.rare()).as("what decided less than 1 %% of the flows, %s", Seed.text()).isEmpty();
    }

    private static Case cluster(long seed) {
        return ClusterGenerator.generate(seed, Comparison.DIALS);
    }

    /** Cases of another seed are other cases. */
    static long firstSeed() {
        return (long) Seed.dice().nextInt(Integer.MAX_VALUE) << 24;
    }

    private static String report(Case asked) {
        Case smallest = Shrinking.smallest(asked,
                candidate -> Comparison.difference(candidate, _ -> {
                }).isPresent());
        return Seed.text() + "\n" + smallest + Comparison.difference(smallest, _ -> {
        }).map(Object::toString).orElse("");
    }
}
