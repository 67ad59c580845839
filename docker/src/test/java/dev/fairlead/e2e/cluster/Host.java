package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;

/**
 * Somebody with addresses: a node, a pod, or the client outside.
 *
 * @param name its own, such as {@code node0-a} for a pod
 * @param node the name of the node it is, or is on; empty outside
 */
record Host(String name, String node, NetworkNamespace namespace, String ipv4, String ipv6) {
    Host {
        ipv6 = IpText.format(IpText.parse(ipv6).orElseThrow());
    }

    String ip(IpFamily family) {
        return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    @Override
    public String toString() {
        return name;
    }
}
