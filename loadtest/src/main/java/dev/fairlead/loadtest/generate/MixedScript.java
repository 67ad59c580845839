package dev.fairlead.loadtest.generate;

import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/**
 * One talk of the soak, drawn by chance.
 *
 * @param send bytes to send in all, of the pattern from {@code phase} on
 * @param expect bytes to receive, likewise
 * @param window bytes that may be under way; in lockstep the largest message
 * @param lockstep whether a message waits for the echo of the last one
 * @param finishes whether the client closes its direction once all is sent, and the endpoint must then end the talk
 */
record MixedScript(MixedKind kind, InetSocketAddress to, int phase, long send, long expect, int window,
        boolean lockstep, boolean finishes) {
    private static final int REQUEST = 64;

    static MixedScript draw(MixedPlan plan, RandomGenerator dice) {
        int phase = dice.nextInt(Lane.PERIOD);
        int chance = dice.nextInt(100);
        if (chance < 40) {
            return new MixedScript(MixedKind.CONNECT, plan.reply(), 0, REQUEST, plan.replyBytes(), REQUEST, false,
                    false);
        }
        if (chance < 60) {
            long bytes = dice.nextLong(1, 100_000);
            return new MixedScript(MixedKind.PINGPONG, plan.echo(), phase, bytes, bytes, dice.nextInt(1, 20_000), true,
                    false);
        }
        if (chance < 70) {
            long bytes = dice.nextLong(1_000_000, 8_000_000);
            return new MixedScript(MixedKind.BULK_BOTH, plan.echo(), phase, bytes, bytes,
                    dice.nextInt(10_000, 1_000_000),
                    false, true);
        }
        if (chance < 75) {
            return new MixedScript(MixedKind.BULK_DOWN, plan.source(), 0, 0, dice.nextLong(1_000_000, 16_000_000), 0,
                    false, false);
        }
        if (chance < 87) {
            long bytes = dice.nextLong(1, 300_000);
            return new MixedScript(MixedKind.HALF_CLOSE, plan.echo(), phase, bytes, bytes, Integer.MAX_VALUE, false,
                    true);
        }
        if (chance < 96) {
            long bytes = dice.nextLong(1, 500_000);
            return new MixedScript(MixedKind.RESET, plan.echo(), phase, bytes, dice.nextLong(0, bytes), Lane.BUFFER,
                    false, false);
        }
        return new MixedScript(MixedKind.SLOW, plan.source(), 0, 0, dice.nextLong(50_000, 400_000), 0, false, false);
    }

    /** Whether the endpoint ends the talk, so that its FIN is part of what is expected. */
    boolean endsWithFin() {
        return finishes || kind == MixedKind.CONNECT;
    }

    /** Whether the endpoint has more to say than is expected, so that a read may bring too much. */
    boolean breaksOff() {
        return kind == MixedKind.BULK_DOWN || kind == MixedKind.SLOW || kind == MixedKind.RESET;
    }
}
