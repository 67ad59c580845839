package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.OpenFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Short connections, many at once, that end in every manner. Whoever sends, sends one letter that says whose it is, and
 * is done with it at once; so letters that were lost, cut short, doubled or swapped show.
 */
final class Crowd implements AutoCloseable {
    private static final int LONGEST = 64 * 1024;

    /** How a connection of the crowd goes. */
    private enum Manner {
        /** Both send, say that they are done, and hear the other out. */
        IN_ORDER,
        /** The endpoint sends and closes; the client only listens. */
        ENDPOINT_LEAVES,
        /** The client sends and closes; the endpoint only listens. */
        CLIENT_LEAVES,
        /** Both send and close, in order or with a reset behind the FIN; nobody listens. These only make trouble. */
        BOTH_LEAVE
    }

    private final Rig rig;
    private final long seed;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Manner, ServerSocket> endpoints = new EnumMap<>(Manner.class);
    private final Map<Manner, IpPort> frontends = new EnumMap<>(Manner.class);
    private final Queue<byte[]> byClients = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> byEndpoints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger letters = new AtomicInteger();
    private final AtomicInteger toClients = new AtomicInteger();
    private final AtomicInteger toEndpoints = new AtomicInteger();
    private int came;

    Crowd(Rig rig, long seed) throws IOException, OpenFailure {
        this.rig = rig;
        this.seed = seed;
        for (Manner manner : Manner.values()) {
            ServerSocket endpoint = rig.endpoint();
            endpoints.put(manner, endpoint);
            frontends.put(manner, rig.serve(Rig.address(endpoint)));
            threads.submit(() -> {
                while (true) {
                    Socket pod = endpoint.accept();
                    threads.submit(() -> {
                        serve(manner, pod);
                        return null;
                    });
                }
            });
        }
    }

    /** So many clients, so many at a time; returns once all have left. */
    void come(int clients, int atATime) throws Exception {
        came += clients;
        AtomicInteger left = new AtomicInteger(clients);
        List<Future<?>> rows = new ArrayList<>();
        for (int i = 0; i < atATime; i++) {
            Random random = new Random(seed + i);
            rows.add(threads.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    Manner manner = Manner.values()[random.nextInt(Manner.values().length)];
                    IpPort frontend = frontend(manner);
                    try (Socket client = new Socket(frontend.ip(), frontend.port())) {
                        visit(manner, client);
                    } catch (IOException cut) {
                        // An endpoint that leaves at once may be faster than the client's connect.
                        assertThat(manner).as("%s, seed %s", cut, seed).isEqualTo(Manner.BOTH_LEAVE);
                    }
                }
                return null;
            }));
        }
        for (Future<?> row : rows) {
            row.get(120, TimeUnit.SECONDS);
        }
    }

    private IpPort frontend(Manner manner) {
        IpPort frontend = frontends.get(manner);
        if (frontend == null) {
            throw new IllegalStateException("no door for " + manner);
        }
        return frontend;
    }

    private void visit(Manner manner, Socket client) throws IOException {
        client.setSoTimeout(20_000);
        switch (manner) {
            case IN_ORDER -> {
                toEndpoints.incrementAndGet();
                toClients.incrementAndGet();
                send(client);
                client.shutdownOutput();
                byClients.add(client.getInputStream().readAllBytes());
            }
            case ENDPOINT_LEAVES -> {
                toClients.incrementAndGet();
                byClients.add(client.getInputStream().readAllBytes());
            }
            case CLIENT_LEAVES -> {
                toEndpoints.incrementAndGet();
                send(client);
            }
            case BOTH_LEAVE -> leave(client);
        }
    }

    private void serve(Manner manner, Socket pod) throws IOException {
        pod.setSoTimeout(20_000);
        try (pod) {
            switch (manner) {
                case IN_ORDER -> {
                    send(pod);
                    pod.shutdownOutput();
                    byEndpoints.add(pod.getInputStream().readAllBytes());
                }
                case ENDPOINT_LEAVES -> send(pod);
                case CLIENT_LEAVES -> byEndpoints.add(pod.getInputStream().readAllBytes());
                case BOTH_LEAVE -> leave(pod);
            }
        }
    }

    private void send(Socket socket) throws IOException {
        socket.getOutputStream().write(letter(letters.getAndIncrement()));
    }

    private void leave(Socket socket) {
        int number = letters.getAndIncrement();
        try {
            socket.getOutputStream().write(letter(number));
            if (number % 2 == 0) {
                socket.shutdownOutput();
                socket.setSoLinger(true, 0);
            }
        } catch (IOException otherLeftFirst) {
            // Which is what these are for.
        }
    }

    /** Its number, its length, and as many bytes as that, none to many. */
    private byte[] letter(int number) {
        Random random = new Random(seed ^ number * 0x9e3779b97f4a7c15L);
        byte[] text = new byte[(int) Math.pow(LONGEST, random.nextDouble()) - 1];
        random.nextBytes(text);
        return ByteBuffer.allocate(8 + text.length).putInt(number).putInt(text.length).put(text).array();
    }

    void assertEverythingArrived() {
        await().atMost(Duration.ofSeconds(30)).until(() -> byEndpoints.size() >= toEndpoints.get());
        assertLetters("clients", byClients, toClients.get());
        assertLetters("endpoints", byEndpoints, toEndpoints.get());
        await("sessions that ended").atMost(Duration.ofSeconds(30)).until(() -> rig.ended.size() >= came);
        assertThat(rig.ended).as("seed %s", seed).hasSize(came)
                .noneMatch(end -> end.termination().cause() == Cause.BUG);
    }

    private void assertLetters(String readers, Queue<byte[]> received, int expected) {
        assertThat(received).as("letters that %s got, seed %s", readers, seed).hasSize(expected)
                .allSatisfy(letter -> {
                    assertThat(letter).hasSizeGreaterThanOrEqualTo(8);
                    assertThat(letter).isEqualTo(letter(ByteBuffer.wrap(letter).getInt()));
                }).extracting(letter -> ByteBuffer.wrap(letter).getInt()).doesNotHaveDuplicates();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket endpoint : endpoints.values()) {
            endpoint.close();
        }
        threads.shutdownNow();
    }
}
