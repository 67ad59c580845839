package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Watched.Verb;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Hands on what a watch sends in ASCII alone, everything else as JSON's {@code \}{@code uXXXX}, which means the same
 * inside of its strings, and nowhere else can it be.
 *
 * <p>
 * fabric8 8.0.0 decodes each buffer of an HTTP watch by itself and reads the decoder's array to its end: a character of
 * more than one byte leaves NULs in front of the next event, which then cannot be parsed, so that everything is listed
 * again; and one that is cut in two by the edge of a buffer is lost.
 */
final class AsciiWatch implements Interceptor {
    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(AsyncBody.Consumer<List<ByteBuffer>> consumer,
            HttpRequest request) {
        if (Verb.of(request.uri()) != Verb.WATCH) {
            return consumer;
        }
        Escapes escapes = new Escapes();
        return (buffers, body) -> consumer.consume(buffers.stream().map(escapes::ascii).toList(), body);
    }

    /** One stream of bytes. One thread at a time. */
    static final class Escapes {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
        // The first bytes of a character whose others are still to come.
        private byte[] begun = new byte[0];

        /** The same text in ASCII; the same buffer where it is that already. */
        ByteBuffer ascii(ByteBuffer bytes) {
            if (begun.length == 0 && isAscii(bytes)) {
                return bytes;
            }
            ByteBuffer in = ByteBuffer.allocate(begun.length + bytes.remaining()).put(begun).put(bytes).flip();
            CharBuffer chars = CharBuffer.allocate(in.remaining());
            decoder.decode(in, chars, false);
            begun = new byte[in.remaining()];
            in.get(begun);
            StringBuilder text = new StringBuilder();
            for (char c : chars.flip().toString().toCharArray()) {
                if (c < 0x80) {
                    text.append(c);
                } else {
                    text.append("\\u").append(HexFormat.of().toHexDigits(c));
                }
            }
            return StandardCharsets.US_ASCII.encode(text.toString());
        }

        private static boolean isAscii(ByteBuffer bytes) {
            for (int i = bytes.position(); i < bytes.limit(); i++) {
                if (bytes.get(i) < 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
