package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.transport.Randomness;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates open and shut on other loops while one loop draws: the answers to "excluded?" change between two questions. */
final class DrawTest {
    // The highest number, so that the draw walks as far as it can.
    private static final Randomness HIGHEST = bound -> bound - 1;

    /** Answers are asked for in order: one for the first throw, then a count and a walk over the three candidates. */
    @ParameterizedTest
    @CsvSource({"n, 2, nobody is excluded", "xnnnnnn, 2, only the first throw hit somebody excluded",
            "xnnnnnx, 1, the last shut after the count", "xnnnnxx, 0, the two last shut after the count",
            "xnnnxxx, -1, all shut after the count", "xxxx, -1, all are excluded",
            "xxnxn, 0, the first opened after the count", "xnxxxxn, 2, one shut and another opened after the count"})
    void aDrawFindsWhoIsAdmittedWhenItLooks(String answers, int index, String why) {
        Upstream[] candidates = Upstreams.some(3).toArray(Upstream[]::new);
        Scripted script = new Scripted(answers);
        assertThat(Draw.index(candidates, script, HIGHEST)).as(why).isEqualTo(index);
        assertThat(script.asked).as("questions asked").isLessThanOrEqualTo(answers.length());
    }

    private static final class Scripted implements PickContext {
        private final String answers;
        private int asked;

        Scripted(String answers) {
            this.answers = answers;
        }

        @Override
        public InetAddress client() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public boolean excluded(Upstream upstream) {
            return answers.charAt(asked++) == 'x';
        }

        @Override
        public void because(String why) {
        }
    }
}
