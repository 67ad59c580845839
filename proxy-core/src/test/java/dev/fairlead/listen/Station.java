package dev.fairlead.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.linux.NetworkNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A node and a pod on it, each in a network namespace, dual stack; every way out of the pod leads over the node. The
 * node is 192.168.7.1 and fd00:7::1, the pod 192.168.7.2 and fd00:7::2.
 */
public final class Station implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2_000;

    /** What a client meets. */
    public enum Meets {
        /** Somebody who takes the connection, or answers the datagram from the address it was sent to. */
        SOMEBODY,
        /** A reset, or ICMP port unreachable. */
        NOBODY,
        /** Nothing at all. */
        SILENCE
    }

    public final NetworkNamespace node = NetworkNamespace.open();
    public final NetworkNamespace pod = NetworkNamespace.open();
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();

    /** As described. */
    public Station() throws Exception {
        node.join("eth1", "192.168.7.1/24 fd00:7::1/64", pod, "192.168.7.2/24 fd00:7::2/64");
        pod.ip("route add default via 192.168.7.1");
        pod.ip("-6 route add default via fd00:7::1");
        node.ip("route add default via 192.168.7.2");
        node.ip("-6 route add default via fd00:7::2");
    }

    /** Closed before the station is. */
    public <T extends AutoCloseable> T closing(T one) {
        open.push(one);
        return one;
    }

    /** A process of the node that listens at this address over TCP and takes nobody from the queue. */
    public void listen(String address) throws Exception {
        InetSocketAddress where = IpPort.of(address).socketAddress();
        closing(node.inside(() -> {
            ServerSocket socket = new ServerSocket();
            socket.bind(where);
            return socket;
        }));
    }

    /** A process that sends datagrams back, in one of the two namespaces. */
    public void echo(NetworkNamespace where, String address) throws Exception {
        InetSocketAddress at = IpPort.of(address).socketAddress();
        DatagramSocket socket = closing(where.inside(() -> new DatagramSocket(at)));
        Thread.ofPlatform().daemon().name("echo").start(() -> {
            byte[] bytes = new byte[100];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                    socket.receive(packet);
                    socket.send(packet);
                }
            } catch (IOException closed) {
                // It is over.
            }
        });
    }

    /** What a connection meets. */
    public static Meets tcp(NetworkNamespace from, String address) throws Exception {
        return from.inside(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(IpPort.of(address).socketAddress(), PATIENCE_MILLIS);
                return Meets.SOMEBODY;
            } catch (ConnectException refused) {
                return Meets.NOBODY;
            } catch (SocketTimeoutException silence) {
                return Meets.SILENCE;
            }
        });
    }

    /** What a datagram meets: only an answer from the address that was asked counts. */
    public static Meets udp(NetworkNamespace from, String address) throws Exception {
        return from.inside(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(IpPort.of(address).socketAddress());
                socket.send(new DatagramPacket(new byte[]{1, 2, 3}, 3));
                socket.receive(new DatagramPacket(new byte[10], 10));
                return Meets.SOMEBODY;
            } catch (PortUnreachableException refused) {
                return Meets.NOBODY;
            } catch (SocketTimeoutException silence) {
                return Meets.SILENCE;
            }
        });
    }

    @Override
    public void close() {
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception failure) {
                failures.add(failure);
            }
        }
        node.close();
        pod.close();
        assertThat(failures).isEmpty();
    }
}
