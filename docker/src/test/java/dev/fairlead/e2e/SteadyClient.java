package dev.fairlead.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A client that goes on sending from one port, a hundred times a second, whatever it meets. */
final class SteadyClient implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DatagramClient client;
    private final Queue<String> met = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean over;

    private SteadyClient(DatagramClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().unstarted(this::run);
    }

    static SteadyClient to(String address) throws IOException {
        SteadyClient steady = new SteadyClient(DatagramClient.to(address));
        steady.thread.start();
        return steady;
    }

    /** Waits until this is what a datagram meets. */
    void awaits(String name) {
        met.clear();
        await("the client meets " + name).atMost(PATIENCE).until(() -> met.contains(name));
    }

    /** What the next datagrams meet. */
    List<String> next(int datagrams) {
        met.clear();
        await("more answers").atMost(PATIENCE).until(() -> met.size() >= datagrams);
        return new ArrayList<>(met);
    }

    private void run() {
        while (!over) {
            try {
                met.add(client.ask());
                Thread.sleep(PACE);
            } catch (IOException failed) {
                met.add(failed.toString());
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        client.close();
        await("the client ends").atMost(PATIENCE).pollInterval(PACE).until(() -> !thread.isAlive());
    }
}
