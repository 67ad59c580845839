package dev.fairlead.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a JSON text exactly as RFC 8259 has it and refuses everything else, a name twice in one object too. Objects
 * become maps, arrays lists, numbers doubles, null an empty Optional.
 */
public final class JsonReading {
    private final String text;
    private int at;

    private JsonReading(String text) {
        this.text = text;
    }

    /** Reads one value; throws IllegalArgumentException where the text is anything else. */
    public static Object read(String text) {
        JsonReading reading = new JsonReading(text);
        Object value = reading.value();
        reading.space();
        reading.require(reading.at == text.length(), "the end");
        return value;
    }

    /** A text that is known to be an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(String text) {
        return (Map<String, Object>) read(text);
    }

    private Object value() {
        space();
        require(at < text.length(), "a value");
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", Optional.empty());
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (taken('}')) {
            return members;
        }
        do {
            space();
            String name = string();
            space();
            require(taken(':'), "':'");
            require(members.put(name, value()) == null, "a name that is new, not " + name);
            space();
        } while (taken(','));
        require(taken('}'), "'}'");
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return elements;
        }
        do {
            elements.add(value());
            space();
        } while (taken(','));
        require(taken(']'), "']'");
        return elements;
    }

    private String string() {
        require(taken('"'), "'\"'");
        StringBuilder out = new StringBuilder();
        while (true) {
            require(at < text.length(), "the end of the string");
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            require(c >= ' ', "no bare control character");
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case '"', '\\', '/' -> out.append(escaped);
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    String digits = text.substring(at, at + 4);
                    require(digits.matches("[0-9a-fA-F]{4}"), "four hex digits");
                    out.append((char) Integer.parseInt(digits, 16));
                    at += 4;
                }
                default -> require(false, "an escape");
            }
        }
    }

    private Object word(String word, Object meaning) {
        require(text.startsWith(word, at), word);
        at += word.length();
        return meaning;
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        require(number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), "a number, not '" + number + "'");
        return Double.valueOf(number);
    }

    private boolean taken(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void require(boolean found, String expected) {
        if (!found) {
            throw new IllegalArgumentException("at " + at + ": expected " + expected + " in: " + text);
        }
    }
}
