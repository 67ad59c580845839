package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fairlead.forward.ProxyHeader.Malformed;
import dev.fairlead.forward.ProxyHeader.Own;
import dev.fairlead.forward.ProxyHeader.Partial;
import dev.fairlead.forward.ProxyHeader.Proxied;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Both versions of the PROXY protocol as HAProxy's doc/proxy-protocol.txt has them, read strictly: what is not exactly
 * as written there is refused, since a header decides who is let in.
 */
final class ProxyHeaderReader {
    /** The longest header of version 1, with its CRLF, in bytes. */
    static final int LONGEST_V1 = 107;
    /** The longest header of version 2 that is taken: the protocol would allow 65,551 bytes. */
    static final int LONGEST_V2 = 4096;

    static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    static final int V2_FIXED = 16;
    static final int VERSION_2 = 0x20;
    static final int LOCAL = 0;
    static final int PROXY = 1;
    static final int TCP4 = 0x11;
    static final int TCP6 = 0x21;
    static final int TYPE_CRC32C = 0x03;

    private static final byte[] PREFIX = "PROXY ".getBytes(US_ASCII);
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final int ADDRESSES_4 = 12;
    private static final int ADDRESSES_6 = 36;
    private static final int ADDRESSES_UNIX = 216;
    private static final int TLV_HEAD = 3;
    private static final int CRC_LENGTH = 4;

    private ProxyHeaderReader() {
    }

    /** @param bytes everything from the connection's first byte on; what follows the header is not looked at */
    static ProxyHeader read(byte[] bytes) {
        if (beginsAs(SIGNATURE, bytes)) {
            return version2(bytes);
        }
        if (beginsAs(PREFIX, bytes)) {
            return version1(bytes);
        }
        return new Malformed("it begins like neither version");
    }

    private static boolean beginsAs(byte[] start, byte[] bytes) {
        int common = Math.min(start.length, bytes.length);
        return Arrays.equals(start, 0, common, bytes, 0, common);
    }

    // ---- version 1 ----

    private static ProxyHeader version1(byte[] bytes) {
        int most = Math.min(bytes.length, LONGEST_V1);
        for (int i = PREFIX.length; i < most; i++) {
            if (bytes[i] == '\n') {
                return bytes[i - 1] == '\r'
                        ? line(new String(bytes, PREFIX.length, i - 1 - PREFIX.length, US_ASCII), i + 1)
                        : new Malformed("its line ends without CR");
            }
        }
        return most == LONGEST_V1
                ? new Malformed("its line does not end within " + LONGEST_V1 + " bytes")
                : Partial.INSTANCE;
    }

    /** @param words what stands between {@code PROXY} and CRLF */
    private static ProxyHeader line(String words, int length) {
        if (words.equals("UNKNOWN") || words.startsWith("UNKNOWN ")) {
            return new Own(length);
        }
        String[] fields = words.split(" ", -1);
        if (fields.length != 5 || !(fields[0].equals("TCP4") || fields[0].equals("TCP6"))) {
            return new Malformed("its line is not TCP4 or TCP6, two addresses and two ports");
        }
        boolean four = fields[0].equals("TCP4");
        Optional<InetAddress> source = address(fields[1], four);
        Optional<InetAddress> destination = address(fields[2], four);
        if (source.isEmpty() || destination.isEmpty()) {
            return new Malformed("its line has no two addresses of the family it names");
        }
        int sourcePort = port(fields[3]);
        int destinationPort = port(fields[4]);
        if (sourcePort < 0 || destinationPort < 0) {
            return new Malformed("its line has no two ports");
        }
        return new Proxied(new IpPort(source.get(), sourcePort), new IpPort(destination.get(), destinationPort),
                length);
    }

    /** An IPv4 address has one way to be written; of an IPv6 address any is taken. */
    private static Optional<InetAddress> address(String text, boolean four) {
        return IpText.parse(text)
                .filter(ip -> four
                        ? IpFamily.of(ip) == IpFamily.IPV4 && IpText.format(ip).equals(text)
                        : text.indexOf(':') >= 0);
    }

    /** -1 where it is none. */
    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
        return port > 65535 ? -1 : port;
    }

    // ---- version 2 ----

    private static ProxyHeader version2(byte[] bytes) {
        if (bytes.length < V2_FIXED) {
            return Partial.INSTANCE;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int command = header.get(12) & 0xff;
        int family = header.get(13) & 0xff;
        int length = V2_FIXED + Short.toUnsignedInt(header.getShort(14));
        if (command != (VERSION_2 | LOCAL) && command != (VERSION_2 | PROXY)) {
            return new Malformed("its version and command are " + hex(command));
        }
        if (length > LONGEST_V2) {
            return new Malformed("it is longer than " + LONGEST_V2 + " bytes");
        }
        if (bytes.length < length) {
            return Partial.INSTANCE;
        }
        if (command == (VERSION_2 | LOCAL)) {
            return new Own(length);
        }
        int addresses = addresses(family);
        if (addresses < 0) {
            return new Malformed("its family is " + hex(family));
        }
        if (V2_FIXED + addresses > length) {
            return new Malformed("it is too short for addresses of family " + hex(family));
        }
        Optional<String> wrong = extensions(bytes, V2_FIXED + addresses, length);
        if (wrong.isPresent()) {
            return new Malformed(wrong.get());
        }
        return switch (family) {
            case TCP4 -> proxied(header, 4, length);
            case TCP6 -> proxied(header, 16, length);
            // Datagrams, files and nobody: none of them can be a TCP connection's client.
            default -> new Own(length);
        };
    }

    /** How many bytes the addresses of a family take; -1 where the protocol has no such family. */
    private static int addresses(int family) {
        return switch (family) {
            case 0x00 -> 0;
            case TCP4, 0x12 -> ADDRESSES_4;
            case TCP6, 0x22 -> ADDRESSES_6;
            case 0x31, 0x32 -> ADDRESSES_UNIX;
            default -> -1;
        };
    }

    private static Proxied proxied(ByteBuffer header, int size, int length) {
        int ports = V2_FIXED + 2 * size;
        return new Proxied(address(header, V2_FIXED, size, header.getShort(ports)),
                address(header, V2_FIXED + size, size, header.getShort(ports + 2)), length);
    }

    private static IpPort address(ByteBuffer header, int at, int size, short port) {
        byte[] ip = new byte[size];
        header.get(at, ip);
        try {
            return new IpPort(InetAddress.getByAddress(ip), Short.toUnsignedInt(port));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 and 16 bytes are an address", impossible);
        }
    }

    /** What is wrong with the extensions (TLVs) behind the addresses; empty where nothing is. */
    private static Optional<String> extensions(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < TLV_HEAD) {
                return Optional.of("its last extension is cut short");
            }
            int size = (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
            int value = at + TLV_HEAD;
            if (size > end - value) {
                return Optional.of("its extension " + hex(bytes[at] & 0xff) + " is longer than the header");
            }
            if (bytes[at] == TYPE_CRC32C && (size != CRC_LENGTH || !checks(bytes, value, end))) {
                return Optional.of("its checksum is wrong");
            }
            at = value + size;
        }
        return Optional.empty();
    }

    /** The checksum is that of the header with zeros in its own place. */
    private static boolean checks(byte[] bytes, int at, int end) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, at);
        sum.update(new byte[CRC_LENGTH]);
        sum.update(bytes, at + CRC_LENGTH, end - at - CRC_LENGTH);
        return (int) sum.getValue() == ByteBuffer.wrap(bytes).getInt(at);
    }

    private static String hex(int octet) {
        return String.format("0x%02x", octet);
    }
}
