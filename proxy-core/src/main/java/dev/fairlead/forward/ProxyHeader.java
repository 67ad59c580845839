package dev.fairlead.forward;

import dev.fairlead.model.IpPort;

/** What the first bytes of a connection say, where they are to be a PROXY protocol header. */
sealed interface ProxyHeader {
    /** So far they may become one. */
    record Partial() implements ProxyHeader {
        static final Partial INSTANCE = new Partial();
    }

    /**
     * Somebody else is the client.
     *
     * @param source the client
     * @param destination what it dialled
     * @param length of the header, in bytes
     */
    record Proxied(IpPort source, IpPort destination, int length) implements ProxyHeader {
    }

    /**
     * Who connected is the client: a health check, or a family that says nothing here.
     *
     * @param length of the header, in bytes
     */
    record Own(int length) implements ProxyHeader {
    }

    /**
     * They are none, and will not become one.
     *
     * @param why for a reader
     */
    record Malformed(String why) implements ProxyHeader {
    }
}
