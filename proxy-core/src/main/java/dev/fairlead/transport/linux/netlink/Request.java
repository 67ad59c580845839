package dev.fairlead.transport.linux.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** One message to the kernel as it is being written: a header, a body of fixed size, attributes that may nest. */
final class Request {
    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int DUMP = 0x300;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;

    private static final int HEADER = 16;
    private static final int CAPACITY = 512;
    private static final int NESTED = 0x8000;

    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    /** @param flags beside {@link #REQUEST} */
    Request(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) (REQUEST | flags)).putInt(0).putInt(0);
    }

    Request byteOf(int value) {
        bytes.put((byte) value);
        return this;
    }

    Request intOf(int value) {
        bytes.putInt(value);
        return this;
    }

    /** A number in the network's order, of two bytes. */
    Request networkShort(int value) {
        bytes.put((byte) (value >> 8)).put((byte) value);
        return this;
    }

    Request attribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return pad();
    }

    Request attribute(int type, InetAddress value) {
        return attribute(type, value.getAddress());
    }

    Request attribute(int type, int value) {
        bytes.putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    /** Begins an attribute that holds others; {@link #end} with what this returns ends it. */
    int begin(int type) {
        int at = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NESTED));
        return at;
    }

    Request end(int begun) {
        bytes.putShort(begun, (short) (bytes.position() - begun));
        return this;
    }

    private Request pad() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /** The whole message. */
    byte[] bytes(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return Arrays.copyOf(bytes.array(), Math.max(HEADER, bytes.position()));
    }
}
