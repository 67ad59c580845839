package dev.fairlead.e2e.page;

import dev.fairlead.e2e.Addresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Behind an endpoint: it says its name first and then echoes lines, at port 8080 of an address of its own. */
final class Echo implements AutoCloseable {
    static final int PORT = 8080;

    private final ServerSocket door = new ServerSocket();
    private final String name;

    private Echo(String name) throws IOException {
        this.name = name;
        door.setReuseAddress(true);
        door.bind(Addresses.socket(Addresses.next() + ":" + PORT));
    }

    static Echo start(String name) throws IOException {
        Echo echo = new Echo(name);
        Thread.ofVirtual().name(name).start(echo::serve);
        return echo;
    }

    String ip() {
        return door.getInetAddress().getHostAddress();
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().name(name).start(() -> talk(client));
            } catch (IOException over) {
                // It is closed: the end.
            }
        }
    }

    private void talk(Socket client) {
        try (client) {
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            String line = name;
            while (line != null) {
                client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                line = lines.readLine();
            }
        } catch (IOException left) {
            // The client's business.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
