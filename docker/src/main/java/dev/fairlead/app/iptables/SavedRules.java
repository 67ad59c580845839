package dev.fairlead.app.iptables;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What iptables-save or ip6tables-save printed, of either flavour, as far as it is kube-proxy's. Reading is total: what
 * cannot be read is damage, never an exception.
 *
 * @param documents one for each family; both where the two outputs stand in one text
 * @param damage in the order of the lines, at most {@value #MOST_DAMAGE}
 */
public record SavedRules(List<Document> documents, List<Damage> damage) {
    static final int MOST_DAMAGE = 100;

    /** No rule is longer; the kernel's own limit of comments and names is far below. */
    private static final int LONGEST_LINE = 10_000;
    private static final int LONGEST_QUOTE = 200;

    public SavedRules {
        documents = List.copyOf(documents);
        damage = List.copyOf(damage);
    }

    /**
     * A line that cannot be read.
     *
     * @param line from 1
     * @param text the line, cut off where it is long
     * @param why what is wrong and what was expected
     */
    public record Damage(int line, String text, String why) {
        @Override
        public String toString() {
            return "line " + line + " cannot be read: " + why + ": " + text;
        }
    }

    /**
     * The chains of one family.
     *
     * @param nat by name
     * @param filter by name
     */
    record Document(IpFamily family, Map<String, Chain> nat, Map<String, Chain> filter) {
        Document {
            nat = Map.copyOf(nat);
            filter = Map.copyOf(filter);
        }
    }

    /** Reads such a text. */
    public static SavedRules read(String iptablesSave) {
        Reader reader = new Reader();
        int line = 0;
        for (String text : (Iterable<String>) iptablesSave.lines()::iterator) {
            reader.line(++line, text.strip());
        }
        return reader.end(line);
    }

    /** Line by line. */
    private static final class Reader {
        private final List<Document> documents = new ArrayList<>();
        private final List<Damage> damage = new ArrayList<>();
        private final Map<String, Map<String, List<Rule>>> tables = new LinkedHashMap<>();
        private String table = "";

        void line(int line, String text) {
            if (text.isEmpty() || text.startsWith("#")) {
                return;
            }
            if (text.length() > LONGEST_LINE) {
                damaged(line, text, "longer than " + LONGEST_LINE + " characters");
                return;
            }
            switch (text.charAt(0)) {
                case '*' -> begin(line, text.substring(1));
                case ':' -> chain(line, text);
                default -> {
                    if (text.equals("COMMIT")) {
                        table = "";
                    } else {
                        rule(line, text);
                    }
                }
            }
        }

        private void begin(int line, String name) {
            if (!table.isEmpty()) {
                damaged(line, "*" + name, "table " + table + " does not end (expected: COMMIT)");
            }
            if (tables.containsKey(name)) {
                document();
            }
            table = name;
            tables.put(name, new LinkedHashMap<>());
        }

        private void chain(int line, String text) {
            String[] words = text.substring(1).split(" ", 2);
            if (table.isEmpty()) {
                damaged(line, text, "no table has begun (expected: *nat or *filter before it)");
            } else if (words[0].isEmpty()) {
                damaged(line, text, "no name (expected: :CHAIN POLICY [0:0])");
            } else {
                chain(words[0]);
            }
        }

        private List<Rule> chain(String name) {
            return tables.computeIfAbsent(table, _ -> new LinkedHashMap<>()).computeIfAbsent(name,
                    _ -> new ArrayList<>());
        }

        private void rule(int line, String text) {
            if (table.isEmpty()) {
                damaged(line, text, "no table has begun (expected: *nat or *filter before it)");
                return;
            }
            if (!table.equals("nat") && !table.equals("filter")) {
                return; // kube-proxy has nothing that counts there.
            }
            if (!text.startsWith("-A ") && !text.startsWith("[")) {
                damaged(line, text, "no rule (expected: -A CHAIN ...)");
                return;
            }
            if (!text.contains("KUBE-")) {
                return; // Somebody else's.
            }
            switch (RuleReader.read(line, text)) {
                case RuleReader.Reading.Read(Rule rule) -> {
                    if (KubeChain.isOne(rule.chain()) || rule.next().filter(KubeChain::isOne).isPresent()) {
                        chain(rule.chain()).add(rule);
                    }
                }
                case RuleReader.Reading.Damaged(String why) -> damaged(line, text, why);
            }
        }

        private void damaged(int line, String text, String why) {
            if (damage.size() < MOST_DAMAGE) {
                damage.add(new Damage(line,
                        text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text, why));
            }
        }

        SavedRules end(int lines) {
            if (!table.isEmpty()) {
                damaged(lines, "", "table " + table + " does not end (expected: COMMIT)");
            }
            if (!tables.isEmpty()) {
                document();
            }
            return new SavedRules(documents, damage);
        }

        private void document() {
            documents.add(new Document(family(), chains("nat"), chains("filter")));
            tables.clear();
        }

        private Map<String, Chain> chains(String name) {
            Map<String, Chain> chains = new LinkedHashMap<>();
            tables.getOrDefault(name, Map.of())
                    .forEach((chain, rules) -> chains.put(chain, new Chain(chain, rules)));
            return chains;
        }

        /** The family of the first address that a rule names; IPv4 where none does. */
        private IpFamily family() {
            return tables.values().stream().flatMap(chains -> chains.values().stream()).flatMap(List::stream)
                    .flatMap(rule -> rule.matches().stream()).flatMap(match -> switch (match) {
                        case Match.Source(Cidr block, _) -> Stream.of(block);
                        case Match.Destination(Cidr block, _) -> Stream.of(block);
                        default -> Stream.<Cidr>empty();
                    }).map(Cidr::family).findFirst().orElse(IpFamily.IPV4);
        }
    }
}
