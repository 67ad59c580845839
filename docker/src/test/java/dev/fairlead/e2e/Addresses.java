package dev.fairlead.e2e;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback addresses that nobody else uses: on Linux all of 127.0.0.0/8 is local, so a test takes addresses of its own
 * instead of hunting for free ports. They depend on the process, so that builds side by side do not meet.
 */
final class Addresses {
    private static final AtomicInteger NEXT = new AtomicInteger(1);

    private Addresses() {
    }

    /** A new address: {@code 127.31.7.12}. */
    static String next() {
        long pid = ProcessHandle.current().pid();
        int host = NEXT.getAndIncrement();
        if (host > 254) {
            throw new IllegalStateException("more than 254 addresses in one run of the tests");
        }
        return "127." + (1 + pid / 250 % 250) + "." + (1 + pid % 250) + "." + host;
    }

    /** {@code 127.31.7.12:8080} to what sockets take. */
    static InetSocketAddress socket(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}
