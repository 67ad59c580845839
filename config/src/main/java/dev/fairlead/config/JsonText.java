package dev.fairlead.config;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and booleans as JSON, two spaces a level, ending in a line break. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();

    private JsonText() {
    }

    static String of(Object value) {
        JsonText text = new JsonText();
        text.value(value, "");
        return text.out.append('\n').toString();
    }

    private void value(Object value, String indent) {
        switch (value) {
            case Map<?, ?> map -> map(map, indent);
            case List<?> list -> list(list, indent);
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            case Object other -> quoted(other.toString());
        }
    }

    private void map(Map<?, ?> map, String indent) {
        out.append('{');
        String inner = indent + "  ";
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            out.append('\n').append(inner);
            quoted(entry.getKey().toString());
            out.append(": ");
            value(entry.getValue(), inner);
            out.append(entries.hasNext() ? "," : "\n" + indent);
        }
        out.append('}');
    }

    /** On one line: the lists of a schema are short. */
    private void list(List<?> list, String indent) {
        out.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            value(items.next(), indent);
            out.append(items.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
