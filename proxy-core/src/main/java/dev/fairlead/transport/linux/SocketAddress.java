package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout.OfShort;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * A piece of memory that holds one {@code sockaddr_in} or {@code sockaddr_in6}, and the length that goes with it. For
 * one thread.
 */
public final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    private static final int CAPACITY = 128; // sizeof(struct sockaddr_storage)
    private static final int SIZE_4 = 16;
    private static final int SIZE_6 = 28;
    private static final OfShort NETWORK_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private final MemorySegment length;

    public SocketAddress(Arena arena) {
        this.memory = arena.allocate(CAPACITY, 8);
        this.length = arena.allocate(4, 4);
    }

    static int family(IpFamily family) {
        return switch (family) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
        };
    }

    /** Where it lies. */
    public long address() {
        return memory.address();
    }

    /** Where its length lies, for calls that write an address. */
    public long lengthAddress() {
        return length.address();
    }

    /** Its length in bytes. */
    public int length() {
        return length.get(JAVA_INT_UNALIGNED, 0);
    }

    /** Says that there is room for any address, before a call that writes one. */
    public void expect() {
        length.set(JAVA_INT_UNALIGNED, 0, CAPACITY);
    }

    public void set(IpPort value) {
        byte[] ip = value.ip().getAddress();
        boolean four = ip.length == 4;
        memory.set(JAVA_SHORT_UNALIGNED, 0, (short) (four ? AF_INET : AF_INET6));
        memory.set(NETWORK_SHORT, 2, (short) value.port());
        memory.set(JAVA_INT_UNALIGNED, 4, 0); // the flow label; an IPv4 address goes here
        int at = four ? 4 : 8;
        for (int i = 0; i < ip.length; i++) {
            memory.set(JAVA_BYTE, at + i, ip[i]);
        }
        if (!four) {
            memory.set(JAVA_INT_UNALIGNED, 24, value.ip() instanceof Inet6Address six ? six.getScopeId() : 0);
        }
        length.set(JAVA_INT_UNALIGNED, 0, four ? SIZE_4 : SIZE_6);
    }

    /** What a call wrote; an IPv4 address in its IPv6 clothes comes out as IPv4. */
    public IpPort get() {
        boolean four = memory.get(JAVA_SHORT_UNALIGNED, 0) == AF_INET;
        byte[] ip = new byte[four ? 4 : 16];
        MemorySegment.copy(memory, JAVA_BYTE, four ? 4 : 8, ip, 0, ip.length);
        int port = Short.toUnsignedInt(memory.get(NETWORK_SHORT, 2));
        try {
            int scope = four ? 0 : memory.get(JAVA_INT_UNALIGNED, 24);
            return new IpPort(scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress("", ip, scope),
                    port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 and 16 bytes are an address", impossible);
        }
    }
}
