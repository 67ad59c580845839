package dev.fairlead.semantics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.balance.Seed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the comparison with the model would find a mistake at all: mistakes are planted, one at a time. */
class PlantedMutationsTest {
    private static final int CLUSTERS = 20_000;

    static List<Mutation> mutations() {
        return Mutations.all();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void isFound(Mutation mutation) throws ReflectiveOperationException {
        OptionalInt found = firstDifference(Optional.of(mutation));
        System.out.println("mutation \"" + mutation + "\": "
                + (found.isPresent() ? "found in cluster " + (found.getAsInt() + 1) : "not found"));
        assertThat(found).as("\"%s\" in %s clusters, %s", mutation, CLUSTERS, Seed.text()).isPresent();
    }

    @Test
    void theProductAsItIsPassesInTheSameSurroundings() throws ReflectiveOperationException {
        assertThat(firstDifference(Optional.empty())).as("%s", Seed.text()).isEmpty();
    }

    @Test
    void thereAreEnough() {
        assertThat(Mutations.all()).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void aMutationWhoseCodeIsGoneIsNotTakenForFound() {
        Mutation original = Mutations.all().getFirst();
        Mutation gone = new Mutation("of code that was", original.type(), original.method(), List.of("call No.where"),
                original.edit());
        assertThatThrownBy(() -> firstDifference(Optional.of(gone))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 times (expected: once)");
    }

    @Test
    void aMutationThatFitsTwiceIsNotTakenForFound() {
        Mutation original = Mutations.all().getFirst();
        Mutation vague = new Mutation("anywhere", original.type(), original.method(), List.of("load"),
                original.edit());
        assertThatThrownBy(() -> firstDifference(Optional.of(vague))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("times (expected: once)");
    }

    private static OptionalInt firstDifference(Optional<Mutation> mutation) throws ReflectiveOperationException {
        LongFunction<?> comparison = MutatedProduct.comparison(mutation);
        long first = ModelTest.firstSeed();
        for (int i = 0; i < CLUSTERS; i++) {
            if (!"".equals(comparison.apply(first + i))) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}
