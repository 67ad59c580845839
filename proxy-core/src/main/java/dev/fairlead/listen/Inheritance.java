package dev.fairlead.listen;

import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.linux.Kernel;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Listening sockets that another process handed over and that no door has taken yet. Any thread. */
public final class Inheritance {
    private final Map<TransportAddress, Integer> sockets = new HashMap<>();

    /** Nothing is inherited. */
    public static Inheritance none() {
        return new Inheritance();
    }

    /** Keeps one until it is taken. */
    synchronized void add(TransportAddress address, int descriptor) {
        Integer before = sockets.put(address, descriptor);
        if (before != null) {
            new Kernel().close(before);
        }
    }

    /** The descriptor of the one at an address, which is the taker's from now on; empty where there is none. */
    synchronized OptionalInt take(TransportAddress address) {
        Integer descriptor = sockets.remove(address);
        return descriptor == null ? OptionalInt.empty() : OptionalInt.of(descriptor);
    }

    /** How many nobody has taken. */
    public synchronized int size() {
        return sockets.size();
    }

    /** Closes those that nobody wants: their Services are gone. */
    public synchronized void closeRest() {
        sockets.values().forEach(new Kernel()::close);
        sockets.clear();
    }
}
