package dev.fairlead.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.loadtest.bench.contender.Family;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void withoutAWordEverybodyTakesPartFiveTimesForTwoSeconds() {
        Options options = parse();

        assertThat(options.families()).containsExactly(Family.values());
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.seconds()).isEqualTo(1.6);
        assertThat(options.out()).isEqualTo(Path.of("/tree/loadtest/results"));
        assertThat(options.everything()).isFalse();
    }

    @Test
    void fairleadTakesPartWhoeverElseIsNamed() {
        assertThat(parse("connect-64", "--against", "nginx,dnat", "--rounds=2").families())
                .containsExactlyInAnyOrder(Family.FAIRLEAD, Family.NGINX, Family.DNAT);
        assertThat(parse("connect-64", "--rounds=2").rounds()).isEqualTo(2);
        assertThat(parse("connect-64", "idle").scenarios()).containsExactly("connect-64", "idle");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--against envoy | --against: nobody is called \"envoy\" (expected: some of haproxy,nginx,direct,dnat)",
            "--rounds 0 | --rounds: \"0\" (expected: a whole number from 1 to 1000)",
            "--rounds 1.5 | --rounds: \"1.5\" (expected: a whole number from 1 to 1000)",
            "--seconds soon | --seconds: \"soon\" (expected: a number from 0.2 to 600)",
            "--out | --out lacks its value", "--fast | unknown option \"--fast\""})
    void whatIsWrongIsSaidWithWhatWasExpected(String words, String message) {
        assertThatThrownBy(() -> parse(words.split(" ", -1))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void theHelpFitsAScreen() {
        assertThat(Usage.text().lines()).hasSizeLessThanOrEqualTo(24)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(90));
    }

    private static Options parse(String... words) {
        return Options.parse(Path.of("/tree"), List.of(words));
    }
}
