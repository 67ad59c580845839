package dev.fairlead.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** Whole numbers of the YAML 1.2 core schema: {@code 80}, {@code +80}, {@code 0x50}, {@code 0o120}. */
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,15}");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,20}");

    private Numbers() {
    }

    /** The number, or empty where it is none or does not fit. */
    static Optional<Integer> integer(String text) {
        long value;
        if (DECIMAL.matcher(text).matches()) {
            value = Long.parseLong(text);
        } else if (HEX.matcher(text).matches()) {
            value = Long.parseLong(text.substring(2), 16);
        } else if (OCTAL.matcher(text).matches()) {
            value = Long.parseLong(text.substring(2), 8);
        } else {
            return Optional.empty();
        }
        return value == (int) value ? Optional.of((int) value) : Optional.empty();
    }
}
