package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A slot whose connection is established first and then stays. */
abstract class StreamSlot extends Slot {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private boolean connected;

    StreamSlot(Share share, int place) {
        super(share, place);
    }

    /** The connection stands: watch for what is wanted, and say {@link #opened}. */
    abstract void connected() throws IOException;

    /** What epoll said about a connection that stands. */
    abstract void flow(int bits) throws IOException;

    @Override
    final void open() throws IOException {
        connected = false;
        connectStream(to);
        watch(Interest.EDGE_IN_OUT);
    }

    @Override
    void prepare(LinuxSocket made) throws IOException {
        made.setTcpNoDelay(true);
    }

    @Override
    final void react(int bits) throws IOException {
        if (connected) {
            flow(bits);
            return;
        }
        int error = connectError(bits);
        if (error != 0) {
            fail(Mishap.ofErrno(-error), "connecting failed with error " + error);
        } else if ((bits & Interest.OUT) != 0) {
            connected = true;
            connected();
        }
    }

    @Override
    void expire(long nanosInFlight) {
        if (nanosInFlight > LIMIT_NANOS) {
            fail(Mishap.TIMEOUT, "no reply in 5 s");
        }
    }

    /** Reads into the lane's buffer; the end of the stream is a failure and gives -1. */
    final int read(int most) throws IOException {
        int size = socket().recvAddress(lane.incomingAddress(), 0, most);
        if (size < 0) {
            fail(Mishap.ENDED, "the connection was closed (expected: that it stays open)");
        }
        return size;
    }
}
