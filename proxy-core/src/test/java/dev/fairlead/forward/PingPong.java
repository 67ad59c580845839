package dev.fairlead.forward;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A ping-pong of 64 bytes beside bulk flows, and how much of these passes between two of its rounds. */
final class PingPong {
    private static final int SIZE = 64;
    private static final int CHUNK = 256 * 1024;

    private final AtomicLong bulk = new AtomicLong();
    private long[] nanos = {};
    private long[] bulkBetween = {};

    /** Writes until the socket is closed. */
    @Nullable
    Void pour(Socket socket) throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (true) {
            socket.getOutputStream().write(chunk);
        }
    }

    /** Reads until the socket is closed. */
    @Nullable
    Void drain(Socket socket) throws IOException {
        byte[] chunk = new byte[CHUNK];
        InputStream in = socket.getInputStream();
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            bulk.addAndGet(n);
        }
        return null;
    }

    /** Sends so many pings back. */
    @Nullable
    Void answer(Socket socket, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            socket.getOutputStream().write(ping(socket));
        }
        return null;
    }

    /** So many rounds. */
    void play(Socket socket, int rounds) throws IOException {
        nanos = new long[rounds];
        bulkBetween = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long bulkBefore = bulk.get();
            long start = System.nanoTime();
            socket.getOutputStream().write(new byte[SIZE]);
            if (ping(socket).length < SIZE) {
                throw new IOException("the end after " + i + " rounds");
            }
            nanos[i] = System.nanoTime() - start;
            bulkBetween[i] = bulk.get() - bulkBefore;
        }
        Arrays.sort(nanos);
        Arrays.sort(bulkBetween);
    }

    private static byte[] ping(Socket socket) throws IOException {
        return socket.getInputStream().readNBytes(SIZE);
    }

    /** Bulk that has passed so far. */
    long bulkBytes() {
        return bulk.get();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "%d ping-pongs, p50 %.2f ms, p99 %.2f ms; between two, KiB of bulk: median %d, p99 %d", nanos.length,
                at(nanos, 50) / 1e6, at(nanos, 99) / 1e6, at(bulkBetween, 50) >> 10, at(bulkBetween, 99) >> 10);
    }

    private static long at(long[] sorted, int percent) {
        return sorted[sorted.length * percent / 100];
    }
}
