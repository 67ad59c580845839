package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A pod that says its name to whoever connects, then gives back every line, until the other side has said all. */
final class TalkingPod implements Closeable {
    private final String name;
    private final List<ServerSocket> doors = new ArrayList<>();

    private TalkingPod(String name) {
        this.name = name;
    }

    /** Returns when it listens, in both families. */
    static TalkingPod start(Host host, int port, String name) throws IOException {
        TalkingPod pod = new TalkingPod(name);
        for (IpFamily family : IpFamily.values()) {
            ServerSocket door = host.namespace().call(() -> ServerSocketChannel.open().socket());
            pod.doors.add(door);
            door.setReuseAddress(true);
            door.bind(new InetSocketAddress(host.ip(family), port));
            Thread.ofVirtual().start(() -> pod.accept(door));
        }
        return pod;
    }

    private void accept(ServerSocket door) {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> talk(client));
            } catch (IOException over) {
                // The end.
            }
        }
    }

    private void talk(Socket client) {
        try (client) {
            say(client, name);
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(client, line);
            }
        } catch (IOException over) {
            // The client sees it, and says so.
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket door : doors) {
            door.close();
        }
    }
}
