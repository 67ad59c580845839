package dev.fairlead.listen;

import dev.fairlead.forward.FlowInHand;
import dev.fairlead.model.Drain;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.linux.DescriptorSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a successor and hands it the listening sockets, see {@link Predecessor}. This process goes on serving until
 * the successor says that it does; one that comes and goes changes nothing. A thread of its own.
 */
public final class Succession implements AutoCloseable {
    /** The beginning of an answer to who asks for a new process; its number follows. */
    public static final String STARTING = "starting ";
    /** The beginning of an answer that says no; the reason follows. */
    public static final String REFUSED = "refused ";

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    /** The successor may wait for a cluster: it takes the time it takes, and its end is noticed. */
    private static final Duration FOR_EVER = Duration.ZERO;

    private final DescriptorSocket door;
    private final Listeners listeners;
    private final Supplier<List<Drain>> drains;
    private final Runnable release;
    private final Runnable served;
    private final Supplier<String> upgrade;
    private volatile Optional<DescriptorSocket> successor = Optional.empty();
    private volatile boolean closed;

    private Succession(DescriptorSocket door, Listeners listeners, Supplier<List<Drain>> drains, Runnable release,
            Runnable served, Supplier<String> upgrade) {
        this.door = door;
        this.listeners = listeners;
        this.drains = drains;
        this.release = release;
        this.served = served;
        this.upgrade = upgrade;
    }

    /**
     * Begins to wait at a path.
     *
     * @param drains what an operator has taken out of service, whenever it is asked
     * @param release is run once, when a successor serves: lets go of what only one process can have, and returns then
     * @param served is run once, when the successor has heard all that there is to hear
     * @param upgrade starts a successor for who asks for one; {@link #STARTING} or {@link #REFUSED} and what follows
     * @throws IOException where another process waits there, or the kernel will not
     */
    public static Succession open(Path path, Listeners listeners, Supplier<List<Drain>> drains, Runnable release,
            Runnable served, Supplier<String> upgrade) throws IOException {
        Succession succession = new Succession(DescriptorSocket.listen(path), listeners, drains, release, served,
                upgrade);
        Thread.ofPlatform().daemon().name("fairlead-succession").start(succession::await);
        return succession;
    }

    private void await() {
        boolean released = false;
        while (!released && !closed) {
            try (DescriptorSocket peer = door.accept()) {
                successor = Optional.of(peer);
                released = serve(peer);
            } catch (IOException | RuntimeException halfway) {
                if (!closed) {
                    LOG.warn("a successor came and did not take over: {}; this process goes on", halfway.getMessage());
                }
            } finally {
                successor = Optional.empty();
            }
        }
    }

    private boolean serve(DescriptorSocket peer) throws IOException {
        peer.patience(Predecessor.PATIENCE);
        String hello = peer.receive().text();
        if (hello.equals(Predecessor.UPGRADE)) {
            peer.send(upgrade.get(), List.of());
            return false;
        }
        if (!hello.equals(Predecessor.HELLO)) {
            peer.send(Predecessor.REFUSED + "it speaks " + Predecessor.HELLO + ", not \"" + hello + "\"", List.of());
            throw new IOException("it says \"" + hello + "\" (expected: " + Predecessor.HELLO + ")");
        }
        List<Map.Entry<OfferedSocket, Integer>> sockets = List.copyOf(listeners.sockets().entrySet());
        peer.send(Predecessor.DOORS + sockets.size(), List.of());
        int taken = new Batches(peer).withDescriptors(sockets, entry -> entry.getKey().toString(),
                Map.Entry::getValue);
        if (taken < sockets.size()) {
            throw new IOException("it does not take all sockets");
        }
        drains(peer);
        LOG.info("handover   {} sockets to a successor; serving on until it does", sockets.size());
        peer.patience(FOR_EVER);
        expect(peer, Predecessor.SERVING);
        flows(peer);
        door.close(); // so that the successor can wait there for its own
        release.run();
        try {
            drains(peer); // once more: nobody changes them here from now on
            peer.send(Predecessor.RELEASED, List.of());
        } catch (IOException | RuntimeException ended) {
            LOG.warn("handover   the successor has not heard that it serves alone: {}", ended.getMessage());
        }
        served.run(); // the process may end now: the last word is out
        return true;
    }

    private void drains(DescriptorSocket peer) throws IOException {
        List<String> lines = drains.get().stream().map(Drain::toString).toList();
        peer.send(Predecessor.DRAINS + lines.size(), List.of());
        new Batches(peer).lines(lines);
    }

    /**
     * While they are on their way nothing of them moves. Where the successor ends before it has all, they stay here.
     */
    private void flows(DescriptorSocket peer) throws IOException {
        peer.patience(Predecessor.PATIENCE);
        long began = Ticker.SYSTEM.nanos();
        List<FlowInHand> flows = listeners.datagrams().pause();
        try {
            peer.send(Predecessor.FLOWS + flows.size(), List.of());
            int taken = new Batches(peer).withDescriptors(flows, OfferedFlow::line, one -> one.flow().descriptor());
            listeners.handedOver(flows.subList(0, taken));
            if (!flows.isEmpty()) {
                LOG.info("handover   {} of {} UDP flows in {} ms{}", taken, flows.size(),
                        Duration.ofNanos(Ticker.SYSTEM.nanos() - began).toMillis(),
                        taken < flows.size() ? "; the successor has no room for the others, which begin anew" : "");
            }
        } catch (IOException | RuntimeException halfway) {
            listeners.datagrams().begin();
            throw halfway;
        }
    }

    private static void expect(DescriptorSocket peer, String wanted) throws IOException {
        String text = peer.receive().text();
        if (!text.equals(wanted)) {
            throw new IOException("it says \"" + text + "\" (expected: " + wanted + ")");
        }
    }

    /** Waits no longer; a successor that is on its way starts without. Any thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        door.close();
        successor.ifPresent(DescriptorSocket::close);
    }
}
