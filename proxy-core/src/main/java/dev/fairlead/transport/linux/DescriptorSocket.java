package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Unix socket between two processes of one user, over which messages travel whole, each with descriptors that become
 * the receiver's own (SCM_RIGHTS). It blocks, so it is nothing for a loop. One thread at a time, but for
 * {@link #close}.
 */
public final class DescriptorSocket implements AutoCloseable {
    /** Descriptors of one message. The kernel takes 253 (SCM_MAX_FD). */
    public static final int MOST_DESCRIPTORS = 200;
    /** Bytes of one message's text. */
    public static final int MOST_TEXT = 32 * 1024;

    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int CLOEXEC = 0x80000;
    private static final int BACKLOG = 4;
    private static final int SHUT_BOTH = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_WAITFORONE = 0x10000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_CTRUNC = 0x8;
    private static final int SCM_RIGHTS = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SO_PEERCRED = 17;
    // struct sockaddr_un
    private static final int ADDRESS_SIZE = 110;
    private static final int MOST_PATH = 107;
    // struct mmsghdr, struct cmsghdr
    private static final int MESSAGE_SIZE = 64;
    private static final int MESSAGE_FLAGS = 48;
    private static final int MESSAGE_RESULT = 56;
    private static final int CONTROL_HEADER = 16;

    private final SystemCallNumbers numbers;
    private final Arena arena = Arena.ofAuto();
    private final SystemCall systemCall = new SystemCall(arena);
    private final MemorySegment text = arena.allocate(MOST_TEXT, 8);
    private final MemorySegment control = arena.allocate(CONTROL_HEADER + 4L * MOST_DESCRIPTORS, 8);
    private final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment message = arena.allocate(MESSAGE_SIZE, 8);
    private final Path path;
    private final boolean listens;
    private final int fd;
    private boolean closed;

    /** What came at once. */
    public record Message(String text, List<Integer> descriptors) {
        public Message {
            descriptors = List.copyOf(descriptors);
        }
    }

    private DescriptorSocket(Path path, boolean listens, int fd) {
        this.numbers = numbers();
        this.path = path;
        this.listens = listens;
        this.fd = fd;
        vector.set(JAVA_LONG, 0, text.address());
        message.set(JAVA_LONG, 16, vector.address());
        message.set(JAVA_LONG, 24, 1);
    }

    private static SystemCallNumbers numbers() {
        return SystemCallNumbers.here()
                .orElseThrow(() -> new UnsupportedOperationException(Kernel.unavailable().orElse("")));
    }

    /**
     * Waits for others at a path. A socket that lies there and that nobody listens at is replaced.
     *
     * @throws IOException where somebody does, or the kernel will not
     */
    public static DescriptorSocket listen(Path path) throws IOException {
        Optional<DescriptorSocket> other = connect(path);
        if (other.isPresent()) {
            other.get().close();
            throw new IOException(path + ": another process listens there");
        }
        Files.deleteIfExists(path);
        DescriptorSocket socket = new DescriptorSocket(path, true, make());
        int result = socket.atPath(socket.numbers.bind());
        if (result >= 0) {
            result = (int) socket.call(socket.numbers.listen(), socket.fd, BACKLOG, 0, 0);
        }
        if (result < 0) {
            socket.close();
            throw failure(path, result);
        }
        return socket;
    }

    /**
     * Reaches who listens at a path; empty where nobody does.
     *
     * @throws IOException where it is somebody else's, or the kernel will not
     */
    public static Optional<DescriptorSocket> connect(Path path) throws IOException {
        DescriptorSocket socket = new DescriptorSocket(path, false, make());
        int result = socket.atPath(socket.numbers.connect());
        if (result >= 0) {
            return Optional.of(socket);
        }
        socket.close();
        if (result == -Errno.ENOENT || result == -Errno.ECONNREFUSED) {
            return Optional.empty();
        }
        throw failure(path, result);
    }

    private static int make() throws IOException {
        int fd = (int) new SystemCall(Arena.ofAuto()).call(numbers().socket(), AF_UNIX, SOCK_SEQPACKET | CLOEXEC, 0, 0,
                0, 0);
        if (fd < 0) {
            throw new IOException("a Unix socket: " + Errno.word(-fd));
        }
        return fd;
    }

    private int atPath(long number) throws IOException {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_PATH) {
            throw new IOException(path + ": too long for a Unix socket (expected: " + MOST_PATH + " bytes at most)");
        }
        MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, address, 2, bytes.length);
        return (int) call(number, fd, address.address(), 2L + bytes.length + 1, 0);
    }

    /**
     * Waits for a process of this user; one of another user is sent away.
     *
     * @throws IOException when this is closed
     */
    public DescriptorSocket accept() throws IOException {
        while (true) {
            int result = (int) call(numbers.accept4(), fd, 0, 0, CLOEXEC);
            if (result >= 0) {
                DescriptorSocket peer = new DescriptorSocket(path, false, result);
                if (peer.ofThisUser()) {
                    return peer;
                }
                peer.close();
            } else if (result != -Errno.EINTR) {
                throw failure(path, result);
            }
        }
    }

    private boolean ofThisUser() {
        MemorySegment credentials = arena.allocate(16, 8);
        credentials.set(JAVA_INT, 12, 12);
        long result = call(numbers.getsockopt(), fd, Kernel.SOL_SOCKET, SO_PEERCRED, credentials.address(),
                credentials.address() + 12);
        return result == 0 && credentials.get(JAVA_INT, 4) == user();
    }

    private static int user() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException unknown) {
            return -1;
        }
    }

    /** A message that takes longer, to be sent or to come, has failed. */
    public void patience(Duration most) throws IOException {
        MemorySegment time = arena.allocate(16, 8);
        time.set(JAVA_LONG, 0, most.toSeconds());
        time.set(JAVA_LONG, 8, most.toNanosPart() / 1000);
        for (int option : new int[]{SO_RCVTIMEO, SO_SNDTIMEO}) {
            int result = (int) call(numbers.setsockopt(), fd, Kernel.SOL_SOCKET, option, time.address(), 16);
            if (result < 0) {
                throw failure(path, result);
            }
        }
    }

    /**
     * Sends a message whole, or not at all. The descriptors stay the sender's too.
     *
     * @param descriptors at most {@link #MOST_DESCRIPTORS}
     */
    public void send(String what, List<Integer> descriptors) throws IOException {
        byte[] bytes = what.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_TEXT || bytes.length == 0 || descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(bytes.length + " bytes and " + descriptors.size() + " descriptors");
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, text, 0, bytes.length);
        vector.set(JAVA_LONG, 8, bytes.length);
        long length = CONTROL_HEADER + 4L * descriptors.size();
        control.set(JAVA_LONG, 0, length);
        control.set(JAVA_INT, 8, Kernel.SOL_SOCKET);
        control.set(JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(JAVA_INT, CONTROL_HEADER + 4L * i, descriptors.get(i));
        }
        controlled(descriptors.isEmpty() ? 0 : length);
        pass(numbers.sendmmsg(), MSG_NOSIGNAL);
    }

    /**
     * Waits for a message. Its descriptors are closed in this process by nobody but the caller.
     *
     * @throws IOException when the other side has closed, or has not spoken for too long
     */
    public Message receive() throws IOException {
        vector.set(JAVA_LONG, 8, MOST_TEXT);
        controlled(control.byteSize());
        pass(numbers.recvmmsg(), MSG_WAITFORONE | MSG_CMSG_CLOEXEC);
        List<Integer> descriptors = new ArrayList<>();
        if (message.get(JAVA_LONG, 40) >= CONTROL_HEADER && control.get(JAVA_INT, 12) == SCM_RIGHTS) {
            for (long at = CONTROL_HEADER; at < control.get(JAVA_LONG, 0); at += 4) {
                descriptors.add(control.get(JAVA_INT, at));
            }
        }
        int length = message.get(JAVA_INT, MESSAGE_RESULT);
        if (length == 0 || (message.get(JAVA_INT, MESSAGE_FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
            descriptors.forEach(this::discard);
            throw new IOException(path + ": " + (length == 0 ? "the other side has closed" : "a message was cut"));
        }
        return new Message(new String(text.asSlice(0, length).toArray(JAVA_BYTE),
                StandardCharsets.UTF_8), descriptors);
    }

    private void controlled(long length) {
        message.set(JAVA_LONG, 32, length == 0 ? 0 : control.address());
        message.set(JAVA_LONG, 40, length);
        message.set(JAVA_INT, MESSAGE_FLAGS, 0);
    }

    private void pass(long number, int flags) throws IOException {
        long result;
        do {
            result = call(number, fd, message.address(), 1, flags);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw result == -Errno.EAGAIN
                    ? new IOException(path + ": the other side has not answered in time")
                    : failure(path, (int) result);
        }
    }

    private void discard(int descriptor) {
        call(numbers.close(), descriptor, 0, 0, 0);
    }

    private static IOException failure(Path path, int result) {
        return new IOException(path + ": " + Errno.word(-result));
    }

    /** Wakes who waits here. Any thread. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        SystemCall own = new SystemCall(Arena.ofAuto());
        own.call(numbers.shutdown(), fd, SHUT_BOTH, 0, 0, 0, 0);
        own.call(numbers.close(), fd, 0, 0, 0, 0, 0);
        if (listens) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException left) {
                // It lies there until somebody listens again.
            }
        }
    }

    private long call(long number, long a, long b, long c, long d) {
        return systemCall.call(number, a, b, c, d, 0, 0);
    }

    private long call(long number, long a, long b, long c, long d, long e) {
        return systemCall.call(number, a, b, c, d, e, 0);
    }
}
