package dev.fairlead.loadtest.bench.cluster;

import dev.fairlead.loadtest.bench.cluster.ClusterStore.Kind;
import dev.fairlead.loadtest.bench.cluster.ClusterStore.Listing;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of HTTP as lists and watches need, on loopback. */
final class ApiServer {
    private static final Pattern REQUEST = Pattern.compile("GET ([^? ]+)(\\?\\S*)? HTTP/1\\.1");
    private static final int BUFFER = 256 * 1024;

    private final ClusterStore store;

    private ApiServer(ClusterStore store) {
        this.store = store;
    }

    /** Listens, and serves on threads of its own. */
    static void start(int port, ClusterStore store) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        ApiServer server = new ApiServer(store);
        Thread.ofPlatform().daemon().name("api-server").start(() -> server.accept(listening));
    }

    private void accept(ServerSocket listening) {
        while (true) {
            try {
                Socket socket = listening.accept();
                Thread.ofPlatform().daemon().name("api-server-" + socket.getPort()).start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            socket.setTcpNoDelay(true);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
            Optional<String> request = request(in);
            while (request.isPresent() && answer(request.get(), in, out)) {
                request = request(in);
            }
        } catch (IOException gone) {
            // The other side has had enough.
        }
    }

    /** The first line; the headers say nothing that matters here. */
    private static Optional<String> request(BufferedReader in) throws IOException {
        String first = in.readLine();
        if (first == null) {
            return Optional.empty();
        }
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            // A request without a body ends here.
        }
        return Optional.of(first);
    }

    /** Whether the connection goes on. */
    private boolean answer(String request, BufferedReader in, OutputStream out) throws IOException {
        Matcher words = REQUEST.matcher(request);
        Optional<Kind> kind = words.matches()
                ? Arrays.stream(Kind.values()).filter(one -> one.path().equals(words.group(1))).findFirst()
                : Optional.empty();
        if (kind.isEmpty()) {
            ascii(out, "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            out.flush();
            return true;
        }
        String query = Optional.ofNullable(words.group(2)).orElse("");
        if (query.contains("watch=true")) {
            watch(kind.get(), in, out);
            return false;
        }
        list(store.list(kind.get()), out);
        return true;
    }

    private static void list(Listing listing, OutputStream out) throws IOException {
        String head = listing.kind().head(listing.version());
        long length = head.length() + listing.items().stream().mapToLong(item -> item.length + 1L).sum()
                - (listing.items().isEmpty() ? 0 : 1) + 2;
        ascii(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n");
        ascii(out, head);
        boolean first = true;
        for (byte[] item : listing.items()) {
            if (!first) {
                out.write(',');
            }
            out.write(item);
            first = false;
        }
        ascii(out, "]}");
        out.flush();
    }

    private void watch(Kind kind, BufferedReader in, OutputStream out) throws IOException {
        BlockingQueue<byte[]> events = store.watch(kind);
        byte[] end = {};
        Thread.ofPlatform().daemon().name("end of watch").start(() -> awaitEnd(in, events, end));
        try {
            ascii(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            out.flush();
            for (byte[] event = events.take(); event.length > 0; event = events.take()) {
                ascii(out, Integer.toHexString(event.length) + "\r\n");
                out.write(event);
                ascii(out, "\r\n");
                out.flush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            store.end(events);
        }
    }

    private static void awaitEnd(BufferedReader in, BlockingQueue<byte[]> events, byte[] end) {
        try {
            while (in.read() >= 0) {
                // Nothing that it could say matters.
            }
        } catch (IOException cut) {
            // Gone, too.
        }
        events.add(end);
    }

    private static void ascii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
