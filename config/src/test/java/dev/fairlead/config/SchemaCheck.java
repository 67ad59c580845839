package dev.fairlead.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** As much of JSON Schema as the schema of ProxyConfiguration uses; a word it does not know is an error. */
final class SchemaCheck {
    private SchemaCheck() {
    }

    /** Whether the schema accepts the value. */
    static boolean accepts(Map<?, ?> schema, Object value) {
        boolean accepted = true;
        for (Map.Entry<?, ?> rule : schema.entrySet()) {
            Object says = rule.getValue();
            accepted &= switch (String.valueOf(rule.getKey())) {
                case "$schema", "title", "description", "default", "examples" -> true;
                case "type" -> types(says).contains(typeOf(value));
                case "enum" -> list(says).contains(value);
                case "oneOf" -> list(says).stream().filter(each -> accepts(map(each), value)).count() == 1;
                case "items" -> !(value instanceof List<?> items)
                        || items.stream().allMatch(item -> accepts(map(says), item));
                case "minItems" -> !(value instanceof List<?> items) || items.size() >= (Integer) says;
                case "required" -> !(value instanceof Map<?, ?> map) || map.keySet().containsAll(list(says));
                case "properties" -> !(value instanceof Map<?, ?> map) || map.entrySet().stream().allMatch(
                        entry -> !map(says).containsKey(entry.getKey())
                                || accepts(map(property(says, entry.getKey())), entry.getValue()));
                case "additionalProperties" -> !(value instanceof Map<?, ?> map)
                        || map.entrySet().stream()
                                .filter(entry -> !map(property(schema, "properties")).containsKey(entry.getKey()))
                                .allMatch(entry -> says instanceof Map<?, ?> any && accepts(any, entry.getValue()));
                default -> throw new IllegalArgumentException("rule: " + rule.getKey());
            };
        }
        return accepted;
    }

    /** Every key that the schema names, as {@code drain.grace} and {@code services[].name}. */
    static List<String> keys(Map<?, ?> schema, String path) {
        List<String> keys = new ArrayList<>();
        if (schema.containsKey("properties")) {
            map(property(schema, "properties")).forEach((name, inner) -> {
                String key = path.isEmpty() ? name.toString() : path + "." + name;
                keys.add(key);
                keys.addAll(keys(map(inner), key));
            });
        }
        if (schema.containsKey("items")) {
            keys.addAll(keys(map(property(schema, "items")), path + "[]"));
        }
        return keys;
    }

    private static Object property(Object map, Object key) {
        Object value = map(map).get(key);
        if (value == null) {
            throw new IllegalArgumentException("absent: " + key);
        }
        return value;
    }

    private static List<?> types(Object says) {
        return says instanceof List<?> several ? several : List.of(says);
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Integer _ -> "integer";
            case Boolean _ -> "boolean";
            case List<?> _ -> "array";
            case Map<?, ?> _ -> "object";
            case Object other -> throw new IllegalArgumentException("value: " + other);
        };
    }

    static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }
}
