package dev.fairlead.listen;

import java.net.InetAddress;

/**
 * Keeps other processes of this machine from answering at addresses that are the proxy's: one that listens at 0.0.0.0
 * or [::] listens at all of them too. Any thread.
 */
public interface OtherPorts extends AutoCloseable {
    /** Leaves them as they are: where something else refuses them, or nobody wants it. */
    OtherPorts ANSWER = new OtherPorts() {
        @Override
        public void refuseAt(InetAddress address) {
            // As it is.
        }

        @Override
        public void leave(InetAddress address) {
            // As it is.
        }
    };

    /** From now on only what is bound to just this address answers at it. Never throws: it says what failed. */
    void refuseAt(InetAddress address);

    /** The address is no more the proxy's. Never throws. */
    void leave(InetAddress address);

    /** Takes back whatever was done to the machine. Never throws. */
    @Override
    default void close() {
        // Nothing was.
    }
}
