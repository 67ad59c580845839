package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A unit is a connection: connect, send the request, read until EOF, close after the peer did. */
final class ConnectSlot extends Slot {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int request;
    private final int reply;
    private int sent;
    private long received;

    ConnectSlot(Share share, int place) {
        super(share, place);
        this.request = share.plan().request();
        this.reply = share.plan().reply();
    }

    @Override
    void open() {
        opened();
    }

    @Override
    void start() throws IOException {
        sent = 0;
        received = 0;
        LinuxSocket socket = connectStream(to);
        // On one machine the handshake is over when connect() returns. Where it is not, the kernel says "later".
        sent = socket.sendAddress(lane.patternAddress(), 0, request);
        watch(sent == request ? Interest.EDGE_IN : Interest.EDGE_IN_OUT);
    }

    @Override
    void react(int bits) throws IOException {
        if (sent < request && (bits & Interest.OUT) != 0) {
            sent += socket().sendAddress(lane.patternAddress(), sent, request);
        }
        if ((bits & Interest.READABLE) != 0) {
            read(bits);
        }
    }

    private void read(int bits) throws IOException {
        LinuxSocket socket = socket();
        boolean broken = (bits & Interest.BROKEN) != 0;
        boolean ending = (bits & Interest.ENDING) != 0;
        while (true) {
            int size = socket.recvAddress(lane.incomingAddress(), 0, Lane.BUFFER);
            if (size > 0) {
                received += size;
            }
            // A short read has emptied the queue. When the FIN had come before it, that was all.
            boolean emptied = size < Lane.BUFFER && !broken;
            if (size < 0 || (emptied && ending)) {
                end();
                return;
            }
            if (emptied || size == 0) {
                return;
            }
        }
    }

    private void end() {
        if (received == reply) {
            long ended = System.nanoTime();
            release();
            complete(request + received, ended, System.nanoTime());
        } else {
            fail(received < reply ? Mishap.SHORT : Mishap.EXCESS, received + " bytes (expected: " + reply + ")");
        }
    }

    @Override
    void expire(long nanosInFlight) {
        if (nanosInFlight > LIMIT_NANOS) {
            fail(Mishap.TIMEOUT, "a connection with " + received + " of " + reply + " bytes after 5 s");
        }
    }
}
