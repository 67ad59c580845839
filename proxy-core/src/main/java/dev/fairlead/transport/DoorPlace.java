package dev.fairlead.transport;

import dev.fairlead.model.IpPort;

/**
 * Where a door is to be bound.
 *
 * @param address port 0 = any free one
 * @param foreign whether the address may be none of this machine's, or not yet (IP_FREEBIND)
 */
public record DoorPlace(IpPort address, boolean foreign) {
    /** An address of this machine. */
    public static DoorPlace own(IpPort address) {
        return new DoorPlace(address, false);
    }

    /** An address that need not be this machine's. */
    public static DoorPlace foreign(IpPort address) {
        return new DoorPlace(address, true);
    }
}
