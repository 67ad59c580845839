package dev.fairlead.app.takeover;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What there is of a kube-proxy on this node.
 *
 * @param process its number, where it runs and is seen
 * @param leading rules of its that new connections go by: how many and where, a line each
 * @param ipvs whether its interface of the ipvs mode is here
 * @param unseen why rules could not be looked at
 */
public record KubeProxyHere(OptionalLong process, List<String> leading, boolean ipvs, Optional<String> unseen) {
    public KubeProxyHere {
        leading = List.copyOf(leading);
    }

    /** Looks. */
    public static KubeProxyHere look() {
        List<String> leading = new ArrayList<>();
        Optional<String> unseen = Optional.empty();
        try {
            TakeOver.look().stream().filter(rules -> rules.count() > 0)
                    .forEach(rules -> leading.add(rules.count() + " of " + rules.where()));
        } catch (IOException failure) {
            unseen = Optional.of(String.valueOf(failure.getMessage()));
        }
        return new KubeProxyHere(RunningKubeProxy.look(), leading, hasIpvsInterface(), unseen);
    }

    private static boolean hasIpvsInterface() {
        try {
            return NetworkInterface.getByName("kube-ipvs0") != null;
        } catch (SocketException unseen) {
            return false;
        }
    }
}
