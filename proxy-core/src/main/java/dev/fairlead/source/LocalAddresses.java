package dev.fairlead.source;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The addresses of this machine's interfaces, as they come and go. Any thread. */
public interface LocalAddresses {
    /** Nothing is known of the machine: where files are looked at that may be about another one. */
    LocalAddresses UNKNOWN = new LocalAddresses() {
        @Override
        public Optional<List<InetAddress>> now() {
            return Optional.empty();
        }

        @Override
        public void onChange(Runnable told) {
            // It never does.
        }
    };

    /** Those that clients may dial, in the interfaces' order, without loopback; empty where they are not known. */
    Optional<List<InetAddress>> now();

    /** From now on this one is told when they are others; a short task, on a thread of their own. */
    void onChange(Runnable told);
}
