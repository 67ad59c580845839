package dev.fairlead.app.iptables;

import dev.fairlead.model.IpPort;

/** What a rule does with what fits it. */
sealed interface Action {
    /** Nothing: the rule counts or remembers. */
    record None() implements Action {
    }

    /** {@code -j} or {@code -g} to a chain. */
    record Jump(String chain) implements Action {
    }

    /** {@code -j DNAT}. */
    record Dnat(IpPort to) implements Action {
    }

    /** {@code -j MARK} that sets a bit. */
    record Mark() implements Action {
    }

    /** {@code -j MASQUERADE} or {@code -j SNAT}. */
    record Masquerade() implements Action {
    }

    /** {@code -j REJECT}. */
    record Reject() implements Action {
    }

    /** {@code -j DROP}. */
    record Drop() implements Action {
    }

    /** {@code -j ACCEPT}: the table is done with it. */
    record Accept() implements Action {
    }

    /** {@code -j RETURN}: the chain is done with it. */
    record Return() implements Action {
    }
}
