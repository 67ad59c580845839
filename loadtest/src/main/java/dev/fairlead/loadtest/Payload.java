package dev.fairlead.loadtest;

/**
 * A stream of bytes that both ends can make from a seed, so that every byte is checked at its place without keeping
 * any. Not thread-safe: each direction has its own.
 */
final class Payload {
    private long state;
    private long word;
    private int left;

    Payload(long seed) {
        this.state = seed;
    }

    /** The next {@code length} bytes, into the start of {@code into}. */
    void fill(byte[] into, int length) {
        for (int i = 0; i < length; i++) {
            into[i] = next();
        }
    }

    /**
     * Compares the next {@code length} bytes of the stream with the start of {@code got}.
     *
     * @return the index of the first byte that differs, or -1
     */
    int firstDifference(byte[] got, int length) {
        for (int i = 0; i < length; i++) {
            if (got[i] != next()) {
                return i;
            }
        }
        return -1;
    }

    private byte next() {
        if (left == 0) {
            state += 0x9e3779b97f4a7c15L;
            long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
            word = mixed ^ (mixed >>> 31);
            left = Long.BYTES;
        }
        byte value = (byte) word;
        word >>>= Byte.SIZE;
        left--;
        return value;
    }
}
