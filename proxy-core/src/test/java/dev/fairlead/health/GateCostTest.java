package dev.fairlead.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.ManualTicker;
import dev.fairlead.balance.Upstreams;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What gates cost: nothing to look at, few bytes for a connect. */
final class GateCostTest {
    private static final int TIMES = 50_000;

    private final EjectionGroup group = new Breakers(EjectionPolicy.DEFAULTS, new ManualTicker())
            .group(Upstreams.SERVICE);
    private final Gate gate = group.gate(IpPort.of("10.0.0.1:80"));

    private static double bytesEach(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        for (int i = 0; i < TIMES; i++) {
            step.run();
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < TIMES; i++) {
            step.run();
        }
        return (double) (threads.getThreadAllocatedBytes(thread) - before) / TIMES;
    }

    @Test
    void askingWhetherAGateIsShutAllocatesNothing() {
        group.members(2);
        assertThat(bytesEach(() -> assertOpen(gate))).isLessThan(1);
        for (int i = 0; i < 3; i++) {
            gate.failed(1_000, Cause.REFUSED);
        }
        assertThat(gate.shut()).isTrue();
        assertThat(bytesEach(() -> {
            if (!gate.shut()) {
                throw new AssertionError("open");
            }
        })).isLessThan(1);
    }

    private static void assertOpen(Gate gate) {
        if (gate.shut()) {
            throw new AssertionError("shut");
        }
    }

    @Test
    void aConnectThatSucceedsAllocatesLessThanAnAddress() {
        group.members(2);
        assertThat(bytesEach(() -> {
            if (gate.tryAcquire()) {
                gate.connected(1_000);
            }
        })).isLessThan(100);
        assertThat(gate.state()).isEqualTo(Gate.State.ADMITS);
    }
}
