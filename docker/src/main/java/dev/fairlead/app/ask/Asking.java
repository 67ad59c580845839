package dev.fairlead.app.ask;

import dev.fairlead.transport.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks a running process, one question a connection. In plain words of HTTP/1.1 over a socket, since the JDK's clients
 * know no unix sockets and take longer to start than the answer takes.
 */
public final class Asking {
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int MOST_BYTES = 256 * 1024 * 1024;
    private static final int FINE = 200;

    private Asking() {
    }

    /** What came of asking. */
    public sealed interface Answer {
        /**
         * Somebody answers.
         *
         * @param text without the end of its last line
         */
        record Said(int status, String text) implements Answer {
            public boolean fine() {
                return status == FINE;
            }
        }

        /**
         * Nobody does.
         *
         * @param why for a reader: who was asked, and what to do
         */
        record Nobody(String why) implements Answer {
        }
    }

    /** Reads something; {@code accept} as in HTTP. */
    public static Answer get(Place place, String path, String accept) {
        return ask(place, "GET", path, "accept: " + accept + "\r\n");
    }

    /** A word as it goes into a query. */
    public static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }

    /** Changes something. */
    public static Answer post(Place place, String path, Optional<String> token) {
        return ask(place, "POST", path,
                "content-length: 0\r\n" + token.map(word -> "authorization: Bearer " + word + "\r\n").orElse(""));
    }

    private static Answer ask(Place place, String method, String path, String headers) {
        String host = switch (place) {
            case Place.Own _ -> "localhost";
            case Place.Admin _ -> place.toString().substring("http://".length());
        };
        String request = method + " " + path + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n" + headers
                + "\r\n";
        try {
            return said(exchange(place.socketAddress(), request));
        } catch (IOException none) {
            return new Answer.Nobody("no Fairlead answers at " + place + ": "
                    + Optional.ofNullable(none.getMessage()).orElse("no answer")
                    + " (expected: a running one; say where with --admin IP:PORT)");
        }
    }

    /** Everything that comes until the other side ends. */
    private static byte[] exchange(SocketAddress to, String request) throws IOException {
        long deadline = Ticker.SYSTEM.nanos() + PATIENCE.toNanos();
        try (Selector selector = Selector.open(); SocketChannel channel = SocketChannel.open(family(to))) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(to)) {
                await(selector, deadline);
                channel.finishConnect();
            }
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            key.interestOps(SelectionKey.OP_WRITE);
            while (channel.write(out) >= 0 && out.hasRemaining()) {
                await(selector, deadline);
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            for (int read = channel.read(in); read >= 0; read = channel.read(in)) {
                if (read == 0) {
                    await(selector, deadline);
                }
                all.write(in.array(), 0, in.position());
                in.clear();
                if (all.size() > MOST_BYTES) {
                    throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
                }
            }
            return all.toByteArray();
        }
    }

    private static ProtocolFamily family(SocketAddress to) {
        return switch (to) {
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case InetSocketAddress ip when ip.getAddress() instanceof Inet4Address ->
                StandardProtocolFamily.INET;
            default -> StandardProtocolFamily.INET6;
        };
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long millis = Duration.ofNanos(deadline - Ticker.SYSTEM.nanos()).toMillis();
        if (millis <= 0 || selector.select(millis) == 0) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
        }
        selector.selectedKeys().clear();
    }

    private static Answer said(byte[] all) throws IOException {
        String text = new String(all, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        String[] first = text.split(" ", 3);
        if (end < 0 || first.length < 3 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw new IOException(all.length == 0 ? "it said nothing" : "what answers there does not speak HTTP");
        }
        return new Answer.Said(Integer.parseInt(first[1]), text.substring(end + 4).strip());
    }
}
