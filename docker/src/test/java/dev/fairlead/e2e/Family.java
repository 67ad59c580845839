package dev.fairlead.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** An address family, and where a test may listen in it. */
enum Family {
    IPV4("IPv4", "127.0.0.1"), IPV6("IPv6", "::1");

    // Below those that the kernel hands out, so that no client's socket takes one before it is listened at.
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(
            FIRST_PORT + (int) (ProcessHandle.current().pid() * 41 % 10_000));

    private final String word;
    private final String loopback;

    Family(String word, String loopback) {
        this.word = word;
        this.loopback = loopback;
    }

    /** As Kubernetes writes it. */
    String word() {
        return word;
    }

    /** A local address. Of IPv6 there is but one, {@code ::1}, so that only ports tell its users apart. */
    String address() {
        return this == IPV4 ? Addresses.next() : loopback;
    }

    /**
     * A port that nobody has at an address of this family.
     *
     * @param usual what it is where the address is one of our own
     */
    int port(int usual) {
        if (this == IPV4) {
            return usual;
        }
        int port = NEXT_PORT.getAndIncrement();
        while (!free(port)) {
            if (port > LAST_PORT) {
                throw new IllegalStateException("no port is free up to " + LAST_PORT);
            }
            port = NEXT_PORT.getAndIncrement();
        }
        return port;
    }

    /** Skips the test where the machine has no such addresses. */
    void required() {
        Requires.linux();
        boolean there;
        try (ServerSocket any = new ServerSocket()) {
            any.bind(new InetSocketAddress(loopback, 0));
            there = true;
        } catch (IOException none) {
            there = false;
        }
        assumeTrue(there, "needs " + word + " on loopback, " + loopback);
    }

    private boolean free(int port) {
        try (DatagramSocket datagrams = new DatagramSocket(port, InetAddress.getByName(loopback));
                ServerSocket connections = new ServerSocket()) {
            connections.bind(datagrams.getLocalSocketAddress());
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
