package dev.fairlead.transport.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Gives up what this process may do and has no use for: capset(2), for good. Programs that it starts are not bound by
 * it where they get privileges of their own, as whatever root starts does: execve(2), capabilities(7).
 */
public final class Privileges {
    // Not in SystemCallNumbers: they are made once in a process's life, some of them for one kind of processor alone.
    private record Numbers(long capget, long capset) {
        static Numbers here() {
            return System.getProperty("os.arch", "").equals("aarch64")
                    ? new Numbers(90, 91)
                    : new Numbers(125, 126);
        }
    }

    /**
     * What came of it.
     *
     * @param count capabilities that are held no more, also those that {@link Capability} has no word for
     * @param remains in words: threads that still have them, and why; empty where all gave them up
     */
    public record GivenUp(int count, Optional<String> remains) {
        /** Nothing was. */
        public static final GivenUp NOTHING = new GivenUp(0, Optional.empty());
    }

    private Privileges() {
    }

    /**
     * Every thread of this process keeps these and no others, of what it has; those that are started later have no
     * more.
     */
    public static GivenUp keepOnly(Set<Capability> kept) {
        if (Kernel.unavailable().isPresent()) {
            return GivenUp.NOTHING;
        }
        try (Arena arena = Arena.ofConfined()) {
            SystemCall systemCall = new SystemCall(arena);
            CapabilitySets had = CapabilitySets.ofThread(systemCall, Numbers.here().capget());
            CapabilitySets wanted = had.within(Capability.mask(kept));
            if (had.equals(wanted)) {
                return GivenUp.NOTHING;
            }
            Optional<String> remains = others(systemCall, wanted);
            set(arena, systemCall, wanted);
            return new GivenUp(Long.bitCount(had.permitted() & ~wanted.permitted()), remains);
        }
    }

    private static Optional<String> others(SystemCall systemCall, CapabilitySets wanted) {
        String keep = "threads that were there before keep them, those of the JVM itself among them";
        if (!EveryThread.possible()) {
            return Optional.of(keep + ": on this processor a thread can speak for itself alone");
        }
        try {
            int left = new EveryThread(systemCall).set(wanted);
            return left == 0 ? Optional.empty() : Optional.of(left + " threads did not answer and keep them");
        } catch (IOException refused) {
            return Optional.of(keep + ": " + refused.getMessage());
        }
    }

    /** An answer as somebody would give it who has these of our privileges and no others. */
    public static <T> T under(Set<Capability> kept, Supplier<T> question) {
        FutureTask<T> task = new FutureTask<>(() -> {
            try (Arena arena = Arena.ofConfined()) {
                SystemCall systemCall = new SystemCall(arena);
                set(arena, systemCall, CapabilitySets.ofThread(systemCall, Numbers.here().capget())
                        .within(Capability.mask(kept)));
            }
            return question.get();
        });
        Thread.ofPlatform().name("with-less").start(task);
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        }
    }

    /** The calling thread alone. */
    private static void set(Arena arena, SystemCall systemCall, CapabilitySets wanted) {
        MemorySegment memory = arena.allocate(CapabilitySets.SIZE, 8);
        wanted.write(memory);
        long result = systemCall.call(Numbers.here().capset(), memory.address(),
                memory.address() + CapabilitySets.DATA, 0, 0, 0, 0);
        if (result < 0) {
            throw new IllegalStateException("less is always granted: " + Errno.word((int) -result));
        }
    }
}
