package dev.fairlead.app.explain;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.UsableEndpoints.Use;
import dev.fairlead.control.RouteSpecs;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind.Scope;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.source.DurationText;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The explanation for a reader, at most 100 columns wide: doors, who is behind them, and why others are not. */
public final class ExplainText {
    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();
    private final ServiceSnapshot snapshot;
    private final Map<ServicePortName, List<RouteSpec>> routes;

    private ExplainText(ServiceSnapshot snapshot) {
        this.snapshot = snapshot;
        this.routes = RouteSpecs.of(snapshot).stream().collect(Collectors.groupingBy(RouteSpec::service));
    }

    public static String of(ServiceSnapshot snapshot) {
        ExplainText explanation = new ExplainText(snapshot);
        explanation.write();
        return explanation.text.toString();
    }

    private void write() {
        line("", node(snapshot.node()));
        snapshot.ports().forEach(this::port);
        if (!snapshot.skipped().isEmpty()) {
            line("", "");
            line("", "not proxied");
            List<SkippedService> skipped = snapshot.skipped();
            int width = skipped.stream().mapToInt(s -> s.service().toString().length()).max().orElse(0);
            skipped.forEach(s -> line("  " + padded(s.service().toString(), width) + "  ", s.why()));
        }
    }

    private static String node(NodeIdentity node) {
        if (node.name().isEmpty() && node.addresses().isEmpty()) {
            return "no node is named, so nothing is local and no NodePort is served (see --node)";
        }
        String addresses = node.addresses().stream().map(IpText::format).collect(Collectors.joining(", "));
        return "node " + node.name().orElse("(unnamed)") + node.zone().map(zone -> ", zone " + zone).orElse("")
                + (addresses.isEmpty() ? "" : ", " + addresses);
    }

    private void port(ServicePort port) {
        ServicePortName name = port.name();
        line("", "");
        line("", name + "  " + name.protocol() + " " + name.family());
        doors(port);
        line("  policy     ", policy(port));
        List<Use> uses = EndpointSelection.select(port, snapshot.node()).uses();
        if (uses.isEmpty()) {
            line("  endpoints  ", "none known");
            return;
        }
        long used = uses.stream().filter(use -> use.inCluster() || use.inLocal()).count();
        line("  endpoints  ", used + " of " + uses.size() + " used");
        int addressWidth = width(uses.stream().map(use -> use.endpoint().address().toString()));
        int nodeWidth = width(uses.stream().map(use -> use.endpoint().nodeName().orElse("")));
        for (Use use : uses) {
            boolean in = use.inCluster() || use.inLocal();
            line("    " + (in ? "+ " : "- ") + padded(use.endpoint().address().toString(), addressWidth) + "  "
                    + (nodeWidth == 0 ? "" : padded(use.endpoint().nodeName().orElse("-"), nodeWidth) + "  "),
                    use.why());
        }
    }

    private void doors(ServicePort port) {
        List<RouteSpec> own = routes.getOrDefault(port.name(), List.of());
        String label = "  opens      ";
        if (own.isEmpty()) {
            line(label, "nothing: other service ports have its addresses");
            return;
        }
        int width = width(own.stream().flatMap(route -> route.frontends().stream()).map(IpPort::toString));
        int kindWidth = width(own.stream().map(route -> route.kind().toString()));
        for (RouteSpec route : own) {
            for (IpPort frontend : route.frontends()) {
                line(label + padded(frontend.toString(), width) + "  " + padded(route.kind().toString(), kindWidth)
                        + "  ", behind(port, route));
                label = "             ";
            }
        }
    }

    private String behind(ServicePort port, RouteSpec route) {
        if (!route.opens()) {
            return shut(port) + ", since no endpoint may be used";
        }
        if (route.choices().isEmpty()) {
            return "drops newcomers silently, since no endpoint may be used";
        }
        UsableEndpoints usable = EndpointSelection.select(port, snapshot.node());
        boolean one = usable.cluster().isEmpty() || usable.local().isEmpty();
        String set = one ? "" : policyOf(port, route.kind().scope()) + ": ";
        String ranges = route.sourceRanges().isEmpty()
                ? ""
                : ", for sources in " + route.sourceRanges().stream().map(Cidr::toString)
                        .collect(Collectors.joining(", "));
        String near = route.shortCircuit().map(circuit -> ", " + endpoints(circuit.candidates().size())
                + " for pods and this node").orElse("");
        return one && ranges.isEmpty() && near.isEmpty()
                ? ""
                : set + endpoints(route.candidates().size()) + near + ranges;
    }

    private static String shut(ServicePort port) {
        return switch (port.name().protocol()) {
            case TCP -> "stays shut";
            case UDP, SCTP -> "answers with ICMP port unreachable";
        };
    }

    private static String endpoints(int count) {
        return count + (count == 1 ? " endpoint" : " endpoints");
    }

    private static String policyOf(ServicePort port, Scope scope) {
        return switch (scope) {
            case INTERNAL -> port.internalPolicy().toString();
            case EXTERNAL -> port.externalPolicy().toString();
        };
    }

    private static String policy(ServicePort port) {
        List<String> words = new ArrayList<>();
        words.add(port.policy().balancer().toString());
        words.add("internal " + port.internalPolicy());
        if (port.addresses().externallyAccessible()) {
            words.add("external " + port.externalPolicy());
        }
        switch (port.affinity()) {
            case SessionAffinity.None() -> {
            }
            case SessionAffinity.ClientIp(var timeout) ->
                words.add("ClientIP affinity " + DurationText.format(timeout));
        }
        return String.join(", ", words);
    }

    /** A line that starts with {@code head}; what does not fit continues below where the words began. */
    private void line(String head, String words) {
        StringBuilder line = new StringBuilder(head);
        boolean empty = true;
        for (String word : words.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static int width(Stream<String> texts) {
        return texts.mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
