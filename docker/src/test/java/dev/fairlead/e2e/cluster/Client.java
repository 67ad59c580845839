package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Somebody who asks from a host. He gets the answer, or one of the verdicts of upstream's {@code agnhost connect}:
 * {@code REFUSED}, {@code TIMEOUT}, {@code OTHER} with what happened.
 *
 * @param patienceMillis how long he waits to be connected, and for every answer
 */
record Client(Host host, int patienceMillis) {
    static final String REFUSED = "REFUSED";
    static final String TIMEOUT = "TIMEOUT";
    private static final String OTHER = "OTHER: ";
    /** Upstream's patience with {@code agnhost connect}. */
    static final int USUAL_PATIENCE_MILLIS = 3000;
    private static final int LARGEST = 65_535;

    Client(Host host) {
        this(host, USUAL_PATIENCE_MILLIS);
    }

    /** Whether what was met is an answer, and no verdict. */
    static boolean answered(String met) {
        return !met.equals(REFUSED) && !met.equals(TIMEOUT) && !met.startsWith(OTHER);
    }

    /**
     * Asks once, from a port that was never used before.
     *
     * @param address such as {@code 172.30.0.1:80}
     * @param question {@code hostname}, {@code clientip}, {@code echo?msg=}
     */
    String ask(Protocol protocol, String address, String question) throws IOException {
        return protocol == Protocol.UDP ? datagram(address, question) : http(address, question);
    }

    private String http(String address, String question) throws IOException {
        try (Socket socket = host.namespace().call(() -> SocketChannel.open().socket())) {
            String all = talk(socket, address, "/" + question);
            int head = all.indexOf("\r\n\r\n");
            return head < 0 ? OTHER + "no answer but \"" + all + "\"" : all.substring(head + 4).strip();
        } catch (IOException met) {
            return verdict(met);
        }
    }

    /** The status of an HTTP answer, and whatever else stands in its first lines; a verdict where there is none. */
    String head(String address, String path) throws IOException {
        try (Socket socket = host.namespace().call(() -> SocketChannel.open().socket())) {
            String all = talk(socket, address, path);
            int end = all.indexOf("\r\n\r\n");
            return end < 0 ? OTHER + all : all.substring(0, end);
        } catch (IOException met) {
            return verdict(met);
        }
    }

    private String talk(Socket socket, String address, String path) throws IOException {
        socket.setSoTimeout(patienceMillis);
        socket.connect(Addresses.socket(address), patienceMillis);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: service.test\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private String datagram(String address, String question) throws IOException {
        try (DatagramSocket socket = socket(0)) {
            return exchange(socket, address, question, patienceMillis);
        }
    }

    /**
     * A UDP socket here.
     *
     * @param port its own; 0 is any
     */
    DatagramSocket socket(int port) throws IOException {
        DatagramSocket socket = host.namespace().call(() -> DatagramChannel.open().socket());
        socket.bind(new InetSocketAddress(port));
        return socket;
    }

    /** Sends one datagram and waits for one. */
    static String exchange(DatagramSocket socket, String address, String question, int patienceMillis) {
        try {
            if (!socket.isConnected()) {
                // Only who is connected is told by ICMP.
                socket.connect(Addresses.socket(address));
            }
            socket.setSoTimeout(patienceMillis);
            byte[] bytes = question.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket answer = new DatagramPacket(new byte[LARGEST], LARGEST);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        } catch (IOException met) {
            return verdict(met);
        }
    }

    private static String verdict(IOException met) {
        if (met instanceof SocketTimeoutException) {
            return TIMEOUT;
        }
        boolean refused = met instanceof PortUnreachableException
                || (met instanceof ConnectException && String.valueOf(met.getMessage()).contains("refused"));
        return refused ? REFUSED : OTHER + met;
    }
}
