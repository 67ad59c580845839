package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One connection to a {@link TalkingPod} that is kept, and used all the time; every answer is compared. */
final class LongTalk {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int PACE_MILLIS = 40;

    private final Host from;
    private final String address;
    private final Random dice;
    private final Thread thread;
    private volatile boolean over;
    private final AtomicLong echoes = new AtomicLong();
    private volatile Optional<String> cut = Optional.empty();

    private LongTalk(Host from, String address, long seed) {
        this.from = from;
        this.address = address;
        this.dice = new Random(seed);
        this.thread = Thread.ofPlatform().unstarted(this::run);
    }

    static LongTalk begin(Host from, String address, long seed) {
        LongTalk talk = new LongTalk(from, address, seed);
        talk.thread.start();
        return talk;
    }

    /** How many lines have come back as they were sent. */
    long echoes() {
        return echoes.get();
    }

    /** What ended it before its time. */
    Optional<String> cut() {
        return cut;
    }

    /** Ends it in order and returns when it has ended. */
    void finish() throws InterruptedException {
        over = true;
        thread.join();
    }

    private void run() {
        try (Socket socket = from.namespace().call(() -> SocketChannel.open().socket())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(Addresses.socket(address), PATIENCE_MILLIS);
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            while (!over) {
                String line = Long.toHexString(dice.nextLong()).repeat(1 + dice.nextInt(200));
                socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                if (!line.equals(in.readLine())) {
                    throw new IOException("another answer than was asked for");
                }
                echoes.incrementAndGet();
                Thread.sleep(dice.nextInt(PACE_MILLIS));
            }
            socket.shutdownOutput();
            if (in.readLine() != null) {
                throw new IOException("more than was asked for");
            }
        } catch (IOException | InterruptedException failed) {
            cut = Optional.of(from + " -> " + address + " after " + echoes + " lines: " + failed);
        }
    }
}
