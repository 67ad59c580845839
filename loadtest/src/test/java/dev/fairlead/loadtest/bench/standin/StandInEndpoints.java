package dev.fairlead.loadtest.bench.standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

final class StandInEndpoints implements StandIn.Role {
    private static final int BACKLOG = 4096;
    private static final int BUFFER = 65_536;

    private final AtomicLong accepted = new AtomicLong();

    @Override
    public String answer(String word, Map<String, String> options) throws IOException {
        if (word.equals("status")) {
            return "{\"accepted\":" + accepted.get() + "}";
        }
        if (!word.equals("serve")) {
            throw new IOException("this stand-in does not know " + word);
        }
        String kind = options.getOrDefault("kind", "");
        int bytes = Integer.parseInt(options.getOrDefault("bytes", "128"));
        for (InetSocketAddress address : StandIn.addresses(options.getOrDefault("listen", ""))) {
            ServerSocket door = new ServerSocket();
            door.setReuseAddress(true);
            door.bind(address, BACKLOG);
            Thread.ofVirtual().start(() -> accept(door, kind, bytes));
        }
        return "{\"listening\":[]}";
    }

    private void accept(ServerSocket door, String kind, int bytes) {
        while (true) {
            try {
                Socket socket = door.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, kind, bytes));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket, String kind, int bytes) {
        byte[] buffer = new byte[BUFFER];
        try (socket; InputStream in = socket.getInputStream(); OutputStream out = socket.getOutputStream()) {
            switch (kind) {
                case "reply" -> {
                    if (in.read(buffer) > 0) {
                        out.write(buffer, 0, bytes);
                    }
                }
                case "echo" -> {
                    for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                        out.write(buffer, 0, n);
                    }
                }
                case "sink" -> in.skip(Long.MAX_VALUE);
                case "source" -> {
                    while (!socket.isClosed()) {
                        out.write(buffer);
                    }
                }
                default -> throw new IOException("no such kind: " + kind);
            }
        } catch (IOException over) {
            // Its peer has gone.
        }
    }
}
