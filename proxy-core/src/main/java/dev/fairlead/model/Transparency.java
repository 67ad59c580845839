package dev.fairlead.model;

import java.util.Locale;

/** Which endpoints see their client's own address as that of their peer. */
public enum Transparency {
    /** None: they see this node's. */
    OFF,
    /** Those of this node, whose replies come through it. */
    LOCAL,
    /** All of them: for networks that send every endpoint's replies through this node. */
    ALL;

    /** The configuration's word: {@code off}, {@code local}, {@code all}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
