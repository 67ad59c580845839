package dev.fairlead.app;

import dev.fairlead.config.ConfigProblem;
import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.telemetry.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ProxyConfiguration written on behalf of a command line, so that its words go the way that a file's go and are
 * judged by the same reader. Remembers which option each value came from.
 */
final class ConfigurationText {
    private static final String NAME = "command line";

    private final StringBuilder text = new StringBuilder("""
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            """);
    private final Map<String, String> origins = new LinkedHashMap<>();

    /** Says a value at the top. */
    ConfigurationText say(String key, String value, String option) {
        text.append(key).append(": ").append(quoted(value)).append('\n');
        origins.put(key, option);
        return this;
    }

    /** Begins a group, whose values follow by {@link #sayInGroup}. */
    ConfigurationText group(String group) {
        text.append(group).append(":\n");
        return this;
    }

    ConfigurationText sayInGroup(String group, String key, String value, String option) {
        text.append("  ").append(key).append(": ").append(quoted(value)).append('\n');
        origins.put(group + "." + key, option);
        return this;
    }

    /** The one service of a one-liner. */
    ConfigurationText service(String name, List<String> listen, List<String> endpoints) {
        text.append("services:\n  - name: ").append(name).append('\n');
        list("listen", listen, "--listen");
        list("endpoints", endpoints, "--to");
        return this;
    }

    private void list(String key, List<String> values, String option) {
        text.append("    ").append(key).append(":\n");
        values.forEach(value -> text.append("      - ").append(quoted(value)).append('\n'));
        origins.put("services[0]." + key, option);
    }

    Text text() {
        return new Text(NAME, text.toString());
    }

    /** A problem of this text, told of the option instead of a line that nobody wrote. */
    String words(ConfigProblem problem) {
        return origins.entrySet().stream().filter(origin -> problem.path().startsWith(origin.getKey())).findFirst()
                .map(origin -> origin.getValue() + ": " + problem.message()).orElseGet(problem::toString);
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder();
        new Json(quoted).value(value);
        return quoted.toString();
    }
}
