package dev.fairlead.listen;

import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DoorPlace;
import java.util.List;

/**
 * Binds to addresses that need not be this machine's: for where somebody else, such as an init container, brings their
 * packets here. Needs no privilege.
 */
public final class FreeBindVip implements VipBinder {
    @Override
    public Lease acquire(TransportAddress frontend) {
        return Lease.of(List.of(DoorPlace.foreign(frontend.address())));
    }
}
