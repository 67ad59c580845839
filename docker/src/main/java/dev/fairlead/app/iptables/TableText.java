package dev.fairlead.app.iptables;

import java.util.List;

/** One table in iptables-restore's form: chains first, then rules, in the order in which they were added. */
final class TableText {
    private final String name;
    private final StringBuilder chains = new StringBuilder();
    private final StringBuilder rules = new StringBuilder();

    TableText(String name) {
        this.name = name;
    }

    /** A chain that the kernel has by itself. */
    void builtIn(String chain) {
        chains.append(':').append(chain).append(" ACCEPT [0:0]\n");
    }

    void chain(String chain) {
        chains.append(':').append(chain).append(" - [0:0]\n");
    }

    /**
     * Appends a rule.
     *
     * @param parts matches and what to do, each one or more words; {@code ""} is left out
     */
    void rule(String chain, List<String> parts) {
        rules.append("-A ").append(chain);
        for (String part : parts) {
            if (!part.isEmpty()) {
                rules.append(' ').append(part);
            }
        }
        rules.append('\n');
    }

    void rule(String chain, String... parts) {
        rule(chain, List.of(parts));
    }

    /** A match that is none: words for a reader. */
    static String comment(String words) {
        return "-m comment --comment " + (words.indexOf(' ') < 0 ? words : '"' + words + '"');
    }

    void printTo(StringBuilder text) {
        text.append('*').append(name).append('\n').append(chains).append(rules).append("COMMIT\n");
    }
}
