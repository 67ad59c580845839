package dev.fairlead.loadtest;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** The client's part of one connection of a storm. */
final class StormTalk {
    /** Less than any socket buffer: such a payload can be sent whole before its echo is read. */
    private static final long SENT_AT_ONCE = 8 * 1024;

    private final StormPlan plan;
    private final CloseOrder order;
    private final long length;
    private final long payloadSeed;
    private String client = "";
    private String endpoint = "";

    /** The connection with this index in its storm: with the seed it decides everything about it. */
    StormTalk(StormPlan plan, int index) {
        this.plan = plan;
        this.order = plan.orders().get(index % plan.orders().size());
        SplittableRandom dice = new SplittableRandom(plan.seed() * 1_000_003 + index);
        int bits = dice.nextInt(Long.SIZE - Long.numberOfLeadingZeros(plan.mostBytes()) + 1);
        this.length = Math.min(plan.mostBytes(), dice.nextLong(1L << bits));
        this.payloadSeed = dice.nextLong();
    }

    /** Our own address once connected, else {@code ""}. */
    String client() {
        return client;
    }

    /** The name the endpoint gave, {@code ""} before it did. */
    String endpoint() {
        return endpoint;
    }

    /** What this connection was about. */
    String what() {
        return switch (plan.talk()) {
            case TOLD -> order.word() + " " + length;
            case HTTP -> plan.path();
            case NAME -> "name";
        };
    }

    void run() throws TalkFailed {
        try (Wire wire = Wire.connect(plan.to(), plan.silence())) {
            client = wire.localAddress();
            switch (plan.talk()) {
                case TOLD -> told(wire);
                case HTTP -> http(wire);
                case NAME -> {
                    endpoint = wire.line();
                    wire.expectFin();
                }
            }
        }
    }

    private void told(Wire wire) throws TalkFailed {
        if (order == CloseOrder.CLOSE_BEFORE_ANYTHING) {
            return;
        }
        endpoint = wire.line();
        wire.say(order.word() + " " + length + " " + payloadSeed + "\n");
        switch (order) {
            case CLIENT_FIN_FIRST, BOTH_AT_ONCE -> {
                exchange(wire);
                wire.finish();
                wire.expectFin();
            }
            case ENDPOINT_FIN_FIRST -> {
                exchange(wire);
                wire.expectFin();
            }
            case HALF_CLOSE_THEN_READ -> {
                wire.send(new Payload(payloadSeed), length);
                wire.finish();
                wire.expect(new Payload(payloadSeed), length);
                wire.expectFin();
            }
            case WRITE_THEN_CLOSE -> wire.send(new Payload(payloadSeed), length);
            case ENDPOINT_WRITE_THEN_CLOSE -> {
                wire.expect(new Payload(payloadSeed), length);
                wire.expectFin();
            }
            case CLIENT_RESET -> {
                exchange(wire);
                wire.reset();
            }
            case CLIENT_RESET_MIDWAY -> {
                wire.send(new Payload(payloadSeed), length / 2);
                wire.reset();
            }
            case ENDPOINT_RESET -> {
                exchange(wire);
                wire.say("now\n");
                wire.expectReset();
            }
            case CLOSE_BEFORE_ANYTHING -> throw new AssertionError("handled above");
        }
    }

    private void exchange(Wire wire) throws TalkFailed {
        if (length <= SENT_AT_ONCE) {
            wire.send(new Payload(payloadSeed), length);
            wire.expect(new Payload(payloadSeed), length);
            return;
        }
        List<TalkFailed> unsent = new CopyOnWriteArrayList<>();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                wire.send(new Payload(payloadSeed), length);
            } catch (TalkFailed failed) {
                unsent.add(failed);
            }
        });
        try {
            wire.expect(new Payload(payloadSeed), length);
        } catch (TalkFailed failed) {
            wire.close();
            join(sender);
            // The kernel reports a reset once only: when the sender got the report, the reader sees an end instead.
            throw unsent.stream().filter(Wire::wasReset).findFirst().orElse(failed);
        }
        join(sender);
        if (!unsent.isEmpty()) {
            throw unsent.getFirst();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.join(Duration.ofSeconds(60))) {
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void http(Wire wire) throws TalkFailed {
        wire.say("GET " + plan.path() + " HTTP/1.1\r\nHost: fairlead.test\r\nConnection: close\r\n\r\n");
        String status = wire.line();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new TalkFailed(Failure.WRONG_ANSWER, status);
        }
        long due = -1;
        for (String header = wire.line(); !header.isEmpty(); header = wire.line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                due = Long.parseLong(lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("x-endpoint:")) {
                endpoint = header.substring("x-endpoint:".length()).strip();
            }
        }
        byte[] chunk = new byte[16 * 1024];
        long done = 0;
        for (int size = wire.read(chunk, chunk.length); size >= 0; size = wire.read(chunk, chunk.length)) {
            done += size;
        }
        if (due >= 0 && done != due) {
            throw new TalkFailed(done < due ? Failure.ENDED_SHORT : Failure.TOO_MUCH,
                    done + " bytes instead of " + due);
        }
    }
}
