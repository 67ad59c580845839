package dev.fairlead.loadtest.generate;

import static dev.fairlead.loadtest.generate.EveryLoadTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.loadtest.SpoilingRelay;
import dev.fairlead.loadtest.SpoilingRelay.Fault;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CountedErrorsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @ParameterizedTest
    @ValueSource(strings = {"connect", "pingpong", "bulk-down", "bulk-up", "udp-fixed", "udp-fresh"})
    void whereNobodyListensEveryUnitIsRefused(String kind) throws Exception {
        try (Pair pair = new Pair(1); Deserted deserted = new Deserted()) {
            Answer answer = pair.clients(run(kind, deserted.address(), 2));

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors("refused")).isPositive().isEqualTo(answer.number("errors"));
            assertThat(pair.said()).contains("refused: /127.0.0.1:");
        }
    }

    @ParameterizedTest
    @CsvSource({"100,short", "0,short", "129,excess"})
    void aReplyOfTheWrongLengthIsAnError(int bytes, String expected) throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients(run("connect", pair.serve("reply bytes=" + bytes), 2));

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors(expected)).isPositive().isEqualTo(answer.number("errors"));
        }
    }

    @ParameterizedTest
    @CsvSource({"100,short", "129,excess"})
    void aReplyDatagramOfTheWrongLengthIsAnError(int bytes, String expected) throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients(run("udp-fixed", pair.serve("udp-reply bytes=" + bytes), 2));

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors(expected)).isPositive().isEqualTo(answer.number("errors"));
        }
    }

    /** The relay spoils each connection once, and a spoilt connection is made anew: so it shows in every window. */
    @ParameterizedTest
    @CsvSource({"NONE,none", "FLIPS_A_BYTE_DOWN,corrupt", "FLIPS_A_BYTE_UP,corrupt", "RESETS_AT_ONCE,reset",
            "ENDS_AT_ONCE,ended", "RESETS_AFTER_SOME,reset"})
    void aRelayThatSpoilsExchangesIsCaught(Fault fault, String expected) throws Exception {
        try (Pair pair = new Pair(1);
                SpoilingRelay relay = new SpoilingRelay(fault, Pair.address(pair.serve("echo")))) {
            Answer answer = pair.clients(run("pingpong", Pair.text(relay.address()), 2) + " request=8");

            assertThat(answer.errors(expected) > 0).isEqualTo(fault != Fault.NONE);
            assertThat(answer.number("errors") > 0).isEqualTo(fault != Fault.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"NONE,none", "RESETS_AT_ONCE,reset", "ENDS_AT_ONCE,short", "ENDS_SHORT,short",
            "RESETS_AFTER_SOME,reset", "ADDS_A_BYTE,excess"})
    void aRelayThatSpoilsConnectionsIsCaught(Fault fault, String expected) throws Exception {
        try (Pair pair = new Pair(1);
                SpoilingRelay relay = new SpoilingRelay(fault, Pair.address(pair.serve("reply")))) {
            Answer answer = pair.clients(run("connect", Pair.text(relay.address()), 2));

            assertThat(answer.errors(expected) > 0).isEqualTo(fault != Fault.NONE);
            assertThat(answer.number("units") > 0).isEqualTo(fault == Fault.NONE);
        }
    }

    @Test
    void aDatagramWithoutAReplyIsLost() throws Exception {
        try (Pair pair = new Pair(1); DatagramSocket silent = new DatagramSocket(0, LOOPBACK)) {
            Answer answer = pair.clients("run kind=udp-fixed connections=3 warm=0 measure=0.9 to=127.0.0.1:"
                    + silent.getLocalPort());

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors("lost")).isPositive().isEqualTo(answer.number("errors"));
        }
    }

    @Test
    void aReplyThatComesTwiceIsCountedAsSuchAndNotAsAnotherUnit() throws Exception {
        try (Pair pair = new Pair(1); DatagramSocket twice = new DatagramSocket(0, LOOPBACK)) {
            Thread.ofVirtual().start(() -> answerTwice(twice));

            Answer answer = pair.clients(run("udp-fixed", "127.0.0.1:" + twice.getLocalPort(), 1) + " reply=64");

            assertThat(answer.number("units")).isPositive();
            assertThat(answer.errors("duplicate")).isPositive().isEqualTo(answer.number("errors"))
                    .isLessThanOrEqualTo(answer.number("units") + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "pingpong"})
    void aFrontendThatHangsIsAnErrorEvenInAShortWindow(String kind) throws Exception {
        try (Pair pair = new Pair(1); ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
            Answer answer = pair.clients("run connections=3 warm=0 measure=1.2 kind=" + kind + " to=127.0.0.1:"
                    + silent.getLocalPort());

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors("stalled")).isEqualTo(3);
        }
    }

    @Test
    void aConnectionWithoutAReplyTimesOutAfterFiveSeconds() throws Exception {
        try (Pair pair = new Pair(1); ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
            Answer answer = pair.clients("run kind=connect connections=2 warm=0 measure=5.3 to=127.0.0.1:"
                    + silent.getLocalPort());

            assertThat(answer.errors("timeout")).isEqualTo(2);
        }
    }

    @Test
    void repliesThatOvertakeEachOtherAreCountedAsReorderedAndNoneAsLost() throws Exception {
        try (Pair pair = new Pair(1); DatagramSocket backwards = new DatagramSocket(0, LOOPBACK)) {
            Thread.ofVirtual().start(() -> answerBackwards(backwards, 4));

            Answer answer = pair.clients(run("udp-fixed", "127.0.0.1:" + backwards.getLocalPort(), 1)
                    + " reply=64 burst=4");

            assertThat(answer.number("units")).isPositive();
            // Of four that come backwards, the first is in sequence; the window may cut a burst at either end.
            assertThat(answer.errors("reordered")).isEqualTo(answer.number("errors"))
                    .isBetween(answer.number("units") * 0.75 - 3, answer.number("units") * 0.75 + 3);
        }
    }

    @Test
    void aReplyToARequestThatWasGivenUpIsLateAndItsRequestLost() throws Exception {
        try (Pair pair = new Pair(1); DatagramSocket slow = new DatagramSocket(0, LOOPBACK)) {
            Thread.ofVirtual().start(() -> answerTheOneBefore(slow));

            Answer answer = pair.clients("run kind=udp-fixed connections=1 warm=0 measure=1.4 reply=64 to=127.0.0.1:"
                    + slow.getLocalPort());

            assertThat(answer.number("units")).isZero();
            assertThat(answer.errors("late")).isPositive();
            assertThat(answer.errors("lost")).isPositive();
            assertThat(answer.errors("reordered") + answer.errors("duplicate")).isZero();
        }
    }

    private static void answerBackwards(DatagramSocket socket, int burst) {
        try {
            while (true) {
                Deque<DatagramPacket> requests = new ArrayDeque<>();
                while (requests.size() < burst) {
                    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                    socket.receive(packet);
                    requests.push(packet);
                }
                for (DatagramPacket packet : requests) {
                    socket.send(packet);
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void answerTheOneBefore(DatagramSocket socket) {
        try {
            DatagramPacket first = new DatagramPacket(new byte[64], 64);
            socket.receive(first);
            while (true) {
                DatagramPacket next = new DatagramPacket(new byte[64], 64);
                socket.receive(next);
                socket.send(first);
                first = next;
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void answerTwice(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try {
            while (true) {
                socket.receive(packet);
                socket.send(packet);
                socket.send(packet);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** A port at which nobody listens, and which is kept, so that no client gets it as its own and meets itself. */
    private static final class Deserted implements AutoCloseable {
        private final Socket stream = new Socket();
        private final DatagramSocket datagrams;

        Deserted() throws IOException {
            stream.bind(new InetSocketAddress(LOOPBACK, 0));
            datagrams = new DatagramSocket(stream.getLocalPort(), LOOPBACK);
            // A connected one takes nothing from others.
            datagrams.connect(LOOPBACK, 1);
        }

        String address() {
            return Pair.text((InetSocketAddress) stream.getLocalSocketAddress());
        }

        @Override
        public void close() throws IOException {
            stream.close();
            datagrams.close();
        }
    }
}
