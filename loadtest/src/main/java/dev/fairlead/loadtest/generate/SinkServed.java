package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** Reads and throws away; closes after the peer did. */
final class SinkServed extends Served {
    private static final int READS_PER_TURN = 4;

    SinkServed(StreamDoor door, FileDescriptor descriptor) {
        super(door, descriptor);
    }

    @Override
    EpollIoOps interest() {
        return Interest.LEVEL_IN;
    }

    @Override
    void react(int bits) throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            int size = descriptor.readAddress(lane.incomingAddress(), 0, Lane.BUFFER);
            if (size < 0) {
                close();
                return;
            }
            if (size < Lane.BUFFER) {
                return;
            }
        }
    }
}
