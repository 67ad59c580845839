package dev.fairlead.listen;

import dev.fairlead.model.Drain;
import dev.fairlead.transport.linux.DescriptorSocket;
import dev.fairlead.transport.linux.DescriptorSocket.Message;
import dev.fairlead.transport.linux.Kernel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A process that serves, as its successor sees it. It hands its listening sockets over and goes on serving until it is
 * told that they are served: whatever happens before, somebody listens. One thread at a time.
 *
 * <p>
 * The conversation, in messages: {@code fairlead-handover 3} and {@code doors N}, or {@code refused WHY}; then batches
 * of sockets, each a line and a descriptor ({@link OfferedSocket}), each batch answered by {@code ack};
 * {@code drains N} and batches of lines ({@link Drain}), so that the successor sends nobody where its predecessor would
 * not; then, when it is ready, {@code serving}. The predecessor leaves all datagrams in the kernel from here on:
 * {@code flows N}, batches of UDP flows, each a line and a descriptor ({@link OfferedFlow}), each batch answered by
 * {@code ack}, or by {@code enough}, which is the end of them; {@code drains N} once more, now that nobody changes them
 * there any more; and {@code released}.
 */
public final class Predecessor implements AutoCloseable {
    static final String HELLO = "fairlead-handover 3";
    /** Said instead by who only wants a successor to be started: {@code starting PID} or {@code refused WHY}. */
    static final String UPGRADE = "fairlead-upgrade 1";
    static final String DOORS = "doors ";
    static final String REFUSED = Succession.REFUSED;
    static final String DRAINS = "drains ";
    static final String FLOWS = "flows ";
    static final String ACK = "ack";
    static final String ENOUGH = "enough";
    static final String SERVING = "serving";
    static final String RELEASED = "released";

    /** Much longer than a process takes that is well; one that is stuck must not keep its successor from starting. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DescriptorSocket socket;
    private final Inheritance inheritance = new Inheritance();

    private Predecessor(DescriptorSocket socket) {
        this.socket = socket;
    }

    /**
     * The process that hands over at a path, with everything that it hands over; empty where there is none.
     *
     * @throws IOException where there is one that does not, or that has ended halfway
     */
    public static Optional<Predecessor> find(Path path) throws IOException {
        Optional<DescriptorSocket> socket = DescriptorSocket.connect(path);
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        Predecessor predecessor = new Predecessor(socket.get());
        try {
            predecessor.inherit();
            return Optional.of(predecessor);
        } catch (IOException halfway) {
            predecessor.close();
            throw halfway;
        } catch (IllegalArgumentException nonsense) {
            predecessor.close();
            throw new IOException("the running process says what nobody understands: " + nonsense.getMessage(),
                    nonsense);
        }
    }

    /**
     * Asks the process that hands over at a path to start its successor. Returns when that has begun, with its number;
     * empty where nobody is there.
     *
     * @throws IOException where it cannot, with its reason
     */
    public static Optional<String> upgrade(Path path) throws IOException {
        Optional<DescriptorSocket> found = DescriptorSocket.connect(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (DescriptorSocket socket = found.get()) {
            socket.patience(PATIENCE);
            socket.send(UPGRADE, List.of());
            String answer = socket.receive().text();
            if (!answer.startsWith(Succession.STARTING)) {
                throw new IOException("the running process says: "
                        + (answer.startsWith(REFUSED) ? answer.substring(REFUSED.length()) : answer));
            }
            return Optional.of(answer.substring(Succession.STARTING.length()));
        }
    }

    private void inherit() throws IOException {
        socket.patience(PATIENCE);
        socket.send(HELLO, List.of());
        String answer = socket.receive().text();
        if (!answer.startsWith(DOORS)) {
            throw new IOException("the running process does not hand over: "
                    + (answer.startsWith(REFUSED) ? answer.substring(REFUSED.length()) : "it says \"" + answer + "\""));
        }
        int expected = Integer.parseInt(answer.substring(DOORS.length()));
        for (int got = 0; got < expected;) {
            got += batch((line, descriptor) -> inheritance.add(OfferedSocket.parse(line), descriptor));
            socket.send(ACK, List.of());
        }
        drains();
    }

    private void drains() throws IOException {
        int expected = announced(DRAINS);
        List<Drain> drains = new ArrayList<>();
        while (drains.size() < expected) {
            socket.receive().text().lines().map(Drain::parse).forEach(drains::add);
            socket.send(ACK, List.of());
        }
        inheritance.drained(drains);
    }

    /** How many of something it says that there are. */
    private int announced(String what) throws IOException {
        String answer = socket.receive().text();
        if (!answer.startsWith(what)) {
            throw new IOException("it says \"" + answer + "\" (expected: " + what + "N)");
        }
        return Integer.parseInt(answer.substring(what.length()));
    }

    /** What is done with a line and its descriptor. */
    @FunctionalInterface
    private interface Taking {
        void take(String line, int descriptor);
    }

    /** Receives one; how many there were in it. */
    private int batch(Taking taking) throws IOException {
        Message batch = socket.receive();
        List<String> lines = batch.text().lines().toList();
        if (lines.size() != batch.descriptors().size()) {
            batch.descriptors().forEach(new Kernel()::close);
            throw new IOException("a message has " + lines.size() + " lines and " + batch.descriptors().size()
                    + " descriptors (expected: as many)");
        }
        for (int i = 0; i < lines.size(); i++) {
            taking.take(lines.get(i), batch.descriptors().get(i));
        }
        return lines.size();
    }

    /** What it handed over. */
    public Inheritance inheritance() {
        return inheritance;
    }

    /**
     * Tells it that its doors are served, and takes over its UDP flows. Returns when it has let go of everything that
     * only one process can have, and {@link Inheritance#drains} is its last word.
     *
     * @param heir whose doors are those
     * @return false where it ended without a word, which comes to the same
     */
    public boolean release(Listeners heir) {
        try {
            socket.send(SERVING, List.of());
            flows(heir.datagrams(), heir::flowsFull);
            drains();
            return socket.receive().text().equals(RELEASED);
        } catch (IOException | IllegalArgumentException ended) {
            return false;
        } finally {
            heir.datagrams().begin();
        }
    }

    private void flows(DatagramDoors doors, BooleanSupplier full) throws IOException {
        int expected = announced(FLOWS);
        for (int got = 0; got < expected;) {
            got += batch((line, descriptor) -> doors.take(OfferedFlow.parse(line, descriptor)));
            boolean enough = got < expected && full.getAsBoolean();
            if (got >= expected || enough) {
                doors.begin(); // before it lets go: whatever becomes of it, they are read
            }
            socket.send(enough ? ENOUGH : ACK, List.of());
            if (enough) {
                return;
            }
        }
        doors.begin();
    }

    /** Leaves it serving, unless it was released. What nobody took of the inheritance is closed. Idempotent. */
    @Override
    public void close() {
        socket.close();
        inheritance.closeRest();
    }
}
