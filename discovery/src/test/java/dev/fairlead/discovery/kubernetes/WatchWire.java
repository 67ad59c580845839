package dev.fairlead.discovery.kubernetes;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a watch's lines go over the wire: as chunks of an HTTP answer, or as messages of a web socket (RFC 6455). */
sealed interface WatchWire {
    /** As the client wants it. */
    static WatchWire of(List<String> head) {
        return wantsWebSocket(head)
                ? new WebSocket(header(head, "Sec-WebSocket-Key").orElseThrow())
                : new Chunks();
    }

    static boolean wantsWebSocket(List<String> head) {
        return header(head, "Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    }

    private static Optional<String> header(List<String> head, String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return head.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip()).findFirst();
    }

    void begin(OutputStream out) throws IOException;

    void write(String line, OutputStream out) throws IOException;

    void end(OutputStream out) throws IOException;

    /** Returns when the client has gone or wants to. */
    void awaitEnd(BufferedReader in);

    private static void send(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static byte[] ascii(String... lines) {
        return String.join("\r\n", lines).getBytes(StandardCharsets.US_ASCII);
    }

    /** An answer without an end. */
    record Chunks() implements WatchWire {
        @Override
        public void begin(OutputStream out) throws IOException {
            send(out, ascii("HTTP/1.1 200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked",
                    "Connection: close", "", ""));
        }

        @Override
        public void write(String line, OutputStream out) throws IOException {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            chunk.write(ascii(Integer.toHexString(bytes.length), ""));
            chunk.write(bytes);
            chunk.write(ascii("", ""));
            send(out, chunk.toByteArray());
        }

        @Override
        public void end(OutputStream out) throws IOException {
            send(out, ascii("0", "", ""));
        }

        @Override
        public void awaitEnd(BufferedReader in) {
            try {
                while (in.read() >= 0) {
                    // Nothing that it could say matters.
                }
            } catch (IOException cut) {
                // Gone, too.
            }
        }
    }

    /** One text message a line. */
    record WebSocket(String key) implements WatchWire {
        private static final int TEXT = 0x81;
        private static final int CLOSE = 0x88;

        @Override
        public void begin(OutputStream out) throws IOException {
            send(out, ascii("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                    "Sec-WebSocket-Accept: " + accept(), "", ""));
        }

        private String accept() {
            try {
                byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
                return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-1", impossible);
            }
        }

        @Override
        public void write(String line, OutputStream out) throws IOException {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(TEXT);
            if (bytes.length < 126) {
                frame.write(bytes.length);
            } else if (bytes.length < 65_536) {
                frame.write(126);
                frame.write(bytes.length >> 8);
                frame.write(bytes.length);
            } else {
                throw new IOException("an event of " + bytes.length + " bytes is more than a test needs");
            }
            frame.write(bytes);
            send(out, frame.toByteArray());
        }

        @Override
        public void end(OutputStream out) throws IOException {
            send(out, new byte[]{(byte) CLOSE, 2, (byte) (1000 >> 8), (byte) 1000});
        }

        @Override
        public void awaitEnd(BufferedReader in) {
            try {
                for (int first = in.read(); first >= 0 && first != CLOSE; first = in.read()) {
                    // Pings at most: a short length and a mask go before what they carry.
                    in.skip(4 + (in.read() & 0x7f));
                }
            } catch (IOException cut) {
                // Gone, too.
            }
        }
    }
}
