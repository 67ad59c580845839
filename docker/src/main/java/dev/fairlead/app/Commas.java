package dev.fairlead.app;

import java.util.List;
import java.util.stream.Stream;

/** Options that may be repeated, or said once with commas, as the environment must. */
final class Commas {
    private Commas() {
    }

    static List<String> split(List<String> values) {
        return values.stream().flatMap(value -> Stream.of(value.split(",", -1))).toList();
    }
}
