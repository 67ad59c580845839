package dev.fairlead.semantics;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address as a number. The model reads and writes addresses by rules of its own, for the product's would agree with
 * themselves.
 *
 * @param bits 32 or 128, which tells the family
 */
record Ip(int bits, BigInteger value) {
    private static final BigInteger LARGEST_PART = BigInteger.valueOf(255);
    private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    static Optional<Ip> read(String text) {
        return text.contains(":") ? groups(text) : dotted(text);
    }

    /** An address that a test's author wrote. */
    static Ip of(String text) {
        return read(text).orElseThrow(() -> new IllegalArgumentException("address: " + text));
    }

    static Ip of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Ip(8 * bytes.length, new BigInteger(1, bytes));
    }

    static Ip loopback(int bits) {
        return of(bits == 32 ? "127.0.0.1" : "::1");
    }

    /** Every part is decimal, however many zeros lead it. */
    private static Optional<Ip> dotted(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        BigInteger value = BigInteger.ZERO;
        for (String part : parts) {
            if (!DECIMAL.matcher(part).matches() || new BigInteger(part).compareTo(LARGEST_PART) > 0) {
                return Optional.empty();
            }
            value = value.shiftLeft(8).add(new BigInteger(part));
        }
        return Optional.of(new Ip(32, value));
    }

    private static Optional<Ip> groups(String text) {
        List<String> groups = new ArrayList<>();
        int gap = text.indexOf("::");
        if (gap < 0) {
            groups.addAll(List.of(text.split(":", -1)));
        } else {
            List<String> head = gap == 0 ? List.of() : List.of(text.substring(0, gap).split(":", -1));
            String rest = text.substring(gap + 2);
            List<String> tail = rest.isEmpty() ? List.of() : List.of(rest.split(":", -1));
            groups.addAll(head);
            for (int missing = 8 - head.size() - tail.size(); missing > 0; missing--) {
                groups.add("0");
            }
            groups.addAll(tail);
        }
        if (groups.size() != 8) {
            return Optional.empty();
        }
        BigInteger value = BigInteger.ZERO;
        for (String group : groups) {
            if (!GROUP.matcher(group).matches()) {
                return Optional.empty();
            }
            value = value.shiftLeft(16).add(new BigInteger(group, 16));
        }
        return Optional.of(new Ip(128, value));
    }

    boolean isLoopback() {
        return bits == 32 ? value.shiftRight(24).intValueExact() == 127 : value.equals(BigInteger.ONE);
    }

    String family() {
        return bits == 32 ? "IPv4" : "IPv6";
    }

    /** With a port, in the one form that both sides of a comparison are written in. */
    String with(int port) {
        return bits == 32 ? this + ":" + port : "[" + this + "]:" + port;
    }

    InetAddress inet() {
        byte[] bytes = new byte[bits / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = value.shiftRight(bits - 8 * (i + 1)).byteValue();
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("length: " + bytes.length + " (expected: 4 or 16)", impossible);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int step = bits == 32 ? 8 : 16;
        for (int shift = bits - step; shift >= 0; shift -= step) {
            int part = value.shiftRight(shift).intValue() & ((1 << step) - 1);
            text.append(bits == 32 ? Integer.toString(part) : Integer.toHexString(part));
            if (shift > 0) {
                text.append(bits == 32 ? '.' : ':');
            }
        }
        return text.toString();
    }
}
