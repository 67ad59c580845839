package dev.fairlead.app;

import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A short life of {@code fairlead run -f FILE} on loopback, during which the JVM writes down what a start loads: the
 * launcher makes its cache of that. Not a command, since it is for no user. Ends with 0 when it has relayed.
 */
public final class Training {
    private static final int CONNECTIONS = 20;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int ATTEMPTS = 2_000;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(10);
    private static final IpPort ANY = IpPort.of("127.0.0.1:0");

    private final AtomicInteger relayed = new AtomicInteger();
    private final IpPort front;
    private final ServerSocket endpoint;

    private Training(IpPort front, ServerSocket endpoint) {
        this.front = front;
        this.endpoint = endpoint;
    }

    public static void main(String[] arguments) throws IOException {
        Searches.spare();
        System.exit(lived());
    }

    private static int lived() throws IOException {
        Path file = Files.createTempFile("fairlead-training", ".yaml");
        try (ServerSocket endpoint = anyPort()) {
            Training training = new Training(free(), endpoint);
            Files.writeString(file, training.configuration());
            return training.run(file);
        } finally {
            Files.delete(file);
        }
    }

    private int run(Path file) {
        // Options in the environment were not meant for this run.
        Terminal process = Terminal.ofProcess();
        Terminal own = new Terminal(InputStream.nullInputStream(), process.out(), process.err(), Map.of(),
                process.audience(), process.privileges());
        int status = Main.run(new String[]{"run", "-f", file.toString()}, own, () -> {
            StopSignal stop = ProcessSignals.handled();
            Thread.ofPlatform().daemon().name("endpoint").start(this::answer);
            Thread.ofPlatform().daemon().name("client").start(() -> learn(stop));
            return stop;
        });
        return status == ExitCode.OK && relayed.get() < CONNECTIONS ? ExitCode.BAD_INPUT : status;
    }

    private void learn(StopSignal stop) {
        try {
            connect(stop);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        } finally {
            stop.give("the end of the training");
        }
    }

    private String configuration() throws IOException {
        return """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                drain: {deadline: 1s}
                services:
                  - name: web
                    listen: "%s"
                    balancer: round-robin
                    endpoints: ["127.0.0.1:%s"]
                  # Nobody dials these: their balancers belong to a start, too.
                  - {name: dice, listen: "%s", balancer: random, endpoints: ["127.0.0.1:1"]}
                  - {name: few, listen: "%s", balancer: least-conn, endpoints: ["127.0.0.1:1"]}
                """.formatted(free(), front, endpoint.getLocalPort(), free(), free());
    }

    /** Answers each connection with its first bytes; ends when its socket is closed. */
    private void answer() {
        byte[] bytes = new byte[64];
        try {
            while (true) {
                try (Socket connection = endpoint.accept()) {
                    int count = connection.getInputStream().read(bytes);
                    connection.getOutputStream().write(bytes, 0, Math.max(0, count));
                }
            }
        } catch (IOException closed) {
            // The run is over.
        }
    }

    /** Connects, waits for the answer, closes: until enough did or patience ends. At first the door is not open yet. */
    private void connect(StopSignal stop) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS && relayed.get() < CONNECTIONS; attempt++) {
            try (Socket client = new Socket()) {
                client.bind(ANY.socketAddress());
                // Linux lets a socket whose own port is the dialled one talk to itself.
                if (client.getLocalPort() != front.port()) {
                    client.connect(front.socketAddress(), PATIENCE_MILLIS);
                    client.setSoTimeout(PATIENCE_MILLIS);
                    client.getOutputStream().write(1);
                    relayed.addAndGet(client.getInputStream().read() == 1 ? 1 : 0);
                }
            } catch (IOException notYet) {
                if (stop.await(BETWEEN_ATTEMPTS)) {
                    return;
                }
            }
        }
    }

    private static ServerSocket anyPort() throws IOException {
        return new ServerSocket(ANY.port(), CONNECTIONS, ANY.ip());
    }

    /** An address that was free just now. */
    static IpPort free() throws IOException {
        try (ServerSocket probe = anyPort()) {
            return new IpPort(ANY.ip(), probe.getLocalPort());
        }
    }
}
