package dev.fairlead.health;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Gates;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.transport.Ticker;
import java.util.ArrayList;
import java.util.List;

/**
 * The gates of one service port and the places for ejected ones among them: half as many as there are endpoints,
 * rounded down. An endpoint is ejected from when its gate gets a place until it gives it back. Any thread.
 */
public final class EjectionGroup implements Gates.Group {
    private final ServicePortName service;
    private final EjectionPolicy policy;
    private final Ticker ticker;
    private final EjectionObserver observer;
    // Guarded by this; never more than the places.
    private final List<BreakerGate> ejected = new ArrayList<>();
    private volatile int places;
    private volatile int taken;

    EjectionGroup(ServicePortName service, EjectionPolicy policy, Ticker ticker, EjectionObserver observer) {
        this.service = service;
        this.policy = policy;
        this.ticker = ticker;
        this.observer = observer;
    }

    @Override
    public Gate gate(IpPort endpoint) {
        return new BreakerGate(service, endpoint, this, policy, ticker);
    }

    /** Where there are more ejected ones than places now, those whose ejection began first are let in again. */
    @Override
    public synchronized void members(int endpoints) {
        places = endpoints / 2;
        while (ejected.size() > places) {
            giveBack(longestAgo());
        }
    }

    /** Endpoints that are ejected or on trial now. */
    public int ejected() {
        return taken;
    }

    /** Endpoints that may be ejected at once. */
    public int places() {
        return places;
    }

    /** Gives the gate a place if one is free. */
    void takeFree(BreakerGate gate) {
        // Read without the lock: a spared endpoint asks at every attempt, and mostly everything is taken.
        if (taken < places) {
            take(gate);
        }
    }

    /**
     * Gives the gate a place if one is free or held in vain: by an endpoint that nobody has tried for as long again as
     * its ejection lasted. Such an endpoint has left the service, or nobody wants it.
     */
    synchronized void takeFreeOrUnused(BreakerGate gate) {
        if (ejected.size() == places && places > 0) {
            BreakerGate holder = longestAgo();
            if (holder.openFor() > 2 * policy.ejection().toNanos()) {
                giveBack(holder);
            }
        }
        take(gate);
    }

    private synchronized void take(BreakerGate gate) {
        if (ejected.size() < places && !gate.holdsPlace()) {
            ejected.add(gate);
            gate.holdsPlace(true);
            taken = ejected.size();
            observer.ejection(service, gate.endpoint(), true);
        }
    }

    /** The gate's endpoint is no longer ejected; harmless where it was not. */
    synchronized void giveBack(BreakerGate gate) {
        if (ejected.remove(gate)) {
            gate.holdsPlace(false);
            taken = ejected.size();
            observer.ejection(service, gate.endpoint(), false);
        }
    }

    private BreakerGate longestAgo() {
        BreakerGate longest = ejected.getFirst();
        for (BreakerGate gate : ejected) {
            if (gate.openFor() > longest.openFor()) {
                longest = gate;
            }
        }
        return longest;
    }
}
