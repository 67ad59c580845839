package dev.fairlead.loadtest.generate;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One event loop and the memory that everything on it shares. All but {@link #loop()} is for its thread alone. */
final class Lane {
    /** Bytes of each buffer. 64 KiB cost a quarter more CPU per gigabyte. */
    static final int BUFFER = 256 * 1024;
    /** Of the pattern. */
    static final int PERIOD = 251;
    /** How the number of a unit stands in the first eight bytes of its request. */
    static final ValueLayout.OfLong NUMBER = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final IoEventLoop loop;
    private final MemorySegment incoming = Arena.ofAuto().allocate(BUFFER, 4096);
    private final MemorySegment outgoing = Arena.ofAuto().allocate(BUFFER, 4096);
    private final MemorySegment pattern = Arena.ofAuto().allocate(BUFFER + PERIOD, 4096);
    private final Deque<MemorySegment> spares = new ArrayDeque<>();
    private final long incomingAddress = incoming.address();
    private final long outgoingAddress = outgoing.address();
    private final long patternAddress = pattern.address();

    Lane(IoEventLoop loop) {
        this.loop = loop;
        for (int i = 0; i < BUFFER + PERIOD; i++) {
            pattern.set(ValueLayout.JAVA_BYTE, i, (byte) (i % PERIOD));
        }
    }

    IoEventLoop loop() {
        return loop;
    }

    /** Where every read of this lane lands; what it holds is void when the handle returns. */
    MemorySegment incoming() {
        return incoming;
    }

    long incomingAddress() {
        return incomingAddress;
    }

    /** A request to send; its number is written before each send, since all slots share it. */
    MemorySegment outgoing() {
        return outgoing;
    }

    long outgoingAddress() {
        return outgoingAddress;
    }

    /**
     * Bytes to send that a reader can check: the one at position {@code p} of a stream is {@code p % PERIOD}. A chunk
     * that is lost, doubled or misplaced shows, since no buffer's size is a multiple of a prime. From any phase below
     * {@link #PERIOD} on, {@link #BUFFER} bytes lie there.
     */
    MemorySegment pattern() {
        return pattern;
    }

    long patternAddress() {
        return patternAddress;
    }

    /** A buffer of {@link #BUFFER} bytes to keep until it is {@linkplain #giveBack given back}. */
    MemorySegment borrow() {
        MemorySegment spare = spares.poll();
        return spare == null ? Arena.ofAuto().allocate(BUFFER) : spare;
    }

    void giveBack(MemorySegment borrowed) {
        spares.push(borrowed);
    }

    /** Puts the handle on the loop and into its epoll set; the caller is on the loop. */
    IoRegistration register(EpollIoHandle handle, EpollIoOps interest) throws IOException {
        Future<IoRegistration> made = loop.register(handle);
        @Nullable
        IoRegistration registration = made.getNow();
        if (registration == null) {
            throw new IOException("not registered with epoll", made.cause());
        }
        registration.submit(interest);
        return registration;
    }

    void after(long nanos, Runnable task) {
        loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
}
