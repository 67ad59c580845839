package dev.fairlead.app.takeover;

import dev.fairlead.transport.linux.SystemCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Those of kube-proxy's nftables mode: the base chains of the tables {@code ip kube-proxy} and {@code ip6 kube-proxy}
 * are emptied, in one transaction. Deleting a table would cut its connections: with the last chain of type nat goes the
 * hook that translates them. The one that masquerades stays as it is, since nothing is marked any more.
 */
final class NftablesHooks implements LeadingRules {
    private static final String TABLE = "kube-proxy";
    private static final String MASQUERADES = "nat-postrouting";
    private static final Pattern TABLE_LINE = Pattern.compile("table (ip6?) (\\S+) \\{");
    private static final Pattern CHAIN_LINE = Pattern.compile("chain (\\S+) \\{");

    private final SystemCommand nft;
    private final List<BaseChain> chains;

    private NftablesHooks(SystemCommand nft, List<BaseChain> chains) {
        this.nft = nft;
        this.chains = chains;
    }

    /** One that the kernel calls, with how many rules it has. */
    private record BaseChain(String family, String name, int rules) {
    }

    /** Those that are here, also where they are empty; nothing where the command nft is not installed. */
    static List<NftablesHooks> look() throws IOException {
        Optional<SystemCommand> nft = SystemCommand.find("nft");
        if (nft.isEmpty()) {
            return List.of();
        }
        List<BaseChain> chains = new ArrayList<>();
        for (BaseChain chain : baseChains(nft.get().run("", "list", "chains"))) {
            String text = nft.get().run("", "list", "chain", chain.family(), TABLE, chain.name());
            chains.add(new BaseChain(chain.family(), chain.name(), rules(text)));
        }
        return chains.isEmpty() ? List.of() : List.of(new NftablesHooks(nft.get(), chains));
    }

    private static List<BaseChain> baseChains(String listing) {
        List<BaseChain> found = new ArrayList<>();
        String family = "";
        String chain = "";
        for (String line : listing.lines().map(String::strip).toList()) {
            Matcher table = TABLE_LINE.matcher(line);
            Matcher inner = CHAIN_LINE.matcher(line);
            if (line.startsWith("table ")) {
                family = table.matches() && table.group(2).equals(TABLE) ? table.group(1) : "";
            } else if (inner.matches()) {
                chain = inner.group(1);
            } else if (line.startsWith("type ") && !family.isEmpty() && !chain.equals(MASQUERADES)) {
                found.add(new BaseChain(family, chain, 0));
            }
        }
        return found;
    }

    private static int rules(String chain) {
        return (int) chain.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.endsWith("{")
                && !line.equals("}") && !line.startsWith("type ") && !line.startsWith("comment ")).count();
    }

    @Override
    public String where() {
        return "nftables";
    }

    @Override
    public int count() {
        return chains.stream().mapToInt(BaseChain::rules).sum();
    }

    @Override
    public String behind() {
        return "table " + TABLE + " of " + chains.stream().map(BaseChain::family).distinct()
                .collect(Collectors.joining(" and "));
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public void remove() throws IOException {
        nft.run(chains.stream().map(chain -> "flush chain " + chain.family() + " " + TABLE + " " + chain.name() + "\n")
                .collect(Collectors.joining()), "-f", "-");
    }
}
