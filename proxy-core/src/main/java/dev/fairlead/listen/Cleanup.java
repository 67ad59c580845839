package dev.fairlead.listen;

import dev.fairlead.transport.linux.ReplyRules;
import dev.fairlead.transport.linux.netlink.LocalRoute;
import dev.fairlead.transport.linux.netlink.LocalRoutes;
import dev.fairlead.transport.linux.SystemCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes from a machine all that Fairlead ever added to it, without knowing how it was configured. */
public final class Cleanup {
    private Cleanup() {
    }

    /**
     * What is there, whether a process that runs uses it or one that was killed has left it.
     *
     * @return a line each
     * @throws IOException where it cannot be seen
     */
    public static List<String> found() throws IOException {
        List<String> found = new ArrayList<>();
        try (LocalRoutes routes = new LocalRoutes()) {
            routes.list().forEach(route -> found.add("the route " + route));
        }
        Optional<SystemCommand> nft = NftOtherPorts.command();
        if (nft.isPresent() && NftOtherPorts.isThere(nft.get())) {
            found.add("the nftables table inet " + NftOtherPorts.TABLE);
        }
        return found;
    }

    /**
     * Removes it.
     *
     * @return what was removed or restored, a line each
     * @throws IOException where something that is there cannot be removed; what came before it is
     */
    public static List<String> run() throws IOException {
        List<String> done = new ArrayList<>();
        try (LocalRoutes routes = new LocalRoutes()) {
            List<LocalRoute> ours = routes.list();
            for (LocalRoute route : ours) {
                routes.remove(route);
                done.add("removed: the route " + route);
            }
            AnyIpVip.remembered(ours.stream()).ifPresent(before -> {
                new ArpSilence().restore(before);
                done.add("restored: net.ipv4.conf.all.arp_ignore and arp_announce are " + before.ignore() + " and "
                        + before.announce() + " again");
            });
        }
        Optional<SystemCommand> nft = NftOtherPorts.command();
        if (nft.isPresent() && NftOtherPorts.remove(nft.get())) {
            done.add("removed: the nftables table inet " + NftOtherPorts.TABLE);
        }
        if (ReplyRules.remove()) {
            done.add("removed: the rules and routes by which replies to transparent connections came back");
        }
        return done;
    }
}
