package dev.fairlead.app.takeover;

import dev.fairlead.app.iptables.KubeJumps;
import dev.fairlead.transport.linux.SystemCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Those of kube-proxy's iptables mode. Which of the two kinds of tables it wrote to is not asked but seen: whichever
 * has its chains.
 */
final class IptablesJumps implements LeadingRules {
    /** While somebody else changes the tables of the older kind, which have a lock. */
    private static final String WAIT_SECONDS = "10";

    private final String where;
    private final SystemCommand restore;
    private final KubeJumps jumps;

    private IptablesJumps(String where, SystemCommand restore, KubeJumps jumps) {
        this.where = where;
        this.restore = restore;
        this.jumps = jumps;
    }

    /**
     * Those that are here, also where nothing leads to kube-proxy's chains any more.
     *
     * @throws IOException where it cannot be seen, or could not be changed
     */
    static List<IptablesJumps> look() throws IOException {
        List<IptablesJumps> found = new ArrayList<>();
        for (String family : List.of("iptables", "ip6tables")) {
            for (SystemCommand save : savers(family)) {
                KubeJumps jumps = KubeJumps.in(save.run(""));
                if (!jumps.unreadable().isEmpty()) {
                    throw new IOException(save.name() + " cannot show table " + jumps.unreadable().getFirst()
                            + ", since something other than iptables wrote into it");
                }
                if (jumps.chains() > 0) {
                    found.add(new IptablesJumps(save.name().replace("-save", ""), restorer(save), jumps));
                }
            }
        }
        return found;
    }

    /** Of both kinds where they can be told apart, else the one that there is. */
    private static List<SystemCommand> savers(String family) throws IOException {
        List<SystemCommand> both = Stream.of("-nft-save", "-legacy-save").map(end -> SystemCommand.find(family + end))
                .flatMap(Optional::stream).toList();
        if (!both.isEmpty()) {
            return both;
        }
        return List.of(SystemCommand.find(family + "-save").orElseThrow(() -> new IOException("the command " + family
                + "-save is not installed")));
    }

    private static SystemCommand restorer(SystemCommand save) throws IOException {
        String name = save.name().replace("-save", "-restore");
        return SystemCommand.required(name);
    }

    @Override
    public String where() {
        return where;
    }

    @Override
    public int count() {
        return jumps.jumps().size();
    }

    @Override
    public String behind() {
        return jumps.chains() + " chains";
    }

    @Override
    public List<String> warnings() {
        return jumps.strictTables().contains("filter")
                ? List.of("INPUT of " + where
                        + " drops what no rule accepts, and clients of Services come in there now: "
                        + "kube-proxy's were forwarded (expected: rules that accept service addresses and node ports)")
                : List.of();
    }

    @Override
    public void remove() throws IOException {
        restore.run(jumps.removal(), "--noflush", "-w", WAIT_SECONDS);
    }
}
