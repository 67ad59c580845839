package dev.fairlead.transport.datagram;

/** Who has a descriptor that is watched. Confined to its loop. */
interface Watched {
    /** There may be something to read, or an error. It is told again while there is. */
    void readable();

    /** It has thrown: what it was about goes, everything else goes on. */
    void broken();
}
