package dev.fairlead.e2e;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback addresses that nobody else uses: on Linux all of 127.0.0.0/8 is local, so a test takes addresses of its own
 * instead of hunting for free ports. They depend on the process, so that builds side by side do not meet.
 */
public final class Addresses {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final int HOSTS = 254;

    private Addresses() {
    }

    /** A new address: {@code 127.31.7.12}. */
    public static String next() {
        long pid = ProcessHandle.current().pid();
        int number = NEXT.getAndIncrement();
        int half = number / HOSTS;
        if (half > 1) {
            throw new IllegalStateException("more than " + 2 * HOSTS + " addresses in one run of the tests");
        }
        return "127." + (1 + pid / 250 % 125 + half * 125L) + "." + (1 + pid % 250) + "." + (1 + number % HOSTS);
    }

    /** An address and a port as they are written: {@code 127.31.7.12:8080}, {@code [::1]:8080}. */
    public static String at(String ip, int port) {
        return ip.contains(":") ? "[" + ip + "]:" + port : ip + ":" + port;
    }

    /** {@code 127.31.7.12:8080} or {@code [::1]:8080} to what sockets take. */
    public static InetSocketAddress socket(String address) {
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}
