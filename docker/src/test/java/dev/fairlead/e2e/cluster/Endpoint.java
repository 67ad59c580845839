package dev.fairlead.e2e.cluster;

import java.io.Closeable;

/**
 * A server behind a Service.
 *
 * @param name what it answers when it is asked who it is
 * @param node the name of its node, as its slice has it
 */
record Endpoint(String name, Host host, int port, String node, Closeable server) {
    /** The same server, said to be on another node. */
    Endpoint on(String other) {
        return new Endpoint(name, host, port, other, server);
    }
}
