package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.IpPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;

/** Endpoints that say one letter to whoever comes, and clients that hear it. */
final class Calls {
    private Calls() {
    }

    /** From now on whoever connects is told the letter, until the socket is closed. */
    static void answer(ServerSocket listening, char letter) {
        Thread.ofPlatform().daemon().start(() -> {
            while (!listening.isClosed()) {
                try (Socket client = listening.accept()) {
                    client.getOutputStream().write(letter);
                } catch (IOException closedOrGone) {
                    // The next one, if there will be any.
                }
            }
        });
    }

    /** What the one who answers at {@code 10.96.0.10:80} says. */
    static char heard(String address) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(IpPort.of(address).socketAddress(), 10_000);
            client.setSoTimeout(10_000);
            return (char) client.getInputStream().read();
        }
    }

    static void assertRefused(String address) {
        assertThatThrownBy(() -> heard(address)).as(address).isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");
    }

    /** Sends a datagram and waits for the answer. */
    static void ask(String address) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(IpPort.of(address).socketAddress());
            client.setSoTimeout(10_000);
            client.send(new DatagramPacket(new byte[1], 1));
            client.receive(new DatagramPacket(new byte[1], 1));
        }
    }
}
