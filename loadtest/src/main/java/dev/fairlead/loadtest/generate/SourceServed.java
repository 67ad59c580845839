package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** Sends the lane's pattern until the peer closes. */
final class SourceServed extends Served {
    private static final int WRITES_PER_TURN = 4;

    private int phase;

    SourceServed(StreamDoor door, FileDescriptor descriptor) {
        super(door, descriptor);
    }

    @Override
    EpollIoOps interest() {
        return Interest.LEVEL_OUT;
    }

    @Override
    void react(int bits) throws IOException {
        if ((bits & Interest.ENDING) != 0) {
            close();
            return;
        }
        for (int i = 0; i < WRITES_PER_TURN; i++) {
            int taken = descriptor.writeAddress(lane.patternAddress(), phase, phase + Lane.BUFFER);
            phase = (phase + taken) % Lane.PERIOD;
            if (taken < Lane.BUFFER) {
                return;
            }
        }
    }
}
