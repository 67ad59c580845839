package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A unit is a datagram with a number in front, and a reply that repeats the number: the client port's own number, then
 * one more with each request. So a reply that is lost, doubled or out of sequence is told from the others. In a burst
 * several units are in flight, which begin together.
 */
final class DatagramSlot extends Slot {
    /** So many replies are remembered, the last ones. */
    static final int MOST_BURST = Long.SIZE;

    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /**
     * Requests that were lost together, because a buffer overflowed, are given up in this many turns: all at once,
     * their successors would make it overflow again.
     */
    private static final int TURNS = 8;

    private final boolean fresh;
    private final int request;
    private final int reply;
    private final int burst;
    private final long limitNanos;
    /** Of the last request. */
    private long number;
    /** Of the last request that had been sent when the one in flight began: what is not above it was given up. */
    private long before;
    /** The latest request that had its reply. */
    private long newest;
    /** Bit {@code i}: request {@code number - i} had its reply. */
    private long answered;

    DatagramSlot(Share share, int place) {
        super(share, place);
        this.fresh = share.plan().kind() == LoadKind.UDP_FRESH;
        this.request = share.plan().request();
        this.reply = share.plan().reply();
        this.burst = share.plan().burst();
        this.limitNanos = LIMIT_NANOS + place % TURNS * Share.SWEEP_NANOS;
        this.number = (long) place << 40;
        this.newest = number;
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
        LinuxSocket socket = fresh ? connectDatagram(to) : socket();
        before = number;
        for (int i = 0; i < burst; i++) {
            number++;
            answered <<= 1;
            lane.outgoing().set(Lane.NUMBER, 0, number);
            socket.sendAddress(lane.outgoingAddress(), 0, request);
        }
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
        long asked = size < Long.BYTES ? -1 : lane.incoming().get(Lane.NUMBER, 0);
        if (asked > number || asked >>> 40 != place()) {
            fail(Mishap.CORRUPT, "a reply to nothing that was asked");
        } else if (size != reply) {
            fail(size < reply ? Mishap.SHORT : Mishap.EXCESS, size + " bytes (expected: " + reply + ")");
        } else {
            receive(asked, size);
        }
    }

    private void receive(long asked, int size) {
        long bit = number - asked < Long.SIZE ? 1L << (number - asked) : 0;
        boolean twice = (answered & bit) != 0;
        boolean late = asked <= before || !isBusy();
        answered |= bit;
        if (twice) {
            share.tally().mishap(Mishap.DUPLICATE, "a second reply to request " + asked);
        } else if (asked < newest) {
            share.tally().mishap(Mishap.REORDERED, "a reply to request " + asked + " after one to request " + newest);
        } else if (late) {
            share.tally().mishap(Mishap.LATE, "a reply to request " + asked + ", which was given up");
        }
        newest = Math.max(newest, asked);
        if (!twice && !late) {
            count(size);
        }
    }

    private void count(int size) {
        if (missing() > 0) {
            partly(request + (long) size);
            return;
        }
        long ended = System.nanoTime();
        if (fresh) {
            release();
        }
        complete(request + (long) size, ended, System.nanoTime());
    }

    /** Requests in flight. */
    private int missing() {
        return burst - Long.bitCount(answered & (-1L >>> (Long.SIZE - burst)));
    }

    @Override
    void expire(long nanosInFlight) {
        if (nanosInFlight > limitNanos) {
            for (int lost = missing(); lost > 1; lost--) {
                share.tally().mishap(Mishap.LOST, to + ": no reply in 500 ms");
            }
            if (fresh) {
                release();
            }
            giveUp(Mishap.LOST, "no reply in 500 ms");
        }
    }
}
