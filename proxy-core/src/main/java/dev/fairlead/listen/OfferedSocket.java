package dev.fairlead.listen;

import dev.fairlead.model.IpPort;
import java.util.Optional;

/**
 * A door's socket as it is offered to a successor: one line of text beside its descriptor.
 *
 * @param use what it is to the process that offers it
 * @param frontend whose clients come to it alone; absent where it is shared
 * @param at what it is bound to
 * @param index its number among the sockets of its frontend, in the order in which they were bound
 */
record OfferedSocket(Use use, Optional<IpPort> frontend, IpPort at, int index) {
    private static final String SHARED = "shared ";
    private static final String LED = "led ";
    private static final String DATAGRAMS = "udp ";

    /** What a listening socket is to a process. */
    enum Use {
        /** Opened for one frontend: {@code 10.96.0.10:80}. Where it is bound is the frontend's own, or not known. */
        OWN,
        /** One of those behind the one door: {@code shared 127.0.0.1:40001}. */
        SHARED,
        /** Behind the one door, and for one frontend alone: {@code led 10.96.0.10:80 127.0.0.1:40002}. */
        LED,
        /** For UDP, one of several of its frontend: {@code udp 10.96.0.10:53 0}. */
        DATAGRAMS
    }

    static OfferedSocket own(IpPort frontend) {
        return new OfferedSocket(Use.OWN, Optional.of(frontend), frontend, 0);
    }

    static OfferedSocket shared(IpPort at) {
        return new OfferedSocket(Use.SHARED, Optional.empty(), at, 0);
    }

    static OfferedSocket led(IpPort frontend, IpPort at) {
        return new OfferedSocket(Use.LED, Optional.of(frontend), at, 0);
    }

    static OfferedSocket datagrams(IpPort frontend, int index) {
        return new OfferedSocket(Use.DATAGRAMS, Optional.of(frontend), frontend, index);
    }

    /**
     * What {@link #toString} wrote.
     *
     * @throws IllegalArgumentException where it says something else
     */
    static OfferedSocket parse(String line) {
        if (line.startsWith(SHARED)) {
            return shared(IpPort.of(line.substring(SHARED.length())));
        }
        if (line.startsWith(LED)) {
            String[] both = line.substring(LED.length()).split(" ", 2);
            return led(IpPort.of(both[0]), IpPort.of(both[both.length - 1]));
        }
        if (line.startsWith(DATAGRAMS)) {
            String[] both = line.substring(DATAGRAMS.length()).split(" ", 2);
            return datagrams(IpPort.of(both[0]), Integer.parseInt(both[both.length - 1]));
        }
        return own(IpPort.of(line));
    }

    @Override
    public String toString() {
        return switch (use) {
            case OWN -> at.toString();
            case SHARED -> SHARED + at;
            case LED -> LED + frontend.orElseThrow() + " " + at;
            case DATAGRAMS -> DATAGRAMS + at + " " + index;
        };
    }
}
