package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A unit is a datagram with a number in front, and a reply that repeats the number. */
final class DatagramSlot extends Slot {
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final boolean fresh;
    private final int request;
    private final int reply;
    private long number;

    DatagramSlot(Share share, int place) {
        super(share, place);
        this.fresh = share.plan().kind() == LoadKind.UDP_FRESH;
        this.request = share.plan().request();
        this.reply = share.plan().reply();
        this.number = (long) place << 40;
    }

    @Override
    void open() throws IOException {
        if (!fresh) {
            connectDatagram(to);
            // Level-triggered: a read per datagram, and no further one only to hear that there is none.
            watch(Interest.LEVEL_IN);
        }
        opened();
    }

    @Override
    void start() throws IOException {
        number++;
        LinuxSocket socket = fresh ? connectDatagram(to) : socket();
        lane.outgoing().set(Lane.NUMBER, 0, number);
        socket.sendAddress(lane.outgoingAddress(), 0, request);
        if (fresh) {
            watch(Interest.LEVEL_IN);
        }
    }

    @Override
    void react(int bits) throws IOException {
        int size = socket().recvAddress(lane.incomingAddress(), 0, Lane.BUFFER);
        if (size == 0) {
            return;
        }
        long answered = size < Long.BYTES ? -1 : lane.incoming().get(Lane.NUMBER, 0);
        if (answered == number && isBusy()) {
            receive(size);
        } else if (answered > number || answered >>> 40 != place()) {
            fail(Mishap.CORRUPT, "a reply to nothing that was asked");
        } else {
            share.tally().mishap(Mishap.REORDERED, "a reply to request " + answered + " after request " + number);
        }
    }

    private void receive(int size) {
        if (size != reply) {
            fail(size < reply ? Mishap.SHORT : Mishap.EXCESS, size + " bytes (expected: " + reply + ")");
            return;
        }
        long ended = System.nanoTime();
        if (fresh) {
            release();
        }
        complete(request + (long) size, ended, System.nanoTime());
    }

    @Override
    void expire(long nanosInFlight) {
        if (nanosInFlight > LIMIT_NANOS) {
            if (fresh) {
                release();
            }
            giveUp(Mishap.LOST, "no reply in 500 ms");
        }
    }
}
