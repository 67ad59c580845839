package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.ValueLayout;

/** A unit is a request with a number in front, and the same bytes back. */
final class PingPongSlot extends StreamSlot {
    private final int size;
    private long number;
    private int sent;
    private int received;

    PingPongSlot(Share share, int place) {
        super(share, place);
        this.size = share.plan().request();
        this.number = (long) place << 40;
    }

    @Override
    void connected() throws IOException {
        sent = size;
        watch(Interest.EDGE_IN);
        opened();
    }

    @Override
    void start() throws IOException {
        number++;
        sent = 0;
        received = 0;
        send();
        if (sent < size) {
            watch(Interest.EDGE_IN_OUT);
        }
    }

    @Override
    void flow(int bits) throws IOException {
        if (sent < size && (bits & Interest.OUT) != 0) {
            send();
        }
        if ((bits & Interest.READABLE) != 0) {
            receive((bits & Interest.ENDING) != 0);
        }
    }

    private void send() throws IOException {
        LinuxSocket socket = socket();
        lane.outgoing().set(Lane.NUMBER, 0, number);
        while (sent < size) {
            int taken = socket.sendAddress(lane.outgoingAddress(), sent, size);
            if (taken == 0) {
                return;
            }
            sent += taken;
        }
    }

    private void receive(boolean ending) throws IOException {
        while (isOpen()) {
            int got = read(Lane.BUFFER);
            if (got <= 0) {
                return;
            }
            if (!isBusy() || received + got > size) {
                fail(Mishap.EXCESS, got + " bytes where at most " + (isBusy() ? size - received : 0) + " were due");
                return;
            }
            if (!agrees(got)) {
                fail(Mishap.CORRUPT, "a reply that is not to request " + number);
                return;
            }
            received += got;
            if (received == size) {
                complete(2L * size);
            }
            // A short read has emptied the queue, unless an end is behind it.
            if (got < Lane.BUFFER && !ending) {
                return;
            }
        }
    }

    private boolean agrees(int got) {
        if (received == 0 && got >= Long.BYTES) {
            return lane.incoming().get(Lane.NUMBER, 0) == number;
        }
        for (int i = 0; i < got && received + i < Long.BYTES; i++) {
            byte expected = (byte) (number >>> (8 * (received + i)));
            if (lane.incoming().get(ValueLayout.JAVA_BYTE, i) != expected) {
                return false;
            }
        }
        return true;
    }
}
