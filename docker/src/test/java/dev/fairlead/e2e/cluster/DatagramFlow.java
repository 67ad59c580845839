package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A UDP client that goes on asking from one port, a hundred times a second, whatever it meets. */
final class DatagramFlow implements Closeable {
    private static final Duration PACE = Duration.ofMillis(10);
    /** So that a lost datagram does not hold it up. */
    private static final int PATIENCE_MILLIS = 1000;
    private static final int CONFIRMED = 15;

    private final DatagramSocket socket;
    private final String address;
    private final Duration patience;
    private final Queue<String> met = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private DatagramFlow(DatagramSocket socket, String address, Duration patience) {
        this.socket = socket;
        this.address = address;
        this.patience = patience;
    }

    static DatagramFlow start(DatagramSocket socket, String address, Duration patience) {
        DatagramFlow flow = new DatagramFlow(socket, address, patience);
        Thread.ofVirtual().start(flow::run);
        return flow;
    }

    /** Waits until this one answers, and asserts that it goes on to. */
    void comesTo(Endpoint endpoint) {
        met.clear();
        await(address + " answered by " + endpoint.name()).atMost(patience).until(() -> met.contains(endpoint.name()));
        stays(endpoint);
    }

    /** The next answers are all from this one. */
    void stays(Endpoint endpoint) {
        met.clear();
        await("answers of " + address).atMost(patience).until(() -> met.size() >= CONFIRMED);
        assertThat(met).containsOnly(endpoint.name());
    }

    /** The next answers are all from one, whose name this is. */
    String goesOn() {
        met.clear();
        await("answers of " + address).atMost(patience).until(() -> met.size() >= CONFIRMED);
        assertThat(met).as("answers of %s", address).allMatch(Client::answered);
        assertThat(new HashSet<>(met)).as("who answers at %s", address).hasSize(1);
        return met.element();
    }

    /** It has sent, and was refused. */
    void isRefused() {
        met.clear();
        await(address + " refuses").atMost(patience).until(() -> met.contains(Client.REFUSED));
    }

    private void run() {
        while (!over) {
            met.add(Client.exchange(socket, address, "hostname", PATIENCE_MILLIS));
            try {
                Thread.sleep(PACE);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        socket.close();
    }
}
