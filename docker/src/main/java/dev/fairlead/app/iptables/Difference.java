package dev.fairlead.app.iptables;

import java.util.List;

/**
 * One thing in which rules and Fairlead differ, as a sentence.
 *
 * @param about the service port and its protocol, or a chain
 * @param frontends where clients see it; empty where it is not about frontends
 * @param says what the rules do, with the chain that does it
 * @param fairlead what Fairlead would do
 */
public record Difference(String about, List<String> frontends, String says, String fairlead) {
    public Difference {
        frontends = List.copyOf(frontends);
    }

    @Override
    public String toString() {
        String where = frontends.isEmpty() ? "" : " (" + String.join(", ", frontends) + ")";
        return about + where + ": " + says + "; " + fairlead;
    }
}
