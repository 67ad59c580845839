package dev.fairlead.app.iptables;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.Protocol;
import java.util.OptionalLong;

/** One condition of a rule, as far as a service's way through the rules can hang on it. */
sealed interface Match {
    /** {@code -s}. */
    record Source(Cidr block, boolean negated) implements Match {
    }

    /** {@code -d}. */
    record Destination(Cidr block, boolean negated) implements Match {
    }

    /** {@code -p}. */
    record OfProtocol(Protocol protocol, boolean negated) implements Match {
    }

    /** {@code --dport}, both ends included. */
    record DestinationPort(int from, int to, boolean negated) implements Match {
    }

    /** {@code -i}: how kube-proxy tells pods in the modes that go by interfaces. */
    record Interface(String name, boolean negated) implements Match {
    }

    /** {@code -m addrtype --src-type LOCAL}. */
    record FromNode(boolean negated) implements Match {
    }

    /** {@code -m addrtype --dst-type LOCAL}. */
    record ToNode(boolean negated) implements Match {
    }

    /** {@code -m conntrack --ctstate NEW,...}. */
    record State(String words, boolean negated) implements Match {
        /** Whether the first packet of a connection that nobody has translated yet fits. */
        boolean fitsNew() {
            return ("," + words + ",").contains(",NEW,") != negated;
        }
    }

    /** {@code -m statistic --mode random --probability}: 0 to 1. */
    record Chance(double probability) implements Match {
    }

    /**
     * {@code -m recent --rcheck}: the client was here before.
     *
     * @param list its name
     * @param seconds ago at most; absent = ever
     */
    record SeenBefore(String list, OptionalLong seconds) implements Match {
    }

    /** {@code -m recent --set}: always fits, and remembers the client. */
    record Remember(String list) implements Match {
    }

    /** Anything else. */
    record Unknown(String text) implements Match {
    }
}
