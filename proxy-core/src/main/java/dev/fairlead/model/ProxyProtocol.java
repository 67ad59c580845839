package dev.fairlead.model;

import java.util.Locale;

/** The PROXY protocol's versions (HAProxy's doc/proxy-protocol.txt), or none of them. */
public enum ProxyProtocol {
    OFF, V1, V2;

    /** The configuration's word: {@code off}, {@code v1}, {@code v2}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
