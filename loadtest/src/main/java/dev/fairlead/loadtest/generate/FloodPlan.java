package dev.fairlead.loadtest.generate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Datagrams that look as if each came from another client.
 *
 * @param to where they all go
 * @param from the first of 50,000 addresses of this machine, an IPv4 address that ends in {@code .0.0}
 * @param sources how many address and port pairs there are, each of which sends one datagram
 * @param rate datagrams per second
 * @param answered whether the endpoint shall reply to them
 */
record FloodPlan(InetSocketAddress to, InetAddress from, int sources, double rate, boolean answered) {
    private static final int ADDRESSES = 50_000;
    private static final int HOSTS_PER_BLOCK = 250;
    private static final int FIRST_PORT = 20_000;
    private static final int MOST_SOURCES = 1_000_000;

    static FloodPlan of(Command command) throws CommandFailed {
        String from = command.text("from");
        InetAddress first = Command.address("from", from + ":0").getAddress();
        byte[] octets = first.getAddress();
        if (octets.length != 4 || octets[2] != 0 || octets[3] != 0) {
            throw new CommandFailed("from=" + from + " (expected: an IPv4 address that ends in .0.0)");
        }
        return new FloodPlan(command.address("to"), first, command.number("sources", 1, MOST_SOURCES),
                command.decimal("rate", 1, 1_000_000), command.number("answered", 0, 0, 1) == 1);
    }

    /** The address and port of one datagram; no two have the same. */
    InetSocketAddress source(int number) {
        int host = number % ADDRESSES;
        byte[] octets = from.getAddress();
        octets[2] = (byte) (host / HOSTS_PER_BLOCK);
        octets[3] = (byte) (host % HOSTS_PER_BLOCK + 1);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), FIRST_PORT + number / ADDRESSES);
        } catch (UnknownHostException neverSoLong) {
            throw new IllegalStateException(neverSoLong);
        }
    }

    /** How long it takes at its rate. */
    Duration duration() {
        return Duration.ofMillis((long) (sources / rate * 1000));
    }
}
