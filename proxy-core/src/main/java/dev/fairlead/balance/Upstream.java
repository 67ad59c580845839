package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The live twin of an endpoint of one service port. It survives revisions, so its counts and its gate do too. Any
 * thread.
 */
public final class Upstream {
    private final ServicePortName service;
    private final IpPort address;
    private final Gate gate;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final UpstreamCounters counters = new UpstreamCounters();
    private final Optional<Upstream> present;

    public Upstream(ServicePortName service, IpPort address, Gate gate) {
        this.service = service;
        this.address = address;
        this.gate = gate;
        this.present = Optional.of(this);
    }

    public ServicePortName service() {
        return service;
    }

    public IpPort address() {
        return address;
    }

    public Gate gate() {
        return gate;
    }

    /** Connections being made or relayed. */
    public int inFlight() {
        return inFlight.get();
    }

    /** A connection is about to be made. */
    public void enter() {
        inFlight.incrementAndGet();
    }

    /** A connection that {@link #enter entered} is over. */
    public void leave() {
        inFlight.decrementAndGet();
    }

    public UpstreamCounters counters() {
        return counters;
    }

    /** Always the same present value, so that a pick allocates nothing. */
    public Optional<Upstream> present() {
        return present;
    }

    @Override
    public String toString() {
        return service + " " + address;
    }
}
