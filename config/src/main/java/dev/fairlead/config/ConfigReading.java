package dev.fairlead.config;

import dev.fairlead.source.ObjectSet;
import java.util.List;

/**
 * What came of reading some texts. Settings and objects are to be used only where there is no problem.
 *
 * @param problems all of them, by text, line and column
 * @param notes what a reader should know though nothing is wrong: kinds that were skipped
 */
public record ConfigReading(ProxyConfig settings, ObjectSet objects, List<ConfigProblem> problems,
        List<String> notes) {
    public ConfigReading {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }
}
