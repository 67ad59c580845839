package dev.fairlead.transport;

/** Who reads what a peer sends before anything is relayed. Called on the connection's loop. */
public interface Preface {
    /** {@link #length}: so far nothing is known but that it goes on. */
    int GOES_ON = 0;

    /**
     * Looks at what has come. The bytes are to be left as they are, and mean nothing after the call.
     *
     * @param soFar everything from the first byte on, and what may follow the preface
     * @return how many of them are the preface, or {@link #GOES_ON}; a preface that is too long, or none at all, is
     * over as well: then all that has come
     */
    int length(byte[] soFar);

    /** The preface was taken away from what the relay is going to pass on; nothing more is read until then. */
    void read();

    /** The peer has sent its FIN before the preface was over; nothing more is read. */
    void cutShort();
}
