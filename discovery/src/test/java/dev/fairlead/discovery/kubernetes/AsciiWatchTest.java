package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.kubernetes.AsciiWatch.Escapes;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiWatchTest {
    private static final String EVENT = """
            {"kind":"Service","apiVersion":"v1","metadata":{"annotations":{"owner":"Jürgen, 東京, \uD83D\uDE80!"}}}""";

    private static String owner(String json) {
        return Objects.requireNonNull(
                Serialization.unmarshal(json, Service.class).getMetadata().getAnnotations().get("owner"));
    }

    @ParameterizedTest(name = "in pieces of {0} bytes")
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void charactersBecomeEscapesWhereverTheyAreCut(int size) {
        byte[] bytes = EVENT.getBytes(StandardCharsets.UTF_8);
        Escapes escapes = new Escapes();
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += size) {
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)).asReadOnlyBuffer();
            text.append(StandardCharsets.UTF_8.decode(escapes.ascii(piece)));
        }

        assertThat(text.toString()).matches("\\p{ASCII}*").contains("J\\u00fcrgen", "\\ud83d\\ude80");
        assertThat(owner(text.toString())).isEqualTo(owner(EVENT));
    }

    @Test
    void asciiIsHandedOnAsItIs() {
        ByteBuffer bytes = ByteBuffer.wrap("{}".getBytes(StandardCharsets.US_ASCII));

        assertThat(new Escapes().ascii(bytes)).isSameAs(bytes);
    }

    @Test
    void whatIsNoTextStaysReadable() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[]{'a', (byte) 0xff, 'b'});

        assertThat(StandardCharsets.UTF_8.decode(new Escapes().ascii(bytes)).toString()).isEqualTo("a\\ufffdb");
    }
}
