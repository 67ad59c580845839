package dev.fairlead.forward;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/** Seeded bytes on their way through one direction of a connection, and their checksum on either side. */
final class Bytes {
    private static final int CHUNK = 128 * 1024;

    private final Random random;
    private final CRC32 sent = new CRC32();
    private final CRC32 received = new CRC32();
    private final AtomicLong count = new AtomicLong();
    private long arrived;

    Bytes(long seed) {
        random = new Random(seed);
    }

    /** Writes so many more. By one thread at a time. */
    void write(OutputStream out, int length) throws IOException {
        for (int left = length; left > 0;) {
            byte[] chunk = next(Math.min(left, CHUNK));
            out.write(chunk);
            wrote(chunk, chunk.length);
            left -= chunk.length;
        }
    }

    /** Bytes to write. */
    byte[] next(int length) {
        byte[] chunk = new byte[length];
        random.nextBytes(chunk);
        return chunk;
    }

    /** The first so many of a chunk were written. */
    void wrote(byte[] chunk, int length) {
        sent.update(chunk, 0, length);
        count.addAndGet(length);
    }

    /** Reads so many. By one thread at a time. */
    void read(InputStream in, int length) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int left = length; left > 0;) {
            int n = in.readNBytes(chunk, 0, Math.min(left, CHUNK));
            if (n == 0) {
                throw new IOException("the end after " + arrived + " bytes, with " + left + " to come");
            }
            received.update(chunk, 0, n);
            arrived += n;
            left -= n;
        }
    }

    /** Reads until the FIN. */
    void readAll(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            received.update(chunk, 0, n);
            arrived += n;
        }
    }

    long count() {
        return count.get();
    }

    /** How many were written and have not been read. */
    int onTheWay() {
        return Math.toIntExact(count.get() - arrived);
    }

    /** How many were written and what they were, as one word to compare. */
    String written() {
        return count.get() + " bytes, checksum " + sent.getValue();
    }

    /** The same of those that arrived. */
    String arrived() {
        return arrived + " bytes, checksum " + received.getValue();
    }
}
