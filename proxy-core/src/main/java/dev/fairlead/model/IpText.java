package dev.fairlead.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Addresses as text, both ways, without ever asking a resolver.
 *
 * <p>
 * Reading is as lenient as kube-proxy's: leading zeros of an IPv4 part are decimal ({@code 172.30.0.041} is
 * {@code 172.30.0.41}), where the JDK would refuse or read octal. Writing is RFC 5952 for IPv6.
 */
public final class IpText {
    private IpText() {
    }

    /** The address, or empty where the text is none (host names and scope ids are none). */
    public static Optional<InetAddress> parse(String text) {
        byte[] bytes = text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("length: " + bytes.length + " (expected: 4 or 16)", impossible);
        }
    }

    /** Normal form: dotted decimal, or RFC 5952 (lower case, longest run of zeros as {@code ::}). */
    public static String format(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1; // RFC 5952 4.2.2: a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Normal form as it stands beside a port or an arrow: IPv6 in brackets. */
    public static String bracketed(InetAddress address) {
        String text = format(address);
        return IpFamily.of(address) == IpFamily.IPV6 ? "[" + text + "]" : text;
    }

    private static final byte[] NONE = {};

    private static byte[] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return NONE;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = decimal(parts[i]);
            if (value < 0 || value > 255) {
                return NONE;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** A decimal number of digits only, leading zeros allowed; -1 where it is none or too long to be meant. */
    private static int decimal(String digits) {
        if (digits.isEmpty() || digits.length() > 9) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static byte[] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return NONE;
        }
        if (gap < 0) {
            byte[] all = groups(text);
            return all.length == 16 ? all : NONE;
        }
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        byte[] head = left.isEmpty() ? NONE : groups(left);
        byte[] tail = right.isEmpty() ? NONE : groups(right);
        boolean broken = (!left.isEmpty() && (head.length == 0 || left.indexOf('.') >= 0))
                || (!right.isEmpty() && tail.length == 0) || head.length + tail.length > 14;
        if (broken) {
            return NONE;
        }
        byte[] bytes = new byte[16];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Colon-separated groups, the last of which may be a dotted IPv4 address. */
    private static byte[] groups(String text) {
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[16];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                byte[] v4 = ipv4(part);
                if (v4.length == 0 || length > 12) {
                    return NONE;
                }
                System.arraycopy(v4, 0, bytes, length, 4);
                length += 4;
                continue;
            }
            if (part.isEmpty() || part.length() > 4 || length > 14) {
                return NONE;
            }
            int value = 0;
            for (int c = 0; c < part.length(); c++) {
                int digit = Character.digit(part.charAt(c), 16);
                if (digit < 0 || part.charAt(c) > 'f') {
                    return NONE;
                }
                value = value << 4 | digit;
            }
            bytes[length++] = (byte) (value >> 8);
            bytes[length++] = (byte) value;
        }
        return java.util.Arrays.copyOf(bytes, length);
    }
}
