package dev.fairlead.app.doctor;

import dev.fairlead.app.privilege.StartPrivileges;
import dev.fairlead.app.takeover.KubeProxyHere;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.discovery.kubernetes.ApiServerQuestion;
import dev.fairlead.discovery.kubernetes.ClusterAccess;
import dev.fairlead.listen.Cleanup;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.linux.Capability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at one thing after the other, and changes nothing. */
public final class Doctor {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final ProxyConfig settings;
    private final ServiceSnapshot snapshot;
    private final Set<Capability> held;

    /**
     * @param settings that a proxy here has, or would have
     * @param snapshot what its files say
     * @param held capabilities of whoever asks, which a proxy would be started with
     */
    public Doctor(ProxyConfig settings, ServiceSnapshot snapshot, Set<Capability> held) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.held = Set.copyOf(held);
    }

    /** Whoever runs here. */
    public sealed interface Answer {
        /**
         * It answers.
         *
         * @param text what it says of itself
         */
        record Runs(boolean ready, String text) implements Answer {
        }

        /**
         * Nobody answers.
         *
         * @param why for a reader
         */
        record Silent(String why) implements Answer {
        }
    }

    /**
     * Everything.
     *
     * @param descriptors how many files this process may have open; {@link Long#MAX_VALUE} where there is no limit
     * @param access to the cluster that is followed
     */
    public List<Finding> examine(long descriptors, Answer process, Optional<ClusterAccess> access) {
        List<Finding> findings = new ArrayList<>();
        findings.add(process(process));
        findings.addAll(MachineFindings.of(MachineFacts.now(descriptors)));
        findings.addAll(privileges());
        findings.add(leftovers(process instanceof Answer.Runs));
        findings.addAll(NodeFindings.kubeProxy(KubeProxyHere.look(), access.isPresent()
                && settings.services().serviceProxyName().isEmpty()));
        access.ifPresent(cluster -> findings.add(apiServer(cluster)));
        return findings;
    }

    private static Finding process(Answer process) {
        return switch (process) {
            case Answer.Runs(boolean ready, String text) -> ready
                    ? Finding.fine("process", "runs and is ready")
                    : Finding.problem("process", "runs and is not ready: " + text.lines().findFirst().orElse(""),
                            "its log says more");
            case Answer.Silent(String why) -> Finding.note("process", why, "start it, or say where it answers");
        };
    }

    private List<Finding> privileges() {
        List<String> lacking = StartPrivileges.lacking(settings, snapshot, held);
        return lacking.isEmpty()
                ? List.of(Finding.fine("privileges", "all that this configuration has a use for"))
                : lacking.stream().map(line -> Finding.note("privileges", line, "docs/privileges.md")).toList();
    }

    private static Finding leftovers(boolean running) {
        try {
            return NodeFindings.leftovers(Cleanup.found(), running);
        } catch (IOException | UnsupportedOperationException unseen) {
            return Finding.note("leftovers", "cannot be looked for: " + unseen.getMessage(), "ask as root, on Linux");
        }
    }

    private static Finding apiServer(ClusterAccess cluster) {
        return switch (new ApiServerQuestion(ApiCalls.NONE, Ticker.SYSTEM).ask(cluster, PATIENCE)) {
            case ApiServerQuestion.Answer.Serves(String url) ->
                Finding.fine("API server", "lists Services at " + url);
            case ApiServerQuestion.Answer.Refuses(String why) -> Finding.problem("API server", why,
                    "kubernetes.server, kubernetes.kubeconfig, or the rules of docs/kube-proxy.md#what-it-must-be-allowed");
        };
    }
}
