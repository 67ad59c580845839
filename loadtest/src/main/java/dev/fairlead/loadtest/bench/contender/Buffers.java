package dev.fairlead.loadtest.bench.contender;

/** How a peer is told to move bytes. */
public enum Buffers {
    /** As it comes: 16 KiB. */
    DEFAULT(""),
    /** 256 KiB per direction. */
    LARGE("-256k"),
    /** HAProxy's kernel splicing, forced, through pipes of 1 MiB. */
    SPLICE("-splice");

    private final String suffix;

    Buffers(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }
}
