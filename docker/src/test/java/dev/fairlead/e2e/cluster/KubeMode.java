package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Requires;
import dev.fairlead.model.IpFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** How kube-proxy writes its rules: beside what is there, and again whenever it is started. */
enum KubeMode {
    IPTABLES_NFT("iptables-nft"), IPTABLES_LEGACY("iptables-legacy"), NFTABLES("nftables");

    private final String word;

    KubeMode(String word) {
        this.word = word;
    }

    /**
     * Writes them.
     *
     * @param iptables what iptables-restore is to read, for each family
     * @param nftables what nft is to read
     */
    void write(Host node, Map<IpFamily, Path> iptables, Path nftables) throws IOException {
        if (this == NFTABLES) {
            node.namespace().run(Requires.command("nft").toString(), "-f", nftables.toString());
            return;
        }
        for (Map.Entry<IpFamily, Path> rules : iptables.entrySet()) {
            String command = (rules.getKey() == IpFamily.IPV4 ? word : word.replaceFirst("ip", "ip6")) + "-restore";
            node.namespace().run(Requires.command(command).toString(), "--noflush", rules.getValue().toString());
        }
    }

    @Override
    public String toString() {
        return word;
    }
}
