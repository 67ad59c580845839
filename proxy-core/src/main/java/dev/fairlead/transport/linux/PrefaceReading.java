package dev.fairlead.transport.linux;

import dev.fairlead.transport.Preface;
import java.util.Arrays;

/**
 * A preface that is being read from a socket, and not a byte more: bytes are looked at where they are, and taken once
 * it is known that they belong to it. Confined to its loop.
 */
public final class PrefaceReading {
    /** How far it has got. */
    public enum Progress {
        /** The rest has not come yet. */
        WAITS,
        /** The reader was told of the end. */
        OVER,
        /** The connection is broken. */
        BROKEN
    }

    private static final int MOST_AT_ONCE = 4096;

    private final Kernel kernel;
    private final int fd;
    private final Preface preface;
    private byte[] taken = {};

    public PrefaceReading(Kernel kernel, int fd, Preface preface) {
        this.kernel = kernel;
        this.fd = fd;
        this.preface = preface;
    }

    /** Reads what there is. */
    public Progress advance() {
        while (true) {
            int waiting = kernel.peek(fd, MOST_AT_ONCE);
            if (waiting == -Errno.EINTR) {
                continue;
            }
            if (waiting == -Errno.EAGAIN) {
                return Progress.WAITS;
            }
            if (waiting < 0) {
                return Progress.BROKEN;
            }
            if (waiting == 0) {
                preface.cutShort();
                return Progress.OVER;
            }
            byte[] soFar = Arrays.copyOf(taken, taken.length + waiting);
            kernel.peeked(soFar, taken.length, waiting);
            int length = preface.length(soFar);
            boolean over = length != Preface.GOES_ON;
            kernel.drop(fd, over ? length - taken.length : waiting);
            if (over) {
                preface.read();
                return Progress.OVER;
            }
            taken = soFar;
        }
    }
}
