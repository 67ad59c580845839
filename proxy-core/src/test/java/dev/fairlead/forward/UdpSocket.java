package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

/** A client's or an endpoint's socket on loopback, as a test holds it in its hands. */
final class UdpSocket implements AutoCloseable {
    /** What came, and from whom. */
    record Came(String text, IpPort from) {
    }

    private final DatagramSocket socket;

    UdpSocket() throws IOException {
        this(new IpPort(InetAddress.getLoopbackAddress(), 0));
    }

    UdpSocket(IpPort address) throws IOException {
        socket = new DatagramSocket(address.socketAddress());
        socket.setSoTimeout(10_000);
    }

    IpPort address() {
        return IpPort.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void send(String text, IpPort to) throws IOException {
        byte[] bytes = text.getBytes(US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, to.socketAddress()));
    }

    /** The next datagram, within ten seconds. */
    Came receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.receive(packet);
        return new Came(new String(packet.getData(), 0, packet.getLength(), US_ASCII),
                IpPort.of((InetSocketAddress) packet.getSocketAddress()));
    }

    /** Receives one and answers it. */
    Came answer(String text) throws IOException {
        Came came = receive();
        send(text, came.from());
        return came;
    }

    /** Whether nothing has come, as far as the kernel knows now. */
    boolean nothingCame() throws IOException {
        socket.setSoTimeout(1);
        try {
            receive();
            return false;
        } catch (SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
