package dev.fairlead.app.iptables;

import java.util.Set;

/** The names that are the same on every node (iptables/proxier.go). */
final class KubeChain {
    static final String SERVICES = "KUBE-SERVICES";
    static final String NODE_PORTS = "KUBE-NODEPORTS";
    static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
    static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
    static final String FORWARD = "KUBE-FORWARD";
    static final String POSTROUTING = "KUBE-POSTROUTING";
    static final String MARK_MASQ = "KUBE-MARK-MASQ";
    /** Older releases drop by a mark. */
    static final String MARK_DROP = "KUBE-MARK-DROP";
    /** Shared with the kubelet. */
    static final String FIREWALL = "KUBE-FIREWALL";

    private static final Set<String> ALL = Set.of(SERVICES, NODE_PORTS, EXTERNAL_SERVICES, PROXY_FIREWALL, FORWARD,
            POSTROUTING, MARK_MASQ, MARK_DROP, FIREWALL);

    private KubeChain() {
    }

    /** Whether a chain is kube-proxy's. Other components have chains that start with KUBE- too. */
    static boolean isOne(String chain) {
        return ALL.contains(chain) || ServiceChain.isOne(chain);
    }
}
