package dev.fairlead.app.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules by which new connections come from the kernel's own chains to kube-proxy's, in the words of iptables-save.
 * Without them its chains are there, and nobody comes by. What only serves connections that are translated already
 * stays: KUBE-FORWARD lets their packets through, KUBE-POSTROUTING masquerades what was marked, which other components
 * do too, and KUBE-FIREWALL is the kubelet's.
 *
 * @param jumps those of table filter first
 * @param chains how many chains are kube-proxy's, whether or not anything leads to them
 * @param strictTables tables in which packets that come in are dropped unless a rule accepts them
 * @param unreadable tables nat and filter that iptables cannot show, since something else wrote into them
 */
public record KubeJumps(List<Jump> jumps, int chains, List<String> strictTables, List<String> unreadable) {
    private static final Set<String> ENTRIES = Set.of(KubeChain.SERVICES, KubeChain.EXTERNAL_SERVICES,
            KubeChain.PROXY_FIREWALL);
    private static final Pattern TARGET = Pattern.compile(" -[jg] (KUBE-[A-Z-]+)(?: |$)");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern INCOMPATIBLE = Pattern.compile("# Table `(nat|filter)' is incompatible.*");

    public KubeJumps {
        jumps = List.copyOf(jumps);
        strictTables = List.copyOf(strictTables);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * One of them.
     *
     * @param rule as it stands behind {@code -A}
     */
    public record Jump(String table, String rule) {
    }

    /** Those in what iptables-save printed. */
    public static KubeJumps in(String iptablesSave) {
        List<Jump> jumps = new ArrayList<>();
        List<String> strict = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        int chains = 0;
        String table = "";
        for (String line : (Iterable<String>) iptablesSave.lines()::iterator) {
            Matcher incompatible = INCOMPATIBLE.matcher(line);
            if (incompatible.matches()) {
                unreadable.add(incompatible.group(1));
            } else if (line.startsWith("*")) {
                table = line.substring(1).strip();
            } else if (line.startsWith(":INPUT DROP")) {
                strict.add(table);
            } else if (line.startsWith(":")) {
                chains += KubeChain.isOne(line.substring(1).split(" ", 2)[0]) ? 1 : 0;
            } else if (line.startsWith("-A ") && !line.startsWith("-A KUBE-") && leadsIn(line)) {
                jumps.add(new Jump(table, line.substring("-A ".length())));
            }
        }
        return new KubeJumps(Stream.of("filter", "nat").flatMap(one -> of(jumps, one)).toList(), chains, strict,
                unreadable);
    }

    private static boolean leadsIn(String rule) {
        Matcher target = TARGET.matcher(QUOTED.matcher(rule).replaceAll("\"\""));
        return target.find() && ENTRIES.contains(target.group(1));
    }

    private static Stream<Jump> of(List<Jump> jumps, String table) {
        return jumps.stream().filter(jump -> jump.table().equals(table));
    }

    /**
     * What iptables-restore --noflush is to be told to take them away. Each table changes in one step, and filter comes
     * first: between the two nothing is refused or dropped that is translated no longer.
     */
    public String removal() {
        return Stream.of("filter", "nat").filter(table -> of(jumps, table).findAny().isPresent())
                .map(table -> of(jumps, table).map(jump -> "-D " + jump.rule() + "\n")
                        .collect(Collectors.joining("", "*" + table + "\n", "COMMIT\n")))
                .collect(Collectors.joining());
    }
}
