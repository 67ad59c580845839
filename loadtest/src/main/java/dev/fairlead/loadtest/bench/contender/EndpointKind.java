package dev.fairlead.loadtest.bench.contender;

import java.util.Locale;

/** What endpoints do with a connection; each kind has a port of its own at every endpoint address. */
public enum EndpointKind {
    /** Reads a request, sends a short reply, closes. */
    REPLY("reply"),
    /** Sends back what it reads. */
    ECHO("echo"),
    /** Reads and discards. */
    SINK("sink"),
    /** Sends endlessly. */
    SOURCE("source"),
    /** Answers each datagram; clients keep their ports. */
    UDP_KEPT("udp-reply"),
    /** The same; each exchange comes from a port of its own. */
    UDP_FRESH("udp-reply");

    private static final int FIRST_PORT = 7000;

    private final String word;

    EndpointKind(String word) {
        this.word = word;
    }

    /** The generator's word for it. */
    public String word() {
        return word;
    }

    /** What the service in front of it is called. */
    public String service() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean udp() {
        return this == UDP_KEPT || this == UDP_FRESH;
    }

    /** Below the range of the clients' ports. */
    public int port() {
        return FIRST_PORT + ordinal();
    }
}
