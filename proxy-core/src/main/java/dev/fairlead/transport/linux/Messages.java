package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of struct mmsghdr, as one call takes or fills it: for each datagram where its bytes are, how many, and, if
 * wanted, whose they are. Who uses it says which memory the bytes lie in and keeps that alive. For one thread.
 */
public final class Messages {
    // struct mmsghdr: a struct msghdr of 56 bytes, and what the call says of the message.
    private static final int HEADER = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int RESULT = 56;
    // struct iovec
    private static final int VECTOR_SIZE = 16;
    private static final int VECTOR_LENGTH = 8;

    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final PeerNames names;

    /**
     * Room for some, with names or without.
     *
     * @param arena outlives this
     * @param named false: for connected sockets
     */
    public Messages(Arena arena, int count, boolean named) {
        headers = arena.allocate((long) count * HEADER, HEADER);
        vectors = arena.allocate((long) count * VECTOR_SIZE, VECTOR_SIZE);
        names = new PeerNames(arena, count);
        for (int i = 0; i < count; i++) {
            long header = (long) i * HEADER;
            headers.set(JAVA_LONG, header + NAME, named ? names.address(i) : 0);
            headers.set(JAVA_INT, header + NAME_LENGTH, named ? PeerNames.ROOM : 0);
            headers.set(JAVA_LONG, header + VECTOR, vectors.address() + (long) i * VECTOR_SIZE);
            headers.set(JAVA_LONG, header + VECTORS, 1);
        }
    }

    /** Where the message's bytes are, or may be put. */
    public void bytes(int message, long address, long length) {
        long vector = (long) message * VECTOR_SIZE;
        vectors.set(JAVA_LONG, vector, address);
        vectors.set(JAVA_LONG, vector + VECTOR_LENGTH, length);
    }

    public void length(int message, long length) {
        vectors.set(JAVA_LONG, (long) message * VECTOR_SIZE + VECTOR_LENGTH, length);
    }

    /** Where the headers from one on lie, for the call. */
    public long address(int message) {
        return headers.address() + (long) message * HEADER;
    }

    /** How many bytes a call received. */
    public int received(int message) {
        return headers.get(JAVA_INT, (long) message * HEADER + RESULT);
    }

    /** Whose datagrams they are. */
    public PeerNames names() {
        return names;
    }

    /** Says again that there is room for any name, since a call that wrote one has said how long it is. */
    public void expectName(int message) {
        headers.set(JAVA_INT, (long) message * HEADER + NAME_LENGTH, PeerNames.ROOM);
    }

    /** The name of a message that is to be sent. */
    public void name(int message, boolean four, long high, long low, int port, int scope) {
        headers.set(JAVA_INT, (long) message * HEADER + NAME_LENGTH,
                names.set(message, four, high, low, port, scope));
    }
}
