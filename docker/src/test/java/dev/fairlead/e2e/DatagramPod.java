package dev.fairlead.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A UDP server behind an endpoint: what it gets goes back with its name in front, such as {@code one hello}. */
final class DatagramPod implements AutoCloseable {
    private static final int USUAL_PORT = 8080;
    private static final int LARGEST = 65_535;

    private final String name;
    private final DatagramSocket socket;
    private final Thread thread;

    private DatagramPod(String name, DatagramSocket socket) {
        this.name = name;
        this.socket = socket;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::serve);
    }

    /** Where nobody else is. */
    static DatagramPod start(String name, Family family) throws IOException {
        return start(name, family.address(), family.port(USUAL_PORT));
    }

    static DatagramPod start(String name, String ip, int port) throws IOException {
        DatagramPod pod = new DatagramPod(name, new DatagramSocket(new InetSocketAddress(ip, port)));
        pod.thread.start();
        return pod;
    }

    String name() {
        return name;
    }

    String ip() {
        String ip = socket.getLocalAddress().getHostAddress();
        return ip.contains(":") ? "::1" : ip;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        byte[] room = new byte[LARGEST];
        byte[] greeting = (name + " ").getBytes(StandardCharsets.UTF_8);
        while (!socket.isClosed()) {
            try {
                DatagramPacket request = new DatagramPacket(room, room.length);
                socket.receive(request);
                byte[] answer = Arrays.copyOf(greeting, greeting.length + request.getLength());
                System.arraycopy(room, 0, answer, greeting.length, request.getLength());
                socket.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
            } catch (IOException over) {
                // The client's business, or the end.
            }
        }
    }

    /** Returns when nobody listens there: whoever sends something then learns it by ICMP. */
    @Override
    public void close() {
        socket.close();
        await("nobody listens").pollInterval(Duration.ofMillis(10)).until(() -> !thread.isAlive());
    }
}
