package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs in a pod, as upstream's agnhost netexec does: over HTTP and over UDP it tells its name ({@code hostname}),
 * who asks ({@code clientip}), both ({@code seen}: who asks, a space, its name) and what was said ({@code echo}). It
 * listens at one port of both protocols and families.
 */
final class PodServer implements Closeable {
    private static final int LARGEST = 65_535;
    private static final int PATIENCE_MILLIS = 10_000;

    private final String name;
    private final List<ServerSocket> doors = new ArrayList<>();
    private final List<DatagramSocket> datagrams = new ArrayList<>();

    private PodServer(String name) {
        this.name = name;
    }

    /**
     * Returns when it listens.
     *
     * @param name what it answers
     */
    static PodServer start(Host host, int port, String name) throws IOException {
        PodServer server = new PodServer(name);
        try {
            for (IpFamily family : IpFamily.values()) {
                InetSocketAddress address = new InetSocketAddress(host.ip(family), port);
                ServerSocket door = host.namespace().call(() -> ServerSocketChannel.open().socket());
                server.doors.add(door);
                door.setReuseAddress(true);
                door.bind(address);
                DatagramSocket socket = host.namespace().call(() -> DatagramChannel.open().socket());
                server.datagrams.add(socket);
                socket.bind(address);
            }
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
        server.doors.forEach(door -> Thread.ofVirtual().start(() -> server.accept(door)));
        server.datagrams.forEach(socket -> Thread.ofVirtual().start(() -> server.receive(socket)));
        return server;
    }

    private void accept(ServerSocket door) {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException over) {
                // The end.
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            client.setSoTimeout(PATIENCE_MILLIS);
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            for (String head = request; head != null && !head.isEmpty(); head = in.readLine()) {
                // The rest of the head says nothing to us.
            }
            if (request != null) {
                String body = reply(request.split(" ", -1)[1].substring(1), (InetSocketAddress) client
                        .getRemoteSocketAddress());
                client.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length()
                        + "\r\nConnection: close\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException over) {
            // The client's business.
        }
    }

    private void receive(DatagramSocket socket) {
        byte[] room = new byte[LARGEST];
        while (!socket.isClosed()) {
            try {
                DatagramPacket request = new DatagramPacket(room, room.length);
                socket.receive(request);
                byte[] answer = reply(new String(room, 0, request.getLength(), StandardCharsets.US_ASCII),
                        (InetSocketAddress) request.getSocketAddress()).getBytes(StandardCharsets.US_ASCII);
                socket.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
            } catch (IOException over) {
                // The client's business, or the end.
            }
        }
    }

    private String reply(String request, InetSocketAddress client) {
        if (request.startsWith("echo?msg=")) {
            return request.substring("echo?msg=".length());
        }
        String ip = client.getAddress().getHostAddress();
        return switch (request) {
            case "clientip" -> ip;
            case "seen" -> ip + " " + name;
            default -> name;
        };
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket door : doors) {
            door.close();
        }
        datagrams.forEach(DatagramSocket::close);
    }
}
