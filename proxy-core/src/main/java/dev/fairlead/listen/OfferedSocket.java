package dev.fairlead.listen;

import dev.fairlead.model.IpPort;
import java.util.Optional;

/**
 * A listening socket as it is offered to a successor: one line of text beside its descriptor.
 *
 * @param use what it is to the process that offers it
 * @param frontend whose clients come to it alone; absent where it is shared
 * @param at what it is bound to
 */
record OfferedSocket(Use use, Optional<IpPort> frontend, IpPort at) {
    private static final String SHARED = "shared ";
    private static final String LED = "led ";

    /** What a listening socket is to a process. */
    enum Use {
        /** Opened for one frontend: {@code 10.96.0.10:80}. Where it is bound is the frontend's own, or not known. */
        OWN,
        /** One of those behind the one door: {@code shared 127.0.0.1:40001}. */
        SHARED,
        /** Behind the one door, and for one frontend alone: {@code led 10.96.0.10:80 127.0.0.1:40002}. */
        LED
    }

    static OfferedSocket own(IpPort frontend) {
        return new OfferedSocket(Use.OWN, Optional.of(frontend), frontend);
    }

    static OfferedSocket shared(IpPort at) {
        return new OfferedSocket(Use.SHARED, Optional.empty(), at);
    }

    static OfferedSocket led(IpPort frontend, IpPort at) {
        return new OfferedSocket(Use.LED, Optional.of(frontend), at);
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
        return own(IpPort.of(line));
    }

    @Override
    public String toString() {
        return switch (use) {
            case OWN -> at.toString();
            case SHARED -> SHARED + at;
            case LED -> LED + frontend.orElseThrow() + " " + at;
        };
    }
}
