package dev.fairlead.app;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A small HTTP server on loopback that answers its own name and counts its answers. */
final class DemoEndpoint implements AutoCloseable {
    private final String name;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger answered = new AtomicInteger();

    DemoEndpoint(String name) throws IOException {
        this.name = name;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), 0), 0);
        byte[] answer = ("Hello from " + name + "\n").getBytes(StandardCharsets.UTF_8);
        http.createContext("/", exchange -> {
            // Otherwise a browser would stay on its first connection, and there is nothing to balance.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(200, answer.length);
            try (exchange) {
                exchange.getResponseBody().write(answer);
            }
            answered.incrementAndGet();
        });
        http.setExecutor(threads);
        http.start();
    }

    String name() {
        return name;
    }

    IpPort address() {
        return IpPort.of(http.getAddress());
    }

    int answered() {
        return answered.get();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
