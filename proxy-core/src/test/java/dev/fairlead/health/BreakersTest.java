package dev.fairlead.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Gate.State;
import dev.fairlead.balance.ManualTicker;
import dev.fairlead.balance.Upstreams;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service sees of its circuit breakers, told on a clock that stands still. */
final class BreakersTest {
    private static final Duration EJECTION = EjectionPolicy.DEFAULTS.ejection();
    private static final Duration A_LITTLE = Duration.ofNanos(1);

    private final ManualTicker ticker = new ManualTicker();

    private EjectionGroup group(EjectionPolicy policy, int members) {
        EjectionGroup group = new Breakers(policy, ticker).group(Upstreams.SERVICE);
        group.members(members);
        return group;
    }

    private EjectionGroup group(int members) {
        return group(EjectionPolicy.DEFAULTS, members);
    }

    private static Gate gate(EjectionGroup group) {
        return group.gate(IpPort.of("10.0.0.1:80"));
    }

    private static List<Gate> gates(EjectionGroup group, int count) {
        return IntStream.range(0, count).mapToObj(i -> group.gate(IpPort.of("10.0.0." + i + ":80"))).toList();
    }

    private static void fail(Gate gate, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(gate.tryAcquire()).isTrue();
            gate.failed(1_000, Cause.REFUSED);
        }
    }

    private static void succeed(Gate gate, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(gate.tryAcquire()).isTrue();
            gate.connected(1_000);
        }
    }

    private static void isEjected(Gate gate) {
        assertThat(gate.state()).isEqualTo(State.EJECTED);
        assertThat(gate.shut()).isTrue();
        assertThat(gate.tryAcquire()).isFalse();
    }

    private static void is(State state, Gate gate) {
        assertThat(gate.state()).isEqualTo(state);
        assertThat(gate.shut()).isFalse();
        assertThat(gate.tryAcquire()).isTrue();
        gate.release();
        assertThat(gate.state()).isEqualTo(state);
    }

    /** Outcomes in order, + and -; the state after them. */
    @ParameterizedTest
    @CsvSource({"--, ADMITS", "---, EJECTED", "--+, ADMITS", "--+--, ADMITS", "--+---, EJECTED", "-+-, EJECTED",
            "+--, EJECTED", "-++, ADMITS",
            "-+++-, ADMITS", "++---, EJECTED", "+++--, ADMITS", "+++---, EJECTED", "+-+-+-, EJECTED", "-++-+-, ADMITS",
            "+++++++++++++++--, ADMITS", "+++++++++++++++---, EJECTED", "++-++-++-, ADMITS"})
    void sixtyPercentFailuresEject(String outcomes, State after) {
        EjectionGroup group = group(2);
        Gate gate = gate(group);
        for (int i = 0; i < outcomes.length(); i++) {
            assertThat(gate.state()).isEqualTo(State.ADMITS);
            if (outcomes.charAt(i) == '+') {
                succeed(gate, 1);
            } else {
                fail(gate, 1);
            }
        }
        assertThat(gate.state()).isEqualTo(after);
        assertThat(group.ejected()).isEqualTo(after == State.EJECTED ? 1 : 0);
    }

    @Test
    void anAttemptGivenUpSaysNothing() {
        Gate gate = gate(group(2));
        fail(gate, 2);
        for (int i = 0; i < 100; i++) {
            assertThat(gate.tryAcquire()).isTrue();
            gate.release();
        }
        assertThat(gate.state()).isEqualTo(State.ADMITS);
        fail(gate, 1);
        isEjected(gate);
    }

    @Test
    void howLongConnectingTookIsNoFailure() {
        Gate gate = gate(group(2));
        long slow = Duration.ofHours(23).toNanos();
        for (int i = 0; i < 10; i++) {
            gate.connected(slow);
            gate.connected(slow);
            gate.failed(slow, Cause.TIMEOUT);
            is(State.ADMITS, gate);
        }
    }

    @Test
    void anEjectionLastsItsTimeAndEndsWithATrialThatSucceeds() {
        EjectionGroup group = group(2);
        Gate gate = gate(group);
        fail(gate, 3);
        isEjected(gate);
        ticker.advance(EJECTION);
        isEjected(gate);
        ticker.advance(A_LITTLE);
        assertThat(gate.state()).isEqualTo(State.TRIAL);
        assertThat(gate.shut()).isFalse();
        assertThat(gate.tryAcquire()).isTrue();
        assertThat(gate.state()).isEqualTo(State.TRIAL);
        assertThat(gate.tryAcquire()).as("a second trial").isFalse();
        assertThat(group.ejected()).isEqualTo(1);
        gate.connected(1_000);
        is(State.ADMITS, gate);
        assertThat(group.ejected()).isZero();
        fail(gate, 2);
        is(State.ADMITS, gate);
    }

    @Test
    void aTrialThatFailsEjectsForAsLongAgain() {
        EjectionGroup group = group(2);
        Gate gate = gate(group);
        fail(gate, 3);
        for (int round = 0; round < 5; round++) {
            ticker.advance(EJECTION.plus(A_LITTLE));
            fail(gate, 1);
            isEjected(gate);
            ticker.advance(EJECTION);
            isEjected(gate);
            assertThat(group.ejected()).isEqualTo(1);
        }
    }

    @Test
    void aTrialGivenUpIsGivenToAnother() {
        Gate gate = gate(group(2));
        fail(gate, 3);
        ticker.advance(EJECTION.plus(A_LITTLE));
        assertThat(gate.tryAcquire()).isTrue();
        assertThat(gate.tryAcquire()).isFalse();
        gate.release();
        is(State.TRIAL, gate);
        succeed(gate, 1);
        is(State.ADMITS, gate);
    }

    @Test
    void asManyTrialsAsThePolicySaysAreLetThrough() {
        Gate gate = gate(group(new EjectionPolicy(5, 3, 60, EJECTION, 3), 2));
        fail(gate, 3);
        ticker.advance(EJECTION.plus(A_LITTLE));
        assertThat(gate.tryAcquire()).isTrue();
        assertThat(gate.tryAcquire()).isTrue();
        assertThat(gate.tryAcquire()).isTrue();
        assertThat(gate.tryAcquire()).isFalse();
        gate.connected(1);
        gate.connected(1);
        assertThat(gate.state()).isEqualTo(State.TRIAL);
        gate.connected(1);
        is(State.ADMITS, gate);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "9, 4", "10, 5"})
    void neverMoreThanHalfAreEjectedAtOnce(int members, int ejected) {
        EjectionGroup group = group(members);
        List<Gate> gates = gates(group, members);
        gates.forEach(gate -> fail(gate, 3));
        gates.subList(0, ejected).forEach(BreakersTest::isEjected);
        gates.subList(ejected, members).forEach(gate -> is(State.SPARED, gate));
        gates.subList(ejected, members).forEach(gate -> fail(gate, 10));
        gates.subList(ejected, members).forEach(gate -> is(State.SPARED, gate));
        assertThat(group.ejected()).isEqualTo(ejected);
        assertThat(group.places()).isEqualTo(ejected);
    }

    @Test
    void aSparedOneIsEjectedAtItsNextAttemptOnceAPlaceIsFree() {
        EjectionGroup group = group(2);
        List<Gate> gates = gates(group, 2);
        gates.forEach(gate -> fail(gate, 3));
        ticker.advance(Duration.ofSeconds(4));
        is(State.SPARED, gates.get(1));
        gates.get(0).connected(1_000);
        is(State.ADMITS, gates.get(0));
        assertThat(gates.get(1).shut()).isFalse();
        assertThat(gates.get(1).tryAcquire()).isFalse();
        isEjected(gates.get(1));
        ticker.advance(Duration.ofSeconds(6).plus(A_LITTLE));
        assertThat(gates.get(1).state()).as("its time began when it failed").isEqualTo(State.TRIAL);
        succeed(gates.get(1), 1);
        assertThat(group.ejected()).isZero();
    }

    @Test
    void aSparedOneThatFailedLongAgoIsTriedFirst() {
        EjectionGroup group = group(2);
        List<Gate> gates = gates(group, 2);
        gates.forEach(gate -> fail(gate, 3));
        gates.get(0).connected(1_000);
        ticker.advance(Duration.ofHours(1));
        assertThat(gates.get(1).tryAcquire()).isTrue();
        gates.get(1).connected(1_000);
        is(State.ADMITS, gates.get(1));
    }

    @Test
    void aSparedOneThatAnswersIsHeldForWell() {
        List<Gate> gates = gates(group(2), 2);
        gates.forEach(gate -> fail(gate, 3));
        succeed(gates.get(1), 1);
        is(State.ADMITS, gates.get(1));
        isEjected(gates.get(0));
    }

    @Test
    void connectingWithoutPermissionEndsTheEjectionAtOnce() {
        EjectionGroup group = group(2);
        Gate gate = gate(group);
        fail(gate, 3);
        isEjected(gate);
        gate.connected(1_000);
        is(State.ADMITS, gate);
        assertThat(group.ejected()).isZero();
        fail(gate, 2);
        is(State.ADMITS, gate);
    }

    @Test
    void failingOrGivingUpWithoutPermissionNeitherEndsNorStretchesTheEjection() {
        EjectionGroup group = group(2);
        Gate gate = gate(group);
        fail(gate, 3);
        for (int i = 0; i < 10; i++) {
            ticker.advance(Duration.ofSeconds(1));
            gate.failed(1_000, Cause.TIMEOUT);
            gate.release();
            isEjected(gate);
        }
        assertThat(group.ejected()).isEqualTo(1);
        ticker.advance(A_LITTLE);
        is(State.TRIAL, gate);
    }

    @Test
    void failingWithoutPermissionDuringATrialEjectsAndTheTrialMayStillEndThat() {
        Gate gate = gate(group(2));
        fail(gate, 3);
        ticker.advance(EJECTION.plus(A_LITTLE));
        assertThat(gate.tryAcquire()).isTrue();
        gate.failed(1_000, Cause.REFUSED);
        isEjected(gate);
        gate.connected(1_000);
        is(State.ADMITS, gate);
    }

    @Test
    void fewerMembersLetInWhoWasEjectedFirst() {
        EjectionGroup group = group(6);
        List<Gate> gates = gates(group, 6);
        for (Gate gate : gates) {
            fail(gate, 3);
            ticker.advance(Duration.ofSeconds(1));
        }
        assertThat(gates).extracting(Gate::state).containsExactly(State.EJECTED, State.EJECTED, State.EJECTED,
                State.SPARED, State.SPARED, State.SPARED);
        group.members(5);
        assertThat(group.ejected()).isEqualTo(2);
        is(State.SPARED, gates.get(0));
        isEjected(gates.get(1));
        isEjected(gates.get(2));
        group.members(1);
        assertThat(group.ejected()).isZero();
        gates.forEach(gate -> is(State.SPARED, gate));
        group.members(0);
        group.members(6);
        assertThat(gates.get(5).tryAcquire()).isFalse();
        isEjected(gates.get(5));
    }

    @Test
    void moreMembersMakePlaces() {
        EjectionGroup group = group(1);
        Gate gate = gate(group);
        fail(gate, 3);
        is(State.SPARED, gate);
        group.members(2);
        assertThat(gate.tryAcquire()).isFalse();
        isEjected(gate);
    }

    @Test
    void aPlaceThatNobodyHasTriedToGetOutOfForAsLongAgainIsFree() {
        EjectionGroup group = group(2);
        Gate gone = gate(group);
        fail(gone, 3);
        Gate here = gate(group);
        fail(here, 3);
        is(State.SPARED, here);
        ticker.advance(EJECTION.multipliedBy(2));
        fail(here, 1);
        is(State.SPARED, here);
        ticker.advance(A_LITTLE);
        fail(here, 1);
        isEjected(here);
        assertThat(gone.state()).isEqualTo(State.SPARED);
        assertThat(group.ejected()).isEqualTo(1);
    }

    @Test
    void oneServicePortsTroublesAreNotAnothers() {
        Breakers breakers = new Breakers(EjectionPolicy.DEFAULTS, ticker);
        EjectionGroup first = breakers.group(Upstreams.SERVICE);
        EjectionGroup second = breakers.group(Upstreams.SERVICE);
        first.members(2);
        second.members(2);
        Gate one = gate(first);
        Gate other = gate(second);
        fail(one, 3);
        fail(other, 3);
        isEjected(one);
        isEjected(other);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 60, PT10S, 1, window: 0 (expected: 1 to 100000)",
            "5, 0, 60, PT10S, 1, leastAttempts: 0 (expected: 1 to 5)",
            "5, 6, 60, PT10S, 1, leastAttempts: 6 (expected: 1 to 5)",
            "5, 3, 0, PT10S, 1, failurePercent: 0 (expected: 1 to 100)",
            "5, 3, 101, PT10S, 1, failurePercent: 101 (expected: 1 to 100)",
            "5, 3, 60, PT10S, 0, trials: 0 (expected: 1 to 100000)",
            "5, 3, 60, PT0S, 1, 'ejection: PT0S (expected: whole milliseconds, at least 1)'",
            "5, 3, 60, PT0.0015S, 1, 'ejection: PT0.0015S (expected: whole milliseconds, at least 1)'"})
    void aPolicyOutOfRangeIsRefused(int window, int least, int percent, Duration ejection, int trials, String message) {
        Supplier<EjectionPolicy> policy = () -> new EjectionPolicy(window, least, percent, ejection, trials);
        assertThatThrownBy(policy::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
