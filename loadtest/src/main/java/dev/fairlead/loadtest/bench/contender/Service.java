package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Network;
import java.util.List;

/**
 * A service that a contender shall offer.
 *
 * @param listen the frontend, {@code ip:port}
 * @param all its endpoints, of which the first {@link Network#SERVING} serve at the start
 */
public record Service(EndpointKind kind, String listen, List<String> all) {
    private static final int FIRST_PORT = 2000;
    private static final int PORTS_PER_SLOT = 10;

    /** With the frontend of a slot: each of the contenders that run at the same time has one of its own. */
    public static Service of(EndpointKind kind, Network network, int slot) {
        int port = FIRST_PORT + PORTS_PER_SLOT * slot + kind.ordinal();
        return new Service(kind, network.vip() + ":" + port,
                network.endpoints().stream().map(ip -> ip + ":" + kind.port()).toList());
    }

    /** Where its connections go at the start, in turn. */
    public List<String> endpoints() {
        return all.subList(0, Network.SERVING);
    }

    List<String> spare() {
        return all.subList(Network.SERVING, all.size());
    }

    String name() {
        return kind.service();
    }

    String ip() {
        return listen.substring(0, listen.lastIndexOf(':'));
    }

    int port() {
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }
}
