package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static String written(Consumer<Json> writing) {
        StringBuilder out = new StringBuilder();
        Json json = new Json(out);
        writing.accept(json);
        assertThat(json.complete()).isTrue();
        return out.toString();
    }

    @Test
    void objectsArraysAndValuesAreWrittenWithoutWhiteSpace() {
        String text = written(json -> json.beginObject().member("a", "x").member("b", 7).member("c", true).name("d")
                .beginArray().value(1.5).nothing().beginObject().endObject().beginArray().endArray().endArray()
                .name("e").value(Long.MIN_VALUE).endObject());
        assertThat(text).isEqualTo(
                "{\"a\":\"x\",\"b\":7,\"c\":true,\"d\":[1.5,null,{},[]],\"e\":-9223372036854775808}");
    }

    @Test
    void hostileNamesComeBackAsTheyWere() {
        for (String hostile : List.of("\"", "\\", "\\\"", "\",\"admin\":true,\"", "a\nb\rc\td\be\ff\u0000g\u001f",
                "\u007f\u0085\u009b31m", "\u2028\u2029", "</script>", "ä日本\uD83D\uDE80", "", " ", "\\u0041")) {
            String text = written(json -> json.beginObject().member(hostile, hostile).endObject());
            assertThat(JsonReading.object(text)).isEqualTo(Map.of(hostile, hostile));
            assertThat(text.chars()).as("one line, no control characters: %s", text)
                    .noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
        }
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() {
        for (String half : List.of("a\uD83Db", "a\uDE80b", "a\uDE80\uD83D", "\uD83D")) {
            String text = written(json -> json.value(half));
            assertThat(JsonReading.read(text))
                    .isEqualTo(half.replace('\uD83D', '\uFFFD').replace('\uDE80', '\uFFFD'));
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void randomTextAndNumbersComeBackAsTheyWere() {
        long seed = Ticker.SYSTEM.nanos();
        Randomness random = Randomness.seeded(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder any = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                any.append((char) random.nextInt(0x3000));
            }
            double number = Double.longBitsToDouble(
                    (long) random.nextInt(Integer.MAX_VALUE) << 33 ^ (long) random.nextInt(Integer.MAX_VALUE) << 2);
            Object expected = Double.isFinite(number) ? number : Optional.empty();
            String text = written(json -> json.beginArray().value(any.toString()).value(number).endArray());
            assertThat(JsonReading.read(text)).as("seed %d", seed).isEqualTo(List.of(any.toString(), expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN, null", "Infinity, null", "-Infinity, null", "0.0, 0.0", "1.0E-5, 1.0E-5"})
    void aNumberThatJsonHasNoFormForBecomesNull(double number, String expected) {
        assertThat(written(json -> json.value(number))).isEqualTo(expected);
    }

    @Test
    void callsThatWouldNotMakeJsonAreRefused() {
        List<Consumer<Json>> wrong = List.of(json -> json.name("a"), json -> json.endObject(),
                json -> json.beginObject().value(1), json -> json.beginObject().name("a").name("b"),
                json -> json.beginObject().name("a").endObject(), json -> json.beginObject().endArray(),
                json -> json.beginArray().name("a"), json -> json.beginArray().endObject(),
                json -> json.value(1).value(2), json -> json.beginObject().endObject().beginObject());
        for (int i = 0; i < wrong.size(); i++) {
            Consumer<Json> calls = wrong.get(i);
            assertThatThrownBy(() -> calls.accept(new Json(new StringBuilder()))).as("case %d", i)
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatIsStillOpenIsNotComplete() {
        Json json = new Json(new StringBuilder());
        assertThat(json.complete()).isFalse();
        json.beginArray();
        assertThat(json.complete()).isFalse();
        json.endArray();
        assertThat(json.complete()).isTrue();
    }

    @Test
    void nestingIsBounded() {
        Json json = new Json(new StringBuilder());
        assertThatThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
                json.beginArray();
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("60");
    }
}
