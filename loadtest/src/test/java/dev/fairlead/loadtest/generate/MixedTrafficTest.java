package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.loadtest.SpoilingRelay;
import dev.fairlead.loadtest.SpoilingRelay.Fault;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MixedTrafficTest {
    @Test
    void everyKindOfTalkGoesWellAgainstHonestEndpoints() throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients("mixed seconds=1 seed=7 connections=48 to=" + pair.serve("echo") + " source="
                    + pair.serve("source") + " reply=" + pair.serve("reply"));

            assertThat(answer.json()).endsWith("\"errors\":0,\"errorKinds\":{}}");
            for (MixedKind kind : MixedKind.values()) {
                assertThat(answer.number(kind.word())).as(kind.word()).isPositive();
            }
            assertThat(pair.said()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"FLIPS_A_BYTE_DOWN,corrupt", "FLIPS_A_BYTE_UP,corrupt", "ENDS_SHORT,short", "RESETS_AFTER_SOME,reset",
            "FIN_CLOSES_BOTH,short", "ENDS_AT_ONCE,short"})
    void aRelayBeforeTheEchoThatSpoilsIsCaught(Fault fault, String expected) throws Exception {
        try (Pair pair = new Pair(1);
                SpoilingRelay relay = new SpoilingRelay(fault, Pair.address(pair.serve("echo")))) {
            Answer answer = pair.clients("mixed seconds=0.7 seed=7 connections=12 to=" + Pair.text(relay.address())
                    + " source=" + pair.serve("source") + " reply=" + pair.serve("reply"));

            assertThat(answer.errors(expected)).isPositive();
            assertThat(pair.said()).contains(expected + ": /127.0.0.1:");
        }
    }

    @Test
    void aRelayThatAddsAByteToRepliesIsCaught() throws Exception {
        try (Pair pair = new Pair(1);
                SpoilingRelay relay = new SpoilingRelay(Fault.ADDS_A_BYTE, Pair.address(pair.serve("reply")))) {
            Answer answer = pair.clients("mixed seconds=0.7 seed=7 connections=12 to=" + pair.serve("echo") + " source="
                    + pair.serve("source") + " reply=" + Pair.text(relay.address()));

            // The byte that was added is not the pattern's next one.
            assertThat(answer.errors("corrupt") + answer.errors("excess")).isPositive();
            assertThat(answer.number("connect")).isZero();
        }
    }

    @Test
    void talksThatHangAreTimeoutsAndTheSoakStillEnds() throws Exception {
        try (Pair pair = new Pair(1);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            String hanging = "127.0.0.1:" + silent.getLocalPort();
            Answer answer = pair.clients("mixed seconds=0.1 seed=7 connections=4 to=" + hanging + " source=" + hanging
                    + " reply=" + hanging);

            assertThat(answer.errors("timeout")).isEqualTo(4);
        }
    }
}
