package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One of the soak's clients: it plays one script after the other, and checks every byte. */
final class MixedTalk extends ClientHandle {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SLOW_READ = 4096;
    private static final int READS_PER_TURN = 8;

    private final MixedShare share;
    private final RandomGenerator dice;
    private MixedScript script;
    private boolean active;
    private boolean connected;
    private boolean finished;
    private boolean ending;
    private long sent;
    private long received;
    private long maySend;
    private long lastSign;
    private long talks;

    /** @param dice of this client alone, so that what it plays does not depend on the others' speed */
    MixedTalk(MixedShare share, RandomGenerator dice) {
        super(share.lane());
        this.share = share;
        this.dice = dice;
        this.script = MixedScript.draw(share.plan(), dice);
    }

    boolean isActive() {
        return active;
    }

    void begin() {
        script = MixedScript.draw(share.plan(), dice);
        active = true;
        connected = false;
        finished = false;
        ending = false;
        sent = 0;
        received = 0;
        maySend = 0;
        lastSign = System.nanoTime();
        talks++;
        try {
            connectStream(script.to());
            watch(Interest.EDGE_IN_OUT);
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    @Override
    void prepare(LinuxSocket made) throws IOException {
        made.setTcpNoDelay(true);
        if (script.kind() == MixedKind.SLOW) {
            made.setReceiveBufferSize(4 * SLOW_READ);
        }
    }

    @Override
    void react(int bits) throws IOException {
        int error = connected ? 0 : connectError(bits);
        if (error != 0) {
            fail(Mishap.ofErrno(-error), "connecting failed with error " + error);
            return;
        }
        ending |= (bits & Interest.ENDING) != 0;
        if (!connected) {
            if ((bits & Interest.OUT) == 0) {
                return;
            }
            connected = true;
            if (script.kind() == MixedKind.SLOW) {
                long talk = talks;
                lane.after(TICK_NANOS, () -> tick(talk));
            }
        }
        send();
        if (isOpen() && script.kind() != MixedKind.SLOW) {
            receive();
        }
    }

    private void send() throws IOException {
        if (script.lockstep() && received == maySend) {
            maySend = Math.min(script.send(), maySend + dice.nextInt(1, script.window() + 1));
        } else if (!script.lockstep()) {
            maySend = Math.min(script.send(), received + script.window());
        }
        while (sent < maySend) {
            int phase = (int) ((sent + script.phase()) % Lane.PERIOD);
            int most = (int) Math.min(Lane.BUFFER, maySend - sent);
            int taken = socket().sendAddress(lane.patternAddress(), phase, phase + most);
            if (taken == 0) {
                return;
            }
            sent += taken;
            lastSign = System.nanoTime();
        }
        if (script.finishes() && sent == script.send() && !finished) {
            finished = true;
            socket().shutdown(false, true);
        }
        if (received >= script.expect() && !script.endsWithFin()) {
            leave();
        }
    }

    private void receive() throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            int size = take(Lane.BUFFER);
            if (size > 0 && isOpen()) {
                send();
            }
            if (!isOpen() || size == 0 || (size < Lane.BUFFER && !ending)) {
                return;
            }
        }
        // Edge-triggered: nobody calls again for what is there already.
        long talk = talks;
        lane.loop().execute(() -> proceed(talk));
    }

    private void proceed(long talk) {
        if (talk != talks || !isOpen()) {
            return;
        }
        try {
            receive();
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    /** Reads and checks; 0 when there was nothing, or the talk is over. */
    private int take(int most) throws IOException {
        int size = socket().recvAddress(lane.incomingAddress(), 0, most);
        if (size == 0) {
            return 0;
        }
        if (size < 0) {
            if (script.endsWithFin() && received == script.expect()) {
                leave();
            } else {
                fail(Mishap.SHORT, script.kind().word() + ": ended after " + received + " of " + script.expect());
            }
            return 0;
        }
        lastSign = System.nanoTime();
        int phase = (int) ((received + script.phase()) % Lane.PERIOD);
        long wrong = MemorySegment.mismatch(lane.incoming(), 0, size, lane.pattern(), phase, phase + size);
        if (wrong >= 0) {
            fail(Mishap.CORRUPT, script.kind().word() + ": byte " + (received + wrong) + " is wrong");
            return 0;
        }
        received += size;
        if (received > script.expect() && !script.breaksOff()) {
            fail(Mishap.EXCESS, script.kind().word() + ": " + received + " bytes (expected: " + script.expect() + ")");
            return 0;
        }
        return size;
    }

    private void tick(long talk) {
        if (talk != talks || !isOpen()) {
            return;
        }
        try {
            take(SLOW_READ);
            if (isOpen()) {
                send();
            }
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
        if (talk == talks && isOpen()) {
            lane.after(TICK_NANOS, () -> tick(talk));
        }
    }

    /** The talk went as it should. */
    private void leave() throws IOException {
        if (script.kind() == MixedKind.RESET) {
            socket().setSoLinger(0);
        }
        release();
        active = false;
        share.done(this, script.kind());
    }

    @Override
    void fail(Mishap mishap, String detail) {
        release();
        active = false;
        share.failed(this, mishap, script.to() + ": " + script.kind().word() + ": " + detail);
    }

    void sweep(long now) {
        if (active && now - lastSign > SILENCE_NANOS) {
            fail(Mishap.TIMEOUT, "silent for 10 s after " + received + " of " + script.expect() + " bytes");
        }
    }

    /** The soak is over, and this talk was not. */
    void cut() {
        if (active) {
            fail(Mishap.STALLED, "not ended " + MixedShare.GRACE.toSeconds() + " s after the soak");
        }
    }

    @Override
    public void close() {
        release();
        active = false;
    }
}
