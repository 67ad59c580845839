package dev.fairlead.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Something real behind an endpoint: it says its name to whoever connects, and hangs up. */
final class Pod implements AutoCloseable {
    private final String name;
    private final ServerSocket door;

    private Pod(String name, ServerSocket door) {
        this.name = name;
        this.door = door;
    }

    /** On an address of its own. */
    static Pod start(String name, int port) throws IOException {
        ServerSocket door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(Addresses.socket(Addresses.next() + ":" + port));
        Pod pod = new Pod(name, door);
        Thread.ofVirtual().name(name).start(pod::serve);
        return pod;
    }

    String name() {
        return name;
    }

    String ip() {
        return door.getInetAddress().getHostAddress();
    }

    private void serve() {
        while (!door.isClosed()) {
            try (Socket client = door.accept()) {
                client.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException over) {
                // The client's business, or the end.
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
