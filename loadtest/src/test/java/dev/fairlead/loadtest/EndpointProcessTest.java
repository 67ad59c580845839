package dev.fairlead.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndpointProcessTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void anEndpointThatGreetsSaysItsNameAndThenEchoesUntilFin() throws IOException {
        try (EndpointProcess endpoint = start(EndpointPlan.Mode.GREET); Socket client = connect(endpoint)) {
            BufferedReader lines = reader(client);
            assertThat(lines.readLine()).isEqualTo("web-0");
            say(client, "hello\n");
            assertThat(lines.readLine()).isEqualTo("hello");
            client.shutdownOutput();
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void anEndpointThatEchoesSaysNothingOfItsOwn() throws IOException {
        try (EndpointProcess endpoint = start(EndpointPlan.Mode.ECHO); Socket client = connect(endpoint)) {
            say(client, "hello\n");
            assertThat(reader(client).readLine()).isEqualTo("hello");
        }
    }

    @Test
    void anSmtpEndpointSpeaksFirstAndTakesAMail() throws IOException {
        try (EndpointProcess endpoint = start(EndpointPlan.Mode.SMTP); Socket client = connect(endpoint)) {
            BufferedReader lines = reader(client);
            assertThat(lines.readLine()).isEqualTo("220 web-0 ESMTP");
            say(client, "EHLO me\r\n");
            assertThat(lines.readLine()).isEqualTo("250 web-0");
            say(client, "DATA\r\n");
            assertThat(lines.readLine()).startsWith("354");
            say(client, "Subject: QUIT\r\n\r\nQUIT\r\n.\r\n");
            assertThat(lines.readLine()).startsWith("250");
            say(client, "QUIT\r\n");
            assertThat(lines.readLine()).startsWith("221");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void anEndpointThatResetsAfterSomeBytesResetsThenAndNotBefore() throws IOException {
        try (EndpointProcess endpoint = EndpointProcess
                .start(EndpointPlan.on(ANYWHERE, "web-0", EndpointPlan.Mode.RESET_AFTER).withBytes(10));
                Socket client = connect(endpoint)) {
            say(client, "123456789");
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("timed out");
            say(client, "0");
            client.setSoTimeout(5000);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aSlowReaderMakesItsClientWait() throws IOException {
        try (EndpointProcess endpoint = EndpointProcess
                .start(EndpointPlan.on(ANYWHERE, "web-0", EndpointPlan.Mode.SLOW_READER).withBytes(1000));
                Socket client = connect(endpoint)) {
            long[] sent = new long[1];
            Thread writer = Thread.ofVirtual().start(() -> {
                byte[] chunk = new byte[64 * 1024];
                try {
                    while (sent[0] < 1L << 30) {
                        client.getOutputStream().write(chunk);
                        sent[0] += chunk.length;
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            await().until(() -> writer.getState() == Thread.State.WAITING && sent[0] > 0);
            assertThat(sent[0]).isLessThan(64L << 20);
        }
    }

    @Test
    void aSilentEndpointKeepsConnectionsOpenAndClosesThemWithItself() throws IOException {
        try (EndpointProcess endpoint = start(EndpointPlan.Mode.SILENT); Socket client = connect(endpoint)) {
            await().until(() -> endpoint.report().open() == 1);
            endpoint.stop();
            client.setSoTimeout(5000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> connect(endpoint)).hasMessageContaining("refused");
        }
    }

    private static EndpointProcess start(EndpointPlan.Mode mode) throws IOException {
        return EndpointProcess.start(EndpointPlan.on(ANYWHERE, "web-0", mode));
    }

    private static Socket connect(EndpointProcess endpoint) throws IOException {
        return new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
