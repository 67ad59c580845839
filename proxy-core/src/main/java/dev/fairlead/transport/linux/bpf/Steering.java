package dev.fairlead.transport.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.bpf.Bpf.MapKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Says which listening socket the kernel gives a newcomer to: a BPF program of the kind sk_lookup, and maps that this
 * class writes. What it is told nothing of, the kernel decides as ever. Of this process and its network namespace:
 * program and maps are gone as soon as it is closed, or the process has ended in whatever way. Any thread.
 *
 * <p>
 * A <em>seat</em> is a numbered place for a listening socket. It becomes empty when that socket is closed; whoever is
 * led to an empty seat is refused.
 */
public final class Steering implements AutoCloseable {
    /** Seats there are, numbered from 0. */
    public static final int SEATS = 1 << 14;

    static final int ADDRESS_BITS = 128;
    private static final int MOST_DOORS = 1 << 18;
    private static final int MOST_BLOCKS = 1 << 16;
    private static final int MAPPED_BITS = 96; // before an IPv4 address
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_SCTP = 132;

    private final Bpf bpf = new Bpf();
    private final Deque<Integer> descriptors = new ArrayDeque<>();
    private final int doors;
    private final int sockets;
    private final int owned;
    private final MemorySegment key;
    private final MemorySegment value;
    private boolean closed;

    private Steering() throws SteeringFailure {
        Arena arena = Arena.ofAuto();
        key = arena.allocate(SteeringProgram.DOOR_KEY, 4);
        value = arena.allocate(SteeringProgram.DOOR_VALUE, 4);
        try {
            doors = kept(bpf.map(MapKind.HASH, SteeringProgram.DOOR_KEY, SteeringProgram.DOOR_VALUE, MOST_DOORS,
                    Bpf.NO_PREALLOCATION));
            sockets = kept(bpf.map(MapKind.SOCKMAP, 4, 4, SEATS, 0));
            owned = kept(bpf.map(MapKind.LPM_TRIE, SteeringProgram.BLOCK_KEY, 4, MOST_BLOCKS, Bpf.NO_PREALLOCATION));
            kept(bpf.attach(kept(bpf.program(SteeringProgram.over(doors, sockets, owned)))));
        } catch (SteeringFailure | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private int kept(int fd) {
        descriptors.push(fd);
        return fd;
    }

    /**
     * Begins, in the network namespace of the calling thread; nothing is steered yet.
     *
     * @throws SteeringFailure where the kernel will not: it says why
     */
    public static Steering begin() throws SteeringFailure {
        if (Kernel.unavailable().isPresent()) {
            throw new SteeringFailure("no BPF: " + Kernel.unavailable().get());
        }
        return new Steering();
    }

    /**
     * Gives a seat to a listening socket, in the place of whoever sits there. The next newcomer goes to the new one,
     * those that are in the queue of the old one stay there.
     */
    public synchronized void seat(int seat, int fd) throws SteeringFailure {
        key.set(JAVA_INT, 0, seat);
        value.set(JAVA_INT, 0, fd);
        done("give seat " + seat + " to a listening socket", closed ? 0 : bpf.put(sockets, key, value));
    }

    /**
     * Leads a door's newcomers to seats, each client to one of them.
     *
     * @param first the first seat
     * @param count of seats, at least 1
     */
    public void lead(TransportAddress door, int first, int count) throws SteeringFailure {
        if (first < 0 || count < 1 || first + count > SEATS) {
            throw new IllegalArgumentException(
                    "seats: " + count + " from " + first + " (expected: at least 1, of " + SEATS + ")");
        }
        put(door, first, count);
    }

    /** Leaves a door to the kernel though its address is {@link #own}: a socket is bound to exactly that. */
    public void pass(TransportAddress door) throws SteeringFailure {
        put(door, SteeringProgram.PASS, 0);
    }

    /** Refuses whoever comes to a door, whatever socket is bound there. */
    public void refuse(TransportAddress door) throws SteeringFailure {
        put(door, SteeringProgram.DROP, 0);
    }

    private synchronized void put(TransportAddress door, int first, int count) throws SteeringFailure {
        key(door);
        value.set(JAVA_INT, 0, first);
        value.set(JAVA_INT, 4, count);
        int result = closed ? 0 : bpf.put(doors, key, value);
        if (result == -Errno.E2BIG) {
            throw new SteeringFailure("no room for " + door + " beside " + MOST_DOORS + " others");
        }
        done("steer " + door, result);
    }

    /** Forgets what was said of a door. */
    public synchronized void forget(TransportAddress door) throws SteeringFailure {
        key(door);
        ignoringNone("forget " + door, closed ? 0 : bpf.remove(doors, key));
    }

    /** From now on whoever comes to these addresses and to no door of theirs is refused, by TCP and UDP alike. */
    public synchronized void own(Cidr block) throws SteeringFailure {
        key(block);
        value.set(JAVA_INT, 0, SteeringProgram.DROP);
        done("own " + block, closed ? 0 : bpf.put(owned, key, value));
    }

    /** The addresses of this block, as it was {@link #own owned}, are the kernel's again. */
    public synchronized void disown(Cidr block) throws SteeringFailure {
        key(block);
        ignoringNone("disown " + block, closed ? 0 : bpf.remove(owned, key));
    }

    private void key(TransportAddress door) {
        boolean six = address(0, door.address().ip());
        key.set(JAVA_INT, 16, SteeringProgram.word(six, number(door.protocol()), door.address().port()));
    }

    private void key(Cidr block) {
        boolean six = address(4, block.base());
        key.set(JAVA_INT, 0, six ? block.prefix() : MAPPED_BITS + block.prefix());
    }

    /** Writes 16 bytes; whether they are an IPv6 address. */
    private boolean address(int at, InetAddress ip) {
        byte[] bytes = ip.getAddress();
        boolean six = IpFamily.of(ip) == IpFamily.IPV6;
        if (!six) {
            key.asSlice(at, 8).fill((byte) 0);
            key.set(JAVA_INT, at + 8L, SteeringProgram.MAPPED);
        }
        MemorySegment.copy(bytes, 0, key, JAVA_BYTE, at + (six ? 0 : 12), bytes.length);
        return six;
    }

    private static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> Kernel.IPPROTO_TCP;
            case UDP -> IPPROTO_UDP;
            case SCTP -> IPPROTO_SCTP;
        };
    }

    private static void ignoringNone(String what, int result) throws SteeringFailure {
        if (result != -Errno.ENOENT) {
            done(what, result);
        }
    }

    private static void done(String what, int result) throws SteeringFailure {
        if (result < 0) {
            throw new SteeringFailure("the kernel will not " + what + ": " + Errno.word(-result));
        }
    }

    /** The kernel decides alone again. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        // The link first: it was opened last.
        while (!descriptors.isEmpty()) {
            bpf.close(descriptors.pop());
        }
    }
}
