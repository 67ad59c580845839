package dev.fairlead.discovery.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An API server that has the Service shop/web, and answers whoever posts an Event as a test wants. */
final class EventDesk implements AutoCloseable {
    private final HttpServer server;
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private volatile int status = 201;
    private volatile CountDownLatch opens = new CountDownLatch(0);

    EventDesk() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return "http://" + host();
    }

    /** Bodies, those that were refused too. */
    List<String> posts() {
        return List.copyOf(posts);
    }

    void answers(int value) {
        status = value;
    }

    /** Nobody is answered until this is counted down. */
    CountDownLatch close(int times) {
        opens = new CountDownLatch(times);
        return opens;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                opens.await();
            } catch (InterruptedException over) {
                return;
            }
            if (exchange.getRequestMethod().equals("POST")) {
                posts.add(body);
                respond(exchange, status, status == 201 ? body : """
                        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "no"}
                        """.formatted(status));
            } else {
                respond(exchange, 200, """
                        {"kind": "ServiceList", "apiVersion": "v1", "metadata": {}, "items": [{"kind": "Service",
                         "apiVersion": "v1", "metadata": {"namespace": "shop", "name": "web", "uid": "u-1"}}]}
                        """);
            }
        }
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        opens.countDown();
        server.stop(0);
    }
}
