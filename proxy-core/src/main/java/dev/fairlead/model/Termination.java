package dev.fairlead.model;

/**
 * Why a connection ended: the one vocabulary of metrics, the access log and tests. Written
 * {@code UPSTREAM/RELAY/RESET}.
 *
 * @param side who ended it
 * @param phase how far it had come
 * @param cause what happened
 */
public record Termination(Side side, Phase phase, Cause cause) {
    /** Who ended the connection. */
    public enum Side {
        CLIENT, UPSTREAM, PROXY
    }

    /** How far the connection had come: being admitted, being connected to an endpoint, relaying bytes. */
    public enum Phase {
        ADMIT, CONNECT, RELAY
    }

    /** What happened. */
    public enum Cause {
        /** Both directions were closed in order. */
        FIN,
        /** The peer reset the connection. */
        RESET,
        /** The endpoint refused. */
        REFUSED,
        /** No answer in time. */
        TIMEOUT,
        /** The network says that there is no way to the endpoint. */
        UNREACHABLE,
        /** No service has this frontend any more. */
        NO_ROUTE,
        /** The service has no endpoint left to try. */
        NO_ENDPOINT,
        /** The client is outside the service's source ranges. */
        FORBIDDEN_SOURCE,
        /** A load balancer's PROXY protocol header cannot be understood, or was not sent to its end. */
        BAD_HEADER,
        /** A limit was reached: connections per second, sessions or file descriptors. */
        LIMIT,
        /** No byte in either direction for the idle timeout. */
        IDLE,
        /** A UDP flow has had as many replies as its service asks for. */
        ANSWERED,
        /** A UDP flow's endpoint no longer serves. */
        NOT_SERVING,
        /** A UDP flow made room for another one. */
        EVICTED,
        /** Another process goes on with a UDP flow. */
        HANDED_OVER,
        /** The drain deadline passed. */
        DRAIN_DEADLINE,
        /** The proxy was told to end at once. */
        SHUTDOWN,
        /** A defect of ours; the log has the stack trace. */
        BUG
    }

    @Override
    public String toString() {
        return side + "/" + phase + "/" + cause;
    }
}
