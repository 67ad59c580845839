package dev.fairlead.loadtest.bench.contender;

/** How a peer is told to move bytes. */
public enum Buffers {
    /** As it comes: 16 KiB. */
    DEFAULT(""),
    /** 256 KiB per direction. */
    LARGE("-256k"),
    /** HAProxy's kernel splicing, forced, through the pipes that it comes with: 64 KiB. */
    SPLICE("-splice"),
    /** The same through pipes of 1 MiB, for whoever finds tune.pipesize. */
    SPLICE_LARGE("-splice-1m");

    private final String suffix;

    Buffers(String suffix) {
        this.suffix = suffix;
    }

    boolean spliced() {
        return this == SPLICE || this == SPLICE_LARGE;
    }

    String suffix() {
        return suffix;
    }
}
