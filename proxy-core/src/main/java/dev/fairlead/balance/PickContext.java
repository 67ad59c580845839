package dev.fairlead.balance;

import java.net.InetAddress;

/** What a pick may look at, and where it may say why. Valid during the pick only. */
public interface PickContext {
    InetAddress client();

    /** Whether this connection must not go there: already tried, or its gate is shut. */
    boolean excluded(Upstream upstream);

    /**
     * Says why, where it is another reason than the balancer's own name ({@code affinity}). The last word counts.
     */
    void because(String why);
}
