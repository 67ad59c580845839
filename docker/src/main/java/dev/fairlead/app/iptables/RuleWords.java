package dev.fairlead.app.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A line of iptables-save as words: in double quotes a backslash stands before what is meant as itself. */
final class RuleWords {
    private RuleWords() {
    }

    /** The words, or empty where a quote does not end. */
    static Optional<List<String>> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                within = true;
            } else if (!quoted && (c == ' ' || c == '\t')) {
                if (within) {
                    words.add(word.toString());
                    word.setLength(0);
                    within = false;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (within) {
            words.add(word.toString());
        }
        return quoted ? Optional.empty() : Optional.of(words);
    }
}
