package dev.fairlead.loadtest.generate;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A load to make.
 *
 * @param to frontends; connections take them in turn
 * @param connections how many at once
 * @param rate units per second of an open loop, 0 for a closed loop
 * @param request bytes a unit sends
 * @param reply bytes it expects
 * @param bytesPerSecond of each slow reader
 * @param burst datagrams that each client port sends one after the other before it waits for their replies
 */
record LoadPlan(LoadKind kind, List<InetSocketAddress> to, int connections, double rate, int request, int reply,
        int bytesPerSecond, int burst) {
    /** What a plan's command may say. */
    static final List<String> KEYS = List.of("kind", "to", "connections", "rate", "request", "reply", "bytesPerSecond",
            "burst");
    private static final int MOST_CONNECTIONS = 60_000;
    private static final int NUMBER_BYTES = 8;
    private static final int DATAGRAMS_AT_ONCE = 64;

    LoadPlan {
        to = List.copyOf(to);
    }

    static LoadPlan of(Command command) throws CommandFailed {
        LoadKind kind = LoadKind.byWord(command.text("kind"));
        double rate = command.values().containsKey("rate") ? command.decimal("rate", 0.001, 10_000_000) : 0;
        if (rate > 0 && !kind.hasUnits()) {
            throw new CommandFailed("rate is for units, and " + kind.word() + " is a stream (expected: no rate)");
        }
        int least = kind == LoadKind.CONNECT ? 1 : NUMBER_BYTES;
        int request = command.number("request", 64, least, Lane.BUFFER);
        int reply = command.number("reply", 128, kind == LoadKind.CONNECT ? 0 : NUMBER_BYTES, Integer.MAX_VALUE);
        int pace = kind == LoadKind.SLOW
                ? command.number("bytesPerSecond", 1, Integer.MAX_VALUE)
                : command.number("bytesPerSecond", 0, 0, Integer.MAX_VALUE);
        int burst = command.number("burst", 1, 1, kind == LoadKind.UDP_FIXED ? DatagramSlot.MOST_BURST : 1);
        return new LoadPlan(kind, command.addresses("to"), command.number("connections", 1, MOST_CONNECTIONS), rate,
                request, reply, pace, burst);
    }

    /** One-byte exchanges at a word: what {@code hold} keeps open. */
    static LoadPlan held(List<InetSocketAddress> to, int connections) {
        return new LoadPlan(LoadKind.PINGPONG, to, connections, 0, 1, 1, 0, 1);
    }

    /** The same with client ports in place of connections, and a numbered datagram in place of a byte. */
    static LoadPlan heldDatagrams(List<InetSocketAddress> to, int connections, int reply) {
        return new LoadPlan(LoadKind.UDP_FIXED, to, connections, 0, NUMBER_BYTES, reply, 0, 1);
    }

    /** How many units of held connections begin at once: what datagrams a socket's buffer has no room for are lost. */
    int touchedAtOnce() {
        return kind.isDatagram() ? DATAGRAMS_AT_ONCE : connections;
    }

    /** What loop {@code number} of {@code loops} does of it. */
    LoadPlan part(int number, int loops) {
        int part = connections / loops + (number < connections % loops ? 1 : 0);
        return new LoadPlan(kind, to, part, rate * part / connections, request, reply, bytesPerSecond,
                burst);
    }

    InetSocketAddress to(int connection) {
        return to.get(connection % to.size());
    }
}
