package dev.fairlead.listen;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DoorPlace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to one address, for one door and the connections that came through it. Any thread. */
public final class Lease {
    private final List<DoorPlace> places;
    private final Optional<Runnable> end;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Lease(List<DoorPlace> places, Optional<Runnable> end) {
        this.places = List.copyOf(places);
        this.end = end;
    }

    /** Of an address that is taken as it is. */
    static Lease of(IpPort address) {
        return of(List.of(DoorPlace.own(address)));
    }

    /** @param places where the door may be, in the order in which they are tried; at least one */
    static Lease of(List<DoorPlace> places) {
        return new Lease(places, Optional.empty());
    }

    /** @param end what is done when nobody needs the address any more; may take a while */
    static Lease of(DoorPlace place, Runnable end) {
        return new Lease(List.of(place), Optional.of(end));
    }

    /** Where the door may be, in the order in which they are tried. */
    public List<DoorPlace> places() {
        return places;
    }

    /** Whether giving it back means work, which should not be an event loop's. */
    boolean costs() {
        return end.isPresent();
    }

    /** Gives the address back. Idempotent. */
    public void release() {
        if (!ended.getAndSet(true)) {
            end.ifPresent(Runnable::run);
        }
    }
}
