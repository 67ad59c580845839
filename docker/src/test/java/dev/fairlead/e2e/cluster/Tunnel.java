package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way from a namespace to something that listens in the test's own, which nothing routes to: the API server's double.
 * Closing it cuts everybody off.
 */
final class Tunnel implements AutoCloseable {
    private final ServerSocket door;
    private final InetSocketAddress to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Tunnel(ServerSocket door, InetSocketAddress to) {
        this.door = door;
        this.to = to;
    }

    /**
     * Opens it.
     *
     * @param from an address inside
     * @param to an address in the test's own namespace
     */
    static Tunnel open(NetworkNamespace namespace, String from, InetSocketAddress to) throws IOException {
        ServerSocket door = namespace.call(() -> ServerSocketChannel.open().socket());
        door.setReuseAddress(true);
        door.bind(Addresses.socket(from));
        Tunnel tunnel = new Tunnel(door, to);
        Thread.ofVirtual().start(tunnel::accept);
        return tunnel;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                Socket far = new Socket();
                open.add(near);
                open.add(far);
                far.connect(to);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            } catch (IOException over) {
                // The end.
            }
        }
    }

    private void copy(Socket one, Socket other) {
        try (one; other) {
            one.getInputStream().transferTo(other.getOutputStream());
        } catch (IOException over) {
            // Either has gone.
        } finally {
            open.remove(one);
            open.remove(other);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
