package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.fairlead.model.IpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * An array of {@code sockaddr_in} and {@code sockaddr_in6}, read and written as numbers: an IPv6 address is two longs,
 * an IPv4 address the lower half of the second. For one thread.
 */
public final class PeerNames {
    static final int ROOM = 28; // sizeof(struct sockaddr_in6)
    private static final int STRIDE = 32;
    private static final int SIZE_4 = 16;
    private static final int PORT = 2;
    private static final int FOUR = 4;
    private static final int FLOW_LABEL = 4;
    private static final int SIX = 8;
    private static final int SCOPE = 24;
    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;

    PeerNames(Arena arena, int count) {
        memory = arena.allocate((long) count * STRIDE, STRIDE);
    }

    long address(int name) {
        return memory.address() + (long) name * STRIDE;
    }

    /** Whether it is of the IPv4 family; an IPv4 address in its IPv6 clothes is not. */
    public boolean four(int name) {
        return memory.get(JAVA_SHORT_UNALIGNED, (long) name * STRIDE) == SocketAddress.AF_INET;
    }

    public int port(int name) {
        return Short.toUnsignedInt(memory.get(NETWORK_SHORT, (long) name * STRIDE + PORT));
    }

    public long high(int name) {
        return four(name) ? 0 : memory.get(NETWORK_LONG, (long) name * STRIDE + SIX);
    }

    public long low(int name) {
        return four(name)
                ? Integer.toUnsignedLong(memory.get(NETWORK_INT, (long) name * STRIDE + FOUR))
                : memory.get(NETWORK_LONG, (long) name * STRIDE + SIX + Long.BYTES);
    }

    /** Which link an IPv6 address is of; 0 where it is all the same. */
    public int scope(int name) {
        return four(name) ? 0 : memory.get(JAVA_INT_UNALIGNED, (long) name * STRIDE + SCOPE);
    }

    /** Whether two are the same, of one family. */
    public boolean same(int one, int other) {
        return port(one) == port(other) && low(one) == low(other) && high(one) == high(other)
                && scope(one) == scope(other);
    }

    /** Returns its length. */
    int set(int name, boolean four, long high, long low, int port, int scope) {
        long at = (long) name * STRIDE;
        memory.set(JAVA_SHORT_UNALIGNED, at, (short) (four ? SocketAddress.AF_INET : SocketAddress.AF_INET6));
        memory.set(NETWORK_SHORT, at + PORT, (short) port);
        if (four) {
            memory.set(NETWORK_INT, at + FOUR, (int) low);
            return SIZE_4;
        }
        memory.set(JAVA_INT_UNALIGNED, at + FLOW_LABEL, 0);
        memory.set(NETWORK_LONG, at + SIX, high);
        memory.set(NETWORK_LONG, at + SIX + Long.BYTES, low);
        memory.set(JAVA_INT_UNALIGNED, at + SCOPE, scope);
        return ROOM;
    }

    /** For people and tables; an IPv4 address in its IPv6 clothes comes out as IPv4. */
    public IpPort get(int name) {
        boolean four = four(name);
        byte[] ip = new byte[four ? 4 : 16];
        MemorySegment.copy(memory, JAVA_BYTE, (long) name * STRIDE + (four ? FOUR : SIX), ip, 0, ip.length);
        int scope = scope(name);
        try {
            return new IpPort(scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress("", ip, scope),
                    port(name));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("4 and 16 bytes are an address", impossible);
        }
    }
}
