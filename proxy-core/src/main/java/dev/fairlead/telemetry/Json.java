package dev.fairlead.telemetry;

import java.util.Optional;

/**
 * Writes one JSON text (RFC 8259) from left to right, without white space. Not for several threads.
 *
 * <p>
 * Whatever strings are given, the text stays valid: what must be escaped is, half a surrogate pair becomes U+FFFD, and
 * a number that JSON has no form for (NaN, infinite) becomes {@code null}. Calls that would not make JSON, such as a
 * value without a name in an object, throw {@link IllegalStateException}.
 */
public final class Json {
    private static final String HEX = "0123456789abcdef";
    private static final int DEEPEST = 60;

    private final StringBuilder out;
    // One bit per open container, the innermost is bit 0.
    private long objects;
    private long started;
    private int depth;
    private boolean named;
    private boolean done;

    /**
     * Writes one text.
     *
     * @param out where it is appended
     */
    public Json(StringBuilder out) {
        this.out = out;
    }

    public Json beginObject() {
        return begin('{', 1);
    }

    public Json endObject() {
        return end('}', 1);
    }

    public Json beginArray() {
        return begin('[', 0);
    }

    public Json endArray() {
        return end(']', 0);
    }

    /** The name of the next member of an object. */
    public Json name(String name) {
        require(depth > 0 && (objects & 1) == 1 && !named, "a name");
        separate();
        quote(name);
        out.append(':');
        named = true;
        return this;
    }

    public Json value(String value) {
        beforeValue();
        quote(value);
        return this;
    }

    public Json value(long value) {
        beforeValue();
        out.append(value);
        return this;
    }

    public Json value(double value) {
        beforeValue();
        if (Double.isFinite(value)) {
            out.append(value);
        } else {
            out.append("null");
        }
        return this;
    }

    public Json value(boolean value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /** {@code null}, for what is absent. */
    public Json nothing() {
        beforeValue();
        out.append("null");
        return this;
    }

    /** A text, or {@code null} where there is none. */
    public Json text(Optional<String> value) {
        return value.map(this::value).orElseGet(this::nothing);
    }

    /** A number, or {@code null} where there is none. */
    public Json number(Optional<Long> value) {
        return value.map((Long number) -> value(number.longValue())).orElseGet(this::nothing);
    }

    public Json member(String name, String value) {
        return name(name).value(value);
    }

    public Json member(String name, long value) {
        return name(name).value(value);
    }

    public Json member(String name, boolean value) {
        return name(name).value(value);
    }

    /** Whether a whole text was written and nothing is open. */
    public boolean complete() {
        return done && depth == 0;
    }

    private Json begin(char bracket, int object) {
        beforeValue();
        if (depth == DEEPEST) {
            throw new IllegalStateException("JSON nested deeper than " + DEEPEST);
        }
        out.append(bracket);
        depth++;
        objects = objects << 1 | object;
        started <<= 1;
        return this;
    }

    private Json end(char bracket, int object) {
        require(depth > 0 && (objects & 1) == object && !named, "'" + bracket + "'");
        out.append(bracket);
        depth--;
        objects >>>= 1;
        started >>>= 1;
        return this;
    }

    private void beforeValue() {
        if (depth == 0) {
            require(!done, "a second value");
            done = true;
        } else if ((objects & 1) == 1) {
            require(named, "a value without a name");
            named = false;
        } else {
            separate();
        }
    }

    private void separate() {
        if ((started & 1) == 1) {
            out.append(',');
        }
        started |= 1;
    }

    private void require(boolean fits, String what) {
        if (!fits) {
            throw new IllegalStateException("JSON: " + what + " does not fit here, at character " + out.length());
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                quote(c);
            }
        }
        out.append('"');
    }

    private void quote(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isSurrogate(c)) {
                    out.append('\uFFFD');
                } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                    // More than the standard asks for: line separators and C1 controls upset terminals and scripts.
                    out.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt(c >> 8 & 15))
                            .append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
