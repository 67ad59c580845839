package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** A connection that asks for an endpoint. One thread. */
final class Asking implements PickContext {
    private InetAddress client;
    private final Set<Upstream> excluded = new HashSet<>();
    private String why = "";

    private Asking(InetAddress client) {
        this.client = client;
    }

    static Asking from(String client) {
        return new Asking(IpPort.of(client + ":0").ip());
    }

    static Asking anybody() {
        return from("192.0.2.1");
    }

    Asking without(Upstream... some) {
        excluded.addAll(Set.of(some));
        return this;
    }

    Asking without(Collection<Upstream> some) {
        excluded.addAll(some);
        return this;
    }

    void client(InetAddress another) {
        client = another;
    }

    /** The last word since the last call. */
    String why() {
        String said = why;
        why = "";
        return said;
    }

    @Override
    public InetAddress client() {
        return client;
    }

    @Override
    public boolean excluded(Upstream upstream) {
        return excluded.contains(upstream);
    }

    @Override
    public void because(String reason) {
        why = reason;
    }
}
