package dev.fairlead.forward;

import dev.fairlead.transport.Preface;
import java.util.function.Consumer;

/** A load balancer says who its client is, before anything else. Confined to its connection's loop. */
final class Introduction implements Preface {
    private final Consumer<ProxyHeader> outcome;
    private ProxyHeader header = ProxyHeader.Partial.INSTANCE;
    private boolean begun;

    /** @param outcome is told once; {@link ProxyHeader.Partial}: the load balancer has left without a byte */
    Introduction(Consumer<ProxyHeader> outcome) {
        this.outcome = outcome;
    }

    @Override
    public int length(byte[] soFar) {
        begun = true;
        header = ProxyHeaderReader.read(soFar);
        return switch (header) {
            case ProxyHeader.Partial _ -> GOES_ON;
            case ProxyHeader.Proxied(_, _, int length) -> length;
            case ProxyHeader.Own(int length) -> length;
            case ProxyHeader.Malformed _ -> soFar.length;
        };
    }

    @Override
    public void read() {
        outcome.accept(header);
    }

    @Override
    public void cutShort() {
        outcome.accept(begun ? new ProxyHeader.Malformed("it is cut short") : ProxyHeader.Partial.INSTANCE);
    }
}
