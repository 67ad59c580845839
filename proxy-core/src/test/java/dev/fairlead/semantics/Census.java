package dev.fairlead.semantics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often each rule decided a flow: a comparison in which one hardly ever does would say nothing about it. Callable
 * from any thread.
 */
final class Census {
    private static final List<String> WANTED = List.of("verdict FORWARD", "verdict REJECT", "verdict DROP",
            "verdict NOT_CAPTURED", "kind ClusterIP", "kind NodePort", "kind ExternalIP", "kind LoadBalancer",
            "policies Cluster/Cluster", "policies Cluster/Local", "policies Local/Cluster", "policies Local/Local",
            "source pod", "source node", "source external", "set cluster: ready", "set cluster: zone",
            "set cluster: node", "set cluster: terminating", "set local: ready", "set local: terminating",
            "short circuit of a pod", "short circuit of a node", "source kept", "source hidden",
            "REJECT: no endpoint", "REJECT: other port", "REJECT: service CIDR", "DROP: source range",
            "DROP: internal policy", "DROP: external policy");

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private int flows;

    Census() {
        WANTED.forEach(mark -> counts.put(mark, 0));
    }

    synchronized void count(Model.Judgement judgement) {
        flows++;
        add("verdict " + judgement.answer().verdict());
        add("source " + judgement.answer().source());
        judgement.marks().forEach(this::add);
    }

    private void add(String mark) {
        counts.merge(mark, 1, Integer::sum);
    }

    int flows() {
        return flows;
    }

    /** What decided less than one flow of a hundred. */
    List<String> rare() {
        List<String> rare = new ArrayList<>();
        for (String mark : WANTED) {
            if (counts.getOrDefault(mark, 0) * 100L < flows) {
                rare.add(mark + " " + share(mark));
            }
        }
        return rare;
    }

    private String share(String mark) {
        return String.format(Locale.ROOT, "%.1f %%", counts.getOrDefault(mark, 0) * 100.0 / flows);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String mark : counts.keySet()) {
            text.append("  ").append(mark).append(": ").append(share(mark)).append('\n');
        }
        return text.toString();
    }
}
