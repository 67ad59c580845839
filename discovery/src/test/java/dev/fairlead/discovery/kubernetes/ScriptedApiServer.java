package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.ApiObjects.Query;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * An API server on a socket that does what a test wants: serves objects like the real one, and refuses, forgets, falls
 * silent, cuts connections, tells nonsense, goes away and comes back on the same port.
 */
final class ScriptedApiServer implements AutoCloseable {
    /** How a request is refused. */
    record Refusal(int status, String message) {
    }

    private record Request(Watched kind, Verb verb, Query query, long since) {
    }

    private static final String END = "end of watch";

    private final Object lock = new Object();
    private final ApiObjects objects = new ApiObjects(); // guarded by lock
    private final Map<BlockingQueue<String>, Request> watches = new ConcurrentHashMap<>(); // written under lock
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile BiFunction<Watched, Verb, Optional<Refusal>> refusals = (_, _) -> Optional.empty();
    private volatile Optional<String> token = Optional.empty();
    private volatile String clusterIpRule = "honour";
    private volatile boolean webSocketsOnly;
    private volatile boolean silent;
    private volatile boolean goneAsStatus;
    private final int port;
    private ServerSocket listening;

    ScriptedApiServer() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = listening.getLocalPort();
        accept(listening);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    // What it holds.

    void put(HasMetadata... all) {
        synchronized (lock) {
            Arrays.stream(all).forEach(object -> tellAfter(() -> objects.put(object)));
        }
    }

    void delete(HasMetadata object) {
        synchronized (lock) {
            tellAfter(() -> objects.delete(object));
        }
    }

    private void tellAfter(Runnable change) {
        long before = objects.version();
        change.run();
        watches.forEach((lines, request) -> lines.addAll(objects.events(request.query, before)));
    }

    // What it does wrong.

    /** Watches cannot go on from any version seen so far: they are told 410 when they try. */
    void forgetHistory() {
        synchronized (lock) {
            objects.forget();
        }
    }

    /** A watch that cannot go on is not told so by an event, but refused by HTTP. */
    void goneAsStatus(boolean value) {
        goneAsStatus = value;
    }

    /** Every open watch of a kind is told this line, whatever it is. */
    void say(Watched kind, String line) {
        synchronized (lock) {
            watches.forEach((lines, request) -> {
                if (request.kind == kind) {
                    lines.add(line);
                }
            });
        }
    }

    /** Open watches hear that the version they are at is too old. */
    void tellGone() {
        for (Watched kind : Watched.values()) {
            say(kind, gone());
        }
    }

    private static String gone() {
        return "{\"type\":\"ERROR\",\"object\":" + status(410, "too old resource version") + "}";
    }

    void endWatches() {
        synchronized (lock) {
            watches.keySet().forEach(lines -> lines.add(END));
        }
    }

    void refuse(BiFunction<Watched, Verb, Optional<Refusal>> rule) {
        refusals = rule;
    }

    void requireToken(String value) {
        token = Optional.of(value);
    }

    /** How it takes {@code spec.clusterIP!=None}: honour, ignore or refuse. */
    void clusterIpSelector(String rule) {
        clusterIpRule = rule;
    }

    /** Whether it refuses watches over plain HTTP. */
    void webSocketsOnly(boolean value) {
        webSocketsOnly = value;
    }

    /** Takes connections and requests, and answers nothing at all; open watches hear nothing either. */
    void silent(boolean value) {
        silent = value;
    }

    void cutConnections() {
        synchronized (lock) {
            watches.clear();
        }
        connections.forEach(ScriptedApiServer::close);
        connections.clear();
    }

    void stop() {
        close(listening);
        cutConnections();
    }

    void startAgain() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listening = again;
        accept(again);
    }

    @Override
    public void close() {
        stop();
    }

    // What was asked of it.

    /** Such as {@code list services ?labelSelector=!a}; decoded. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    void forgetRequests() {
        requests.clear();
    }

    int openWatches() {
        return watches.size();
    }

    // HTTP.

    private void accept(ServerSocket server) {
        Thread.ofPlatform().daemon().name("scripted-api-server").start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            OutputStream out = socket.getOutputStream();
            List<String> head = head(in);
            while (!head.isEmpty() && answer(head, in, out)) {
                head = head(in);
            }
        } catch (IOException | UncheckedIOException gone) {
            // The other side has had enough, or a test has.
        } finally {
            connections.remove(socket);
        }
    }

    private static List<String> head(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    /** Whether the connection goes on. */
    private boolean answer(List<String> head, BufferedReader in, OutputStream out) throws IOException {
        URI uri = URI.create(head.getFirst().split(" ")[1]);
        if (silent) {
            requests.add("unanswered " + uri.getPath());
            Uninterrupted.forever();
        }
        Optional<Watched> kind = Watched.of(uri);
        if (kind.isEmpty()) {
            requests.add(uri.getPath());
            respond(out, 200, "{}");
            return true;
        }
        Request request = request(kind.get(), uri);
        requests.add(request.verb + " " + kind.get() + " " + Objects.requireNonNullElse(uri.getQuery(), ""));
        Optional<Refusal> refusal = refusal(request, head);
        if (refusal.isPresent()) {
            respond(out, refusal.get().status, status(refusal.get().status, refusal.get().message));
        } else if (request.verb == Verb.LIST) {
            respond(out, 200, list(request));
        } else {
            WatchWire wire = WatchWire.of(head);
            wire.begin(out);
            watch(request, wire, in, out);
            return false;
        }
        return true;
    }

    private String list(Request request) {
        synchronized (lock) {
            return objects.list(request.query);
        }
    }

    private Optional<Refusal> refusal(Request request, List<String> head) {
        if (webSocketsOnly && request.verb == Verb.WATCH && !WatchWire.wantsWebSocket(head)) {
            return Optional.of(new Refusal(400, "no upgrade"));
        }
        boolean known = token.isEmpty()
                || head.stream().anyMatch(("Authorization: Bearer " + token.get())::equalsIgnoreCase);
        if (!known) {
            return Optional.of(new Refusal(401, "Unauthorized"));
        }
        if (clusterIpRule.equals("refuse") && request.query.fields().contains("spec.clusterIP")) {
            return Optional.of(new Refusal(400, "field label not supported: spec.clusterIP"));
        }
        if (goneAsStatus && request.verb == Verb.WATCH && forgotten(request.since)) {
            return Optional.of(new Refusal(410, "too old resource version"));
        }
        return refusals.apply(request.kind, request.verb);
    }

    private boolean forgotten(long version) {
        synchronized (lock) {
            return !objects.remembers(version);
        }
    }

    private Request request(Watched kind, URI uri) {
        Map<String, String> parameters = Arrays
                .stream(Objects.requireNonNullElse(uri.getRawQuery(), "").split("&")).filter(p -> p.contains("="))
                .collect(Collectors.toMap(p -> p.substring(0, p.indexOf('=')),
                        p -> URLDecoder.decode(p.substring(p.indexOf('=') + 1), StandardCharsets.UTF_8)));
        String[] path = uri.getPath().split("/");
        String namespace = Arrays.asList(path).contains("namespaces") ? path[path.length - 2] : "";
        Query query = new Query(kind, namespace, parameters.getOrDefault("labelSelector", ""),
                parameters.getOrDefault("fieldSelector", ""), clusterIpRule);
        return new Request(kind, Verb.of(uri), query,
                Long.parseLong(parameters.getOrDefault("resourceVersion", "0")));
    }

    private void watch(Request request, WatchWire wire, BufferedReader in, OutputStream out) throws IOException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            wire.awaitEnd(in);
            lines.add(END);
        });
        synchronized (lock) {
            if (objects.remembers(request.since)) {
                lines.addAll(objects.events(request.query, request.since));
                watches.put(lines, request);
            } else {
                lines.addAll(List.of(gone(), END));
            }
        }
        try {
            for (String line = Uninterrupted.take(lines); !line.equals(END); line = Uninterrupted.take(lines)) {
                if (silent) {
                    Uninterrupted.forever();
                }
                wire.write(line, out);
            }
            wire.end(out);
        } finally {
            watches.remove(lines);
        }
    }

    private static void respond(OutputStream out, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
    }

    private static String status(int code, String message) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + code
                + ",\"message\":\"" + message.replace("\"", "\\\"") + "\"}";
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyGone) {
            // It is closed, which is all that was wanted.
        }
    }

    /** Waits of threads that end with the test's process. */
    private static final class Uninterrupted {
        static String take(BlockingQueue<String> lines) {
            try {
                return lines.take();
            } catch (InterruptedException nobodyDoes) {
                return END;
            }
        }

        static void forever() {
            take(new LinkedBlockingQueue<>());
        }
    }
}
