package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Beside a server in its pod, as upstream's regression-issue-74839: whatever data comes to the server's port, it
 * answers with a segment of its own, from the server's address and port, with a sequence number far below the window.
 * Connection tracking calls that INVALID and does not translate it back.
 */
final class OutOfWindow implements Closeable {
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_TCP = 6;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int LARGEST = 65_535;
    private static final int BELOW = 100_000;
    private static final int TCP_HEADER = 20;
    private static final byte PSH_ACK = 0x18;
    private static final byte[] BOOM = "boom!!!\n".getBytes(StandardCharsets.US_ASCII);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET = function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle SETSOCKOPT = function("setsockopt", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle RECVFROM = function("recvfrom", ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
            ValueLayout.ADDRESS);
    private static final MethodHandle SENDTO = function("sendto", ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private final IpFamily family;
    private final byte[] own;
    private final int port;
    private final int socket;
    private final AtomicInteger sent = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().unstarted(this::run);
    private volatile boolean over;

    private OutOfWindow(Host host, IpFamily family, int port) throws IOException {
        this.family = family;
        this.own = IpText.parse(host.ip(family)).orElseThrow().getAddress();
        this.port = port;
        this.socket = host.namespace().call(() -> open(family));
    }

    /** Beside the server of one family at this port. */
    static OutOfWindow beside(Host host, IpFamily family, int port) throws IOException {
        OutOfWindow one = new OutOfWindow(host, family, port);
        one.thread.start();
        return one;
    }

    /** How many such segments were sent. */
    int sent() {
        return sent.get();
    }

    private static int open(IpFamily family) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int made = (int) SOCKET.invokeExact(family == IpFamily.IPV4 ? 2 : 10, SOCK_RAW, IPPROTO_TCP);
            MemorySegment timeout = arena.allocateFrom(ValueLayout.JAVA_LONG, 0, 100_000);
            int bounded = made < 0
                    ? -1
                    : (int) SETSOCKOPT.invokeExact(made, SOL_SOCKET, SO_RCVTIMEO, timeout, 16);
            if (bounded != 0) {
                throw new IOException("no raw socket");
            }
            return made;
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError("a system call does not throw", impossible);
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(LARGEST);
            MemorySegment peer = arena.allocate(28);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            int size = family == IpFamily.IPV4 ? 16 : 28;
            while (!over) {
                length.set(ValueLayout.JAVA_INT, 0, size);
                long read = (long) RECVFROM.invokeExact(socket, room, (long) LARGEST, 0, peer, length);
                if (read > 0) {
                    answer(arena, room.asSlice(0, read).asByteBuffer(), peer, size);
                }
            }
            int closed = (int) CLOSE.invokeExact(socket);
            assert closed == 0;
        } catch (Throwable impossible) {
            throw new AssertionError("a system call does not throw", impossible);
        }
    }

    /** A raw socket is given the header of IPv4, and not that of IPv6. */
    private void answer(Arena arena, ByteBuffer packet, MemorySegment peer, int size) throws Throwable {
        int tcp = family == IpFamily.IPV4 ? (packet.get(0) & 0x0f) * 4 : 0;
        int data = packet.remaining() - tcp - ((packet.get(tcp + 12) >> 4) & 0x0f) * 4;
        if (Short.toUnsignedInt(packet.getShort(tcp + 2)) != port || data <= 0) {
            return;
        }
        byte[] client = new byte[own.length];
        peer.asByteBuffer().get(family == IpFamily.IPV4 ? 4 : 8, client);
        ByteBuffer segment = ByteBuffer.allocate(TCP_HEADER + BOOM.length);
        segment.putShort((short) port).putShort(packet.getShort(tcp)).putInt(packet.getInt(tcp + 8) - BELOW)
                .putInt(packet.getInt(tcp + 4) + data).put((byte) ((TCP_HEADER / 4) << 4)).put(PSH_ACK)
                .putShort((short) 1000).putShort((short) 0).putShort((short) 0).put(BOOM);
        segment.putShort(16, checksum(client, segment.array()));
        // A raw socket of IPv6 wants no port in the address.
        peer.set(ValueLayout.JAVA_SHORT, 2, (short) 0);
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, segment.array());
        long written = (long) SENDTO.invokeExact(socket, bytes, bytes.byteSize(), 0, peer, size);
        if (written == bytes.byteSize()) {
            sent.incrementAndGet();
        }
    }

    private short checksum(byte[] client, byte[] segment) {
        ByteBuffer all = ByteBuffer.allocate(2 * own.length + 4 + segment.length);
        all.put(own).put(client).putShort((short) IPPROTO_TCP).putShort((short) segment.length)
                .put(segment);
        long sum = 0;
        for (int i = 0; i < all.capacity(); i += 2) {
            sum += Short.toUnsignedLong(all.getShort(i));
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (short) ~sum;
    }

    @SuppressWarnings("restricted") // a wrong signature could crash the process
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
