package dev.fairlead.listen;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.OpenFailure;

/** Makes the addresses of frontends this machine's, as far as that is ours to do. Any thread. */
public interface VipBinder extends AutoCloseable {
    /** Takes every address as it is: who does not have it cannot open a door there. */
    VipBinder GIVEN = frontend -> Lease.of(frontend.address());

    /**
     * An address is needed from now on until the lease is released. Called before a door is opened.
     *
     * @throws OpenFailure when it cannot be had
     */
    Lease acquire(TransportAddress frontend) throws OpenFailure;

    /** A door is open; where is said because it may be another place than the frontend's own. */
    default void opened(TransportAddress frontend, IpPort at) {
        // Most have nothing to say about it.
    }

    /** The first state is in force: what an earlier run left behind and nobody has asked for is not needed. */
    default void settled() {
        // Most leave nothing behind.
    }

    /**
     * Whether what was taken from the machine is this process's to give back. It is at first, and not while another
     * process uses the same: a predecessor that still serves, or a successor that serves already.
     */
    default void alone(boolean alone) {
        // Most have taken nothing.
    }

    /** Gives back what was taken from the machine, after the last lease. */
    @Override
    default void close() {
        // Most have taken nothing.
    }
}
