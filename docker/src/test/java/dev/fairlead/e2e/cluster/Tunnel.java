package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocketFactory;

/**
 * A way from a namespace to something that listens in the test's own, which nothing routes to: the API server's double.
 * Closing it cuts everybody off.
 */
final class Tunnel implements AutoCloseable {
    private final ServerSocket door;
    private final InetSocketAddress to;
    private final Optional<SSLSocketFactory> tls;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Tunnel(ServerSocket door, InetSocketAddress to, Optional<SSLSocketFactory> tls) {
        this.door = door;
        this.to = to;
        this.tls = tls;
    }

    /**
     * Opens it.
     *
     * @param from an address inside
     * @param to an address in the test's own namespace
     */
    static Tunnel open(NetworkNamespace namespace, String from, InetSocketAddress to) throws IOException {
        return open(namespace, from, to, Optional.empty());
    }

    /**
     * The same with TLS inside, which ends here.
     *
     * @param identity with which the tunnel answers
     */
    static Tunnel open(NetworkNamespace namespace, String from, InetSocketAddress to, TlsIdentity identity)
            throws IOException {
        return open(namespace, from, to, Optional.of(identity.sockets()));
    }

    private static Tunnel open(NetworkNamespace namespace, String from, InetSocketAddress to,
            Optional<SSLSocketFactory> tls) throws IOException {
        ServerSocket door = namespace.call(() -> ServerSocketChannel.open().socket());
        door.setReuseAddress(true);
        door.bind(Addresses.socket(from));
        Tunnel tunnel = new Tunnel(door, to, tls);
        Thread.ofVirtual().start(tunnel::accept);
        return tunnel;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket accepted = door.accept();
                // The handshake is made when the first byte is read or written.
                Socket near = tls.isPresent()
                        ? tls.get().createSocket(accepted, InputStream.nullInputStream(), true)
                        : accepted;
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
