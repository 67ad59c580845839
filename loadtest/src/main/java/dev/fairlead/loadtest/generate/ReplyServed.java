package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** Waits for the request, sends the reply, closes. */
final class ReplyServed extends Served {
    private int received;
    private int sent;

    ReplyServed(StreamDoor door, FileDescriptor descriptor) {
        super(door, descriptor);
    }

    @Override
    EpollIoOps interest() {
        return Interest.EDGE_IN;
    }

    @Override
    void react(int bits) throws IOException {
        if (received < door.plan.request() && !receive()) {
            return;
        }
        int bytes = door.plan.bytes();
        while (sent < bytes) {
            int phase = sent % Lane.PERIOD;
            int taken = descriptor.writeAddress(lane.patternAddress(), phase,
                    phase + Math.min(Lane.BUFFER, bytes - sent));
            if (taken == 0) {
                watch(Interest.EDGE_IN_OUT);
                return;
            }
            sent += taken;
        }
        close();
    }

    /** Whether all of the request is there. */
    private boolean receive() throws IOException {
        while (received < door.plan.request()) {
            int size = descriptor.readAddress(lane.incomingAddress(), 0, Lane.BUFFER);
            if (size < 0) {
                close();
            }
            if (size <= 0) {
                return false;
            }
            received += size;
        }
        return true;
    }
}
