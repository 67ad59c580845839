package dev.fairlead.app.doctor;

import dev.fairlead.app.takeover.KubeProxyHere;
import java.util.ArrayList;
import java.util.List;

/** What others, and earlier runs, have on this node. Pure. */
final class NodeFindings {
    private NodeFindings() {
    }

    /** @param clusterWide whether the configuration serves what kube-proxy serves, and not Services of its own */
    static List<Finding> kubeProxy(KubeProxyHere here, boolean clusterWide) {
        List<Finding> findings = new ArrayList<>();
        String about = "kube-proxy";
        if (here.ipvs()) {
            findings.add(Finding.problem(about, "its ipvs mode is here: the interface kube-ipvs0",
                    "empty the node (kubectl drain) and run kube-proxy --cleanup"));
        }
        here.unseen().ifPresent(why -> findings.add(Finding.note(about, "its rules cannot be looked at: " + why,
                "ask as root, with iptables installed")));
        String todo = "docs/take-over.md: stop it on this node, then fairlead run --take-over";
        here.process().ifPresent(pid -> findings.add(clusterWide
                ? Finding.problem(about, "runs as process " + pid, todo)
                : Finding.fine(about, "runs as process " + pid + ", and serves other Services")));
        if (!here.leading().isEmpty()) {
            String says = "its rules go before Fairlead's doors: " + String.join(", ", here.leading());
            findings.add(clusterWide ? Finding.problem(about, says, todo) : Finding.fine(about, says));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.fine(about, "neither it nor its rules are here"));
        }
        return findings;
    }

    /**
     * What an earlier run has added to the machine.
     *
     * @param found a line each
     * @param running whether a process answers that may be using it
     */
    static Finding leftovers(List<String> found, boolean running) {
        String about = "leftovers";
        if (found.isEmpty()) {
            return Finding.fine(about, "nothing of Fairlead's is in the kernel");
        }
        String says = found.getFirst() + (found.size() == 1 ? "" : " and " + (found.size() - 1) + " more");
        return running
                ? Finding.fine(about, "of the process that runs: " + says)
                : Finding.note(about, "of a run that was killed, or told to keep it: " + says,
                        "fairlead cleanup, unless a process runs that does not answer here");
    }
}
