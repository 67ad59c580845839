package dev.fairlead.loadtest.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOneWhateverTheOrder() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Statistics.median(List.of(4.0, 1.0, 9.0, 2.0))).isEqualTo(3.0);
    }

    @Test
    void thereIsNoMedianOfNothing() {
        assertThatThrownBy(() -> Statistics.median(List.of())).hasMessageContaining("no rounds");
    }

    @Test
    void theSpreadIsFromTheLeastToTheMostAsAPartOfTheMedian() {
        assertThat(Statistics.spread(List.of(95.0, 100.0, 110.0))).isCloseTo(0.15, within(1e-9));
        assertThat(Statistics.spread(List.of(7.0))).isZero();
    }

    @Test
    void costAndRateAreInTheUnitThatIsPrinted() {
        assertThat(Unit.CONNECTION.cost(0.5, 10_000)).isCloseTo(50, within(1e-9));
        assertThat(Unit.GIGABYTE.cost(0.5, 2_000_000_000L)).isCloseTo(0.25, within(1e-9));
        assertThat(Unit.GIGABYTE.rate(3e9)).isEqualTo(3);
        assertThat(Unit.EXCHANGE.rate(1234)).isEqualTo(1234);
    }
}
