package dev.fairlead.e2e.page;

import dev.fairlead.e2e.Addresses;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A request with headers that no well-behaved client would send. */
record Request(String first, List<String> headers) {
    static Request of(String first, String... headers) {
        return new Request(first, List.of(headers));
    }

    /** The status and all that follows it. */
    String askedAt(String address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(Addresses.socket(address), 5000);
            socket.setSoTimeout(10_000);
            String head = first + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.replaceFirst("^HTTP/1\\.1 ", "");
        }
    }
}
