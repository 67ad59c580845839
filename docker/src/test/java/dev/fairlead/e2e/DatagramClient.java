package dev.fairlead.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A UDP client that keeps its port and learns who answers it: a pod's name, {@code REFUSED} or {@code TIMEOUT}. */
final class DatagramClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 1000;
    private static final int USUAL_BYTES = 20;
    private static final int LARGEST = 65_535;

    private final DatagramSocket socket;
    private final byte[] room = new byte[LARGEST];
    private int asked;

    private DatagramClient(DatagramSocket socket) {
        this.socket = socket;
    }

    /** On a port of its own. */
    static DatagramClient to(String address) throws IOException {
        return open(null, address);
    }

    /** On a port of its own at a source address. */
    static DatagramClient from(String ip, String address) throws IOException {
        return open(new InetSocketAddress(ip, 0), address);
    }

    /** Who answers one datagram of a port that was never used before. */
    static String once(String address) throws IOException {
        try (DatagramClient client = to(address)) {
            return client.ask();
        }
    }

    /** Its own address, as the access log has it. */
    String local() {
        String ip = socket.getLocalAddress().getHostAddress();
        return Addresses.at(ip.contains(":") ? "::1" : ip, socket.getLocalPort());
    }

    String ask() throws IOException {
        return ask(USUAL_BYTES);
    }

    /**
     * Sends one datagram and waits for the answer to it.
     *
     * @param bytes its length
     */
    String ask(int bytes) throws IOException {
        String number = asked++ + " ";
        String request = number + "x".repeat(bytes - number.length());
        byte[] sent = request.getBytes(StandardCharsets.US_ASCII);
        try {
            socket.send(new DatagramPacket(sent, sent.length));
            while (true) {
                DatagramPacket answer = new DatagramPacket(room, room.length);
                socket.receive(answer);
                String text = new String(room, 0, answer.getLength(), StandardCharsets.US_ASCII);
                if (text.endsWith(" " + request)) {
                    return text.substring(0, text.length() - request.length() - 1);
                }
                if (number(text) >= asked - 1) {
                    throw new IOException("not an answer to \"" + request + "\": \"" + text + "\"");
                }
            }
        } catch (PortUnreachableException refused) {
            return "REFUSED";
        } catch (SocketTimeoutException silent) {
            return "TIMEOUT";
        }
    }

    /** Which of our datagrams it answers. */
    private static int number(String text) throws IOException {
        String[] words = text.split(" ", -1);
        if (words.length != 3) {
            throw new IOException("not an answer: \"" + text + "\"");
        }
        return Integer.parseInt(words[1]);
    }

    private static DatagramClient open(@Nullable InetSocketAddress local, String address) throws IOException {
        DatagramSocket socket = local == null ? new DatagramSocket() : new DatagramSocket(local);
        try {
            socket.connect(Addresses.socket(address));
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new DatagramClient(socket);
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
