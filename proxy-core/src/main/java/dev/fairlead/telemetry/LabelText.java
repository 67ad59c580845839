package dev.fairlead.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * Labels of a series as both of Prometheus' texts have them between the braces, {@code name="value",...}: made once and
 * copied at each scrape. Immutable.
 */
final class LabelText {
    static final LabelText NONE = LabelText.of();

    private final byte[] bytes;

    private LabelText(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param pairs names and values in turn */
    static LabelText of(String... pairs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"");
            escape(pairs[i + 1], text);
            text.append('"');
        }
        return new LabelText(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    int length() {
        return bytes.length;
    }

    void copyTo(byte[] to, int at) {
        System.arraycopy(bytes, 0, to, at, bytes.length);
    }

    // The same three in both texts.
    private static void escape(String value, StringBuilder text) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }
}
