package dev.fairlead.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Gate.State;
import dev.fairlead.balance.ManualTicker;
import dev.fairlead.balance.Seed;
import dev.fairlead.balance.Upstreams;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound on ejected endpoints and the gates' answers under everything that may happen to them, in any order. */
final class EjectionRaceTest {
    private final ManualTicker ticker = new ManualTicker();

    private EjectionGroup group(int members) {
        EjectionGroup group = new Breakers(EjectionPolicy.DEFAULTS, ticker).group(Upstreams.SERVICE);
        group.members(members);
        return group;
    }

    private static List<Gate> gates(EjectionGroup group, int count) {
        return IntStream.range(0, count).mapToObj(i -> group.gate(IpPort.of("10.0.0." + i + ":80"))).toList();
    }

    /** One attempt as the session layer makes it, ending in any way; whether it was let through. */
    private static boolean attempt(Gate gate, Randomness dice) {
        boolean anyway = dice.nextInt(50) == 0;
        if (!anyway && !gate.tryAcquire()) {
            return false;
        }
        switch (dice.nextInt(10)) {
            case 0, 1 -> gate.connected(1_000);
            case 2 -> gate.release();
            default -> gate.failed(1_000, Cause.REFUSED);
        }
        return true;
    }

    /** Many attempts while time goes by; how many were not let through. */
    private int attempts(List<Gate> gates, int times, Randomness dice) {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            refused += attempt(gates.get(dice.nextInt(gates.size())), dice) ? 0 : 1;
            if (dice.nextInt(50) == 0) {
                ticker.advance(Duration.ofMillis(dice.nextInt(4_000)));
            }
        }
        return refused;
    }

    /** The same on three loops at once; tells when they are over, also where they went wrong. */
    private int threeLoops(List<Gate> gates, ExecutorService loops, AtomicBoolean over) throws Exception {
        try {
            List<Future<Integer>> refused = new ArrayList<>();
            for (int loop = 1; loop <= 3; loop++) {
                Randomness dice = Seed.dice(loop);
                refused.add(loops.submit(() -> attempts(gates, 50_000, dice)));
            }
            int sum = 0;
            for (Future<Integer> one : refused) {
                sum += one.get();
            }
            return sum;
        } finally {
            over.set(true);
        }
    }

    private static long holding(List<Gate> gates) {
        return gates.stream().map(Gate::state).filter(s -> s == State.EJECTED || s == State.TRIAL).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void whateverHappensTheCountIsRightAndNoGateContradictsItself(int members) {
        EjectionGroup group = group(members);
        List<Gate> gates = gates(group, members);
        Randomness dice = Seed.dice();
        Set<State> seen = EnumSet.noneOf(State.class);
        for (int i = 0; i < 20_000; i++) {
            Gate gate = gates.get(dice.nextInt(members));
            attempt(gate, dice);
            if (dice.nextInt(20) == 0) {
                ticker.advance(Duration.ofMillis(dice.nextInt(4_000)));
            }
            State state = gate.state();
            seen.add(state);
            assertThat(group.ejected()).as(Seed.text()).isBetween(0, members / 2).isEqualTo((int) holding(gates));
            assertThat(gate.shut()).as("shut while %s, %s", state, Seed.text()).isEqualTo(state == State.EJECTED);
            if (state == State.EJECTED || state == State.ADMITS) {
                assertThat(gate.tryAcquire()).as("%s, %s", state, Seed.text()).isEqualTo(state == State.ADMITS);
                gate.release();
            }
        }
        assertThat(seen).isEqualTo(members == 1 ? EnumSet.of(State.ADMITS, State.SPARED) : EnumSet.allOf(State.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void manyLoopsAtOnceNeverEjectMoreThanHalf(int members) throws Exception {
        EjectionGroup group = group(members);
        List<Gate> gates = gates(group, members);
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            Future<?> watch = loops.submit(() -> {
                while (!over.get()) {
                    int ejected = group.ejected();
                    if (ejected < 0 || ejected > members / 2) {
                        throw new AssertionError(ejected + " of " + members + " ejected, " + Seed.text());
                    }
                    Thread.onSpinWait();
                }
            });
            int refused = threeLoops(gates, loops, over);
            watch.get();
            if (members == 1) {
                assertThat(refused).as("refused by the only endpoint").isZero();
            } else {
                assertThat(refused).as("refused").isPositive();
            }
        }
        assertThat(group.ejected()).as(Seed.text()).isEqualTo((int) holding(gates));
        everybodyRecovers(group, gates);
    }

    @Test
    void endpointsMayComeAndGoMeanwhile() throws Exception {
        EjectionGroup group = group(8);
        List<Gate> gates = gates(group, 8);
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            Randomness controlDice = Seed.dice(0);
            Future<?> control = loops.submit(() -> {
                while (!over.get()) {
                    int members = controlDice.nextInt(9);
                    group.members(members);
                    // Only this thread changes the number of places, so none may be taken beyond it.
                    for (int i = 0; i < 20; i++) {
                        int ejected = group.ejected();
                        if (ejected < 0 || ejected > members / 2) {
                            throw new AssertionError(ejected + " of " + members + " ejected, " + Seed.text());
                        }
                    }
                }
            });
            assertThat(threeLoops(gates, loops, over)).isPositive();
            control.get();
        }
        assertThat(group.ejected()).as(Seed.text()).isEqualTo((int) holding(gates));
        group.members(0);
        assertThat(group.ejected()).isZero();
        group.members(8);
        everybodyRecovers(group, gates);
    }

    /** Once endpoints answer, trials let everybody in again: no place and no permission was lost on the way. */
    private void everybodyRecovers(EjectionGroup group, List<Gate> gates) {
        ticker.advance(EjectionPolicy.DEFAULTS.ejection().plusNanos(1));
        for (Gate gate : gates) {
            assertThat(gate.shut()).as(Seed.text()).isFalse();
            assertThat(gate.tryAcquire()).as(Seed.text()).isTrue();
            gate.connected(1_000);
            assertThat(gate.state()).as(Seed.text()).isEqualTo(State.ADMITS);
            for (int i = 1; i < EjectionPolicy.DEFAULTS.window(); i++) {
                assertThat(gate.tryAcquire()).as(Seed.text()).isTrue();
                gate.connected(1_000);
            }
        }
        assertThat(group.ejected()).isZero();
        for (Gate gate : gates.subList(0, gates.size() / 2)) {
            for (int i = 0; i < 3; i++) {
                assertThat(gate.tryAcquire()).isTrue();
                gate.failed(1_000, Cause.TIMEOUT);
            }
            assertThat(gate.state()).as(Seed.text()).isEqualTo(State.EJECTED);
        }
    }
}
