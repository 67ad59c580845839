package dev.fairlead.e2e;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has started; the last is closed first. */
public final class Opened {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** This one, which is closed in its turn. */
    public <T extends AutoCloseable> T keep(T one) {
        open.push(one);
        return one;
    }

    public void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
