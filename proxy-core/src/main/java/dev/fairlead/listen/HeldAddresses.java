package dev.fairlead.listen;

import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.OpenFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The addresses of doors that are shut, kept this machine's all the same. One thread. */
public final class HeldAddresses {
    private final VipBinder vips;
    private final Map<TransportAddress, Lease> leases = new HashMap<>();

    public HeldAddresses(VipBinder vips) {
        this.vips = vips;
    }

    /**
     * Keeps the address of a frontend from now on.
     *
     * @throws OpenFailure when it cannot be had
     */
    public void hold(TransportAddress frontend) throws OpenFailure {
        if (!leases.containsKey(frontend)) {
            leases.put(frontend, vips.acquire(frontend));
        }
    }

    /** Keeps it no longer; does nothing where it is not kept. */
    public void letGo(TransportAddress frontend) {
        Optional.ofNullable(leases.remove(frontend)).ifPresent(Lease::release);
    }
}
