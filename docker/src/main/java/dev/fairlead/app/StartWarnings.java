package dev.fairlead.app;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.util.ArrayList;
import java.util.List;

/** What is allowed and seldom meant: kube-proxy warns of it when it starts, where it serves a cluster's node. */
final class StartWarnings {
    private StartWarnings() {
    }

    /** @param node as it is known once the first state is in force */
    static List<String> of(TranslationSettings settings, NodeIdentity node) {
        List<String> warnings = new ArrayList<>();
        if (settings.nodePorts().addresses().isEmpty()) {
            warnings.add("nodePortAddresses is empty: NodePorts are open on all addresses of this node, also those that"
                    + " face outside (expected: the CIDRs they are meant for, or primary)");
        }
        if (settings.pods() instanceof PodDetection.ByCidr(var blocks) && !node.addresses().isEmpty()) {
            blocks.stream().filter(block -> node.primary(IpFamily.of(block.base())).isEmpty())
                    .forEach(block -> warnings.add("clusterCIDR " + block + " is " + IpFamily.of(block.base())
                            + ", and no address of this node is: no pod of it can be met here"));
        }
        return warnings;
    }
}
