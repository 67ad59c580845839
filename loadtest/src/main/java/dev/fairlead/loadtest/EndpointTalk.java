package dev.fairlead.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The endpoint's part of one connection. */
final class EndpointTalk {
    private final EndpointPlan plan;
    private final Wire wire;
    private final byte[] chunk = new byte[16 * 1024];
    private String about;

    EndpointTalk(EndpointPlan plan, Wire wire) {
        this.plan = plan;
        this.wire = wire;
        this.about = plan.mode() == EndpointPlan.Mode.TOLD ? "" : plan.mode().word();
    }

    /** The close order or the mode; {@code ""} as long as the client has not told. */
    String about() {
        return about;
    }

    /** Returns when this side has nothing more to do than to close. */
    void run() throws TalkFailed {
        switch (plan.mode()) {
            case TOLD -> told();
            case NAME -> wire.say(plan.name() + "\n");
            case GREET -> {
                wire.say(plan.name() + "\n");
                echo();
            }
            case ECHO -> echo();
            case HTTP -> http();
            case SMTP -> smtp();
            case SLOW_READER -> readSlowly();
            case RESET_AFTER -> {
                for (long left = plan.bytes(); left > 0;) {
                    int size = wire.read(chunk, (int) Math.min(left, chunk.length));
                    if (size < 0) {
                        return;
                    }
                    left -= size;
                }
                wire.reset();
            }
            case SILENT -> pause(plan.silence().toMillis());
        }
    }

    private void told() throws TalkFailed {
        wire.say(plan.name() + "\n");
        String[] words = wire.line().split(" ", -1);
        CloseOrder order = CloseOrder.byWord(words[0])
                .orElseThrow(() -> new TalkFailed(Failure.WRONG_ANSWER, "unknown close order \"" + words[0] + "\""));
        long length = Long.parseLong(words[1]);
        long seed = Long.parseLong(words[2]);
        about = order.word();
        Payload payload = new Payload(seed);
        switch (order) {
            case CLIENT_FIN_FIRST -> {
                wire.echo(payload, length);
                wire.expectFin();
            }
            case ENDPOINT_FIN_FIRST, BOTH_AT_ONCE -> {
                wire.echo(payload, length);
                wire.finish();
                wire.expectFin();
            }
            case HALF_CLOSE_THEN_READ -> {
                wire.expect(payload, length);
                wire.expectFin();
                wire.send(new Payload(seed), length);
            }
            case WRITE_THEN_CLOSE -> {
                wire.expect(payload, length);
                wire.expectFin();
            }
            case ENDPOINT_WRITE_THEN_CLOSE -> wire.send(payload, length);
            case CLIENT_RESET -> {
                wire.echo(payload, length);
                wire.expectReset();
            }
            case CLIENT_RESET_MIDWAY -> expectResetWithin(payload, length / 2);
            case ENDPOINT_RESET -> {
                wire.echo(payload, length);
                wire.line();
                wire.reset();
            }
            case CLOSE_BEFORE_ANYTHING -> throw new TalkFailed(Failure.WRONG_ANSWER, "said before anything");
        }
    }

    /** A reset may overtake bytes, but what does come must be right. */
    private void expectResetWithin(Payload payload, long length) throws TalkFailed {
        try {
            wire.expect(payload, length);
        } catch (TalkFailed failed) {
            if (Wire.wasReset(failed)) {
                return;
            }
            throw failed;
        }
        wire.expectReset();
    }

    private void echo() throws TalkFailed {
        for (int size = wire.read(chunk, chunk.length); size >= 0; size = wire.read(chunk, chunk.length)) {
            wire.write(chunk, size);
        }
    }

    private void http() throws TalkFailed {
        while (!wire.line().isEmpty()) {
            // The answer does not depend on the request.
        }
        int length = plan.name().getBytes(StandardCharsets.UTF_8).length + 1;
        wire.say("HTTP/1.1 200 OK\r\nX-Endpoint: " + plan.name() + "\r\nContent-Type: text/plain\r\nContent-Length: "
                + length + "\r\nConnection: close\r\n\r\n" + plan.name() + "\n");
        wire.finish();
        wire.expectFin();
    }

    private void smtp() throws TalkFailed {
        wire.say("220 " + plan.name() + " ESMTP\r\n");
        while (true) {
            String line = wire.line();
            String command = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
            switch (command) {
                case "DATA" -> {
                    wire.say("354 go on\r\n");
                    while (!wire.line().equals(".")) {
                        // Nobody reads this mail.
                    }
                    wire.say("250 taken\r\n");
                }
                case "QUIT" -> {
                    wire.say("221 " + plan.name() + " says goodbye\r\n");
                    return;
                }
                default -> wire.say("250 " + plan.name() + "\r\n");
            }
        }
    }

    private void readSlowly() throws TalkFailed {
        int perTenth = Math.clamp(plan.bytes() / 10, 1, chunk.length);
        while (wire.read(chunk, perTenth) >= 0) {
            pause(100);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
