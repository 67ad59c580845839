package dev.fairlead.app.takeover;

import java.io.IOException;
import java.util.List;

/** Rules that lead new connections to what kube-proxy made of the Services, in one place of the kernel. */
sealed interface LeadingRules permits IptablesJumps, NftablesHooks {
    /** Where, for a reader: {@code iptables-nft}. */
    String where();

    /** How many; 0 where nobody is led any more. */
    int count();

    /** What is left behind them, for a reader. */
    String behind();

    /** What a user should know before they go, each a sentence. */
    List<String> warnings();

    /** Takes them away. Connections that are translated already go on being. */
    void remove() throws IOException;
}
