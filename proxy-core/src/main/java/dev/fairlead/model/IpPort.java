package dev.fairlead.model;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Arrays;
import java.util.Optional;

/**
 * An address and a port, written {@code 10.1.2.3:80} or {@code [fd00::1]:80}.
 *
 * @param ip an address, never a name
 * @param port 0 to 65535; 0 only where "any free port" is meant
 */
public record IpPort(InetAddress ip, int port) implements Comparable<IpPort> {
    private static final Comparator<IpPort> ORDER = Comparator.comparing(IpPort::family)
            .thenComparing(a -> a.ip.getAddress(), Arrays::compareUnsigned).thenComparingInt(IpPort::port);

    public IpPort {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
        }
    }

    /** The pair, or empty where the text is none; IPv6 needs its brackets. */
    public static Optional<IpPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || text.length() - colon > 6) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        String digits = text.substring(colon + 1);
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(digits) > 65535) {
            return Optional.empty();
        }
        return IpText.parse(bracketed ? host.substring(1, host.length() - 1) : host)
                .map(ip -> new IpPort(ip, Integer.parseInt(digits)));
    }

    /** As {@link #parse}, for text known to be right: constants and tests. */
    public static IpPort of(String text) {
        return parse(text).orElseThrow(
                () -> new IllegalArgumentException("address: " + text + " (expected: ip:port, IPv6 in brackets)"));
    }

    /** The pair behind a resolved socket address. */
    public static IpPort of(InetSocketAddress address) {
        return new IpPort(address.getAddress(), address.getPort());
    }

    public IpFamily family() {
        return IpFamily.of(ip);
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(ip, port);
    }

    @Override
    public int compareTo(IpPort other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return IpText.bracketed(ip) + ":" + port;
    }
}
