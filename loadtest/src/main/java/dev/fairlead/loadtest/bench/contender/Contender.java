package dev.fairlead.loadtest.bench.contender;

import java.io.IOException;

/** One way to get a connection from a client to an endpoint. */
public sealed interface Contender permits Proxy, Direct, Dnat {
    /** As in the table. */
    String name();

    Family family();

    /** Starts it; returns when it takes connections. The message of the error says what it said. */
    Running start(Assignment assignment) throws IOException, InterruptedException;
}
