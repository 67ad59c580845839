package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what it reads. Bytes that the peer does not take yet wait in a buffer of this connection, which then reads
 * no more until they are gone.
 */
final class EchoServed extends Served {
    private static final int READS_PER_TURN = 8;

    private @Nullable MemorySegment waiting;
    private int waitingFrom;
    private int waitingTo;
    private boolean ended;

    EchoServed(StreamDoor door, FileDescriptor descriptor) {
        super(door, descriptor);
    }

    @Override
    EpollIoOps interest() {
        return Interest.EDGE_IN;
    }

    @Override
    void react(int bits) throws IOException {
        ended |= (bits & Interest.ENDING) != 0;
        pump();
    }

    private void pump() throws IOException {
        if (!flush()) {
            return;
        }
        for (int i = 0; i < READS_PER_TURN; i++) {
            int size = descriptor.readAddress(lane.incomingAddress(), 0, Lane.BUFFER);
            if (size < 0) {
                close();
            }
            if (size <= 0) {
                return;
            }
            int taken = descriptor.writeAddress(lane.incomingAddress(), 0, size);
            if (taken < size) {
                keep(taken, size);
                return;
            }
            // A short read has emptied the queue, unless an end is behind it.
            if (size < Lane.BUFFER && !ended) {
                return;
            }
        }
        // Edge-triggered: nobody calls again for what is there already, so this yields to the others and comes back.
        lane.loop().execute(this::resume);
    }

    private void resume() {
        if (isClosed()) {
            return;
        }
        try {
            pump();
        } catch (IOException gone) {
            close();
        }
    }

    private void keep(int from, int to) {
        MemorySegment kept = lane.borrow();
        MemorySegment.copy(lane.incoming(), from, kept, 0, to - from);
        waiting = kept;
        waitingFrom = 0;
        waitingTo = to - from;
        watch(Interest.EDGE_IN_OUT);
    }

    /** Whether nothing waits any more. */
    private boolean flush() throws IOException {
        MemorySegment kept = waiting;
        if (kept == null) {
            return true;
        }
        waitingFrom += descriptor.writeAddress(kept.address(), waitingFrom, waitingTo);
        if (waitingFrom < waitingTo) {
            return false;
        }
        waiting = null;
        lane.giveBack(kept);
        watch(Interest.EDGE_IN);
        return true;
    }

    @Override
    void closed() {
        MemorySegment kept = waiting;
        if (kept != null) {
            waiting = null;
            lane.giveBack(kept);
        }
    }
}
