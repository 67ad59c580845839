package dev.fairlead.loadtest.bench.contender;

import java.util.Locale;
import java.util.Optional;

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
    UDP_KEPT(128, 1, 0, 0),
    /** The same with large replies. */
    UDP_LARGE(1200, 1, 0, 0),
    /** Each exchange comes from a port of its own: one reply ends a flow. */
    UDP_FRESH(128, 1, 1, 0),
    /** The same without being told that there will be no second reply. */
    UDP_UNTOLD(128, 1, 0, 0),
    /** Flows that do nothing, and stay. */
    UDP_IDLE(128, 3600, 0, 15_100),
    /** Flows that stay longer than a flood lasts. */
    UDP_FLOOD(128, 30, 0, 0);

    private static final int FIRST_PORT = 7000;

    private final String word;
    private final int replyBytes;
    private final int idleSeconds;
    private final int responses;
    private final int most;

    EndpointKind(String word) {
        this.word = word;
        this.replyBytes = 128;
        this.idleSeconds = 0;
        this.responses = 0;
        this.most = 0;
    }

    EndpointKind(int replyBytes, int idleSeconds, int responses, int most) {
        this.word = "udp-reply";
        this.replyBytes = replyBytes;
        this.idleSeconds = idleSeconds;
        this.responses = responses;
        this.most = most;
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
        return idleSeconds > 0;
    }

    /** How its UDP flows end; TCP connections end otherwise. */
    public Optional<Flows> flows() {
        return udp() ? Optional.of(new Flows(idleSeconds, responses, most)) : Optional.empty();
    }

    /** Of a reply; an echo's are those of its request. */
    public int replyBytes() {
        return replyBytes;
    }

    /** Below the range of the clients' ports. */
    public int port() {
        return FIRST_PORT + ordinal();
    }

    /**
     * What a service of datagrams is told, the same for every contender.
     *
     * @param idleSeconds without a datagram after which a flow ends, replied to or not
     * @param responses after which it ends at once, 0 where nobody knows how many come
     * @param most how many flows there may be, 0 where the contender decides
     */
    public record Flows(int idleSeconds, int responses, int most) {
    }
}
