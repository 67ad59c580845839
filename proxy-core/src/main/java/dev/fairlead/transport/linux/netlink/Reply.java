package dev.fairlead.transport.linux.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message from the kernel.
 *
 * @param body what follows the header
 */
record Reply(int type, int flags, int sequence, ByteBuffer body) {
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int INTERRUPTED = 0x10;

    private static final int HEADER = 16;
    private static final int TYPE_MASK = 0x3fff;

    /** The messages of what one receive brought. */
    static List<Reply> all(ByteBuffer bytes) {
        List<Reply> replies = new ArrayList<>();
        int at = 0;
        while (bytes.limit() - at >= HEADER) {
            int length = bytes.getInt(at);
            if (length < HEADER || length > bytes.limit() - at) {
                break; // cut off: it was longer than any the kernel sends
            }
            replies.add(new Reply(Short.toUnsignedInt(bytes.getShort(at + 4)),
                    Short.toUnsignedInt(bytes.getShort(at + 6)), bytes.getInt(at + 8),
                    bytes.slice(at + HEADER, length - HEADER).order(ByteOrder.nativeOrder())));
            at += aligned(length);
        }
        return replies;
    }

    /** Of an {@link #ERROR}: 0 where all went well, else the errno. */
    int errno() {
        return -body.getInt(0);
    }

    int byteAt(int offset) {
        return Byte.toUnsignedInt(body.get(offset));
    }

    int intAt(int offset) {
        return body.getInt(offset);
    }

    /** @param from the size of what precedes them */
    Map<Integer, ByteBuffer> attributes(int from) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        int at = from;
        while (body.limit() - at >= 4) {
            int length = Short.toUnsignedInt(body.getShort(at));
            if (length < 4 || length > body.limit() - at) {
                break;
            }
            attributes.put(body.getShort(at + 2) & TYPE_MASK,
                    body.slice(at + 4, length - 4).order(ByteOrder.nativeOrder()));
            at += aligned(length);
        }
        return attributes;
    }

    /** An attribute's value as an address; empty where there is none. */
    static Optional<InetAddress> address(Map<Integer, ByteBuffer> attributes, int type) {
        return Optional.ofNullable(attributes.get(type)).map(value -> {
            byte[] ip = new byte[value.remaining()];
            value.get(0, ip);
            try {
                return InetAddress.getByAddress(ip);
            } catch (UnknownHostException unusual) {
                throw new IllegalStateException("an address of " + ip.length + " bytes (expected: 4 or 16)", unusual);
            }
        });
    }

    private static int aligned(int length) {
        return (length + 3) & ~3;
    }
}
