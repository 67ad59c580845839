package dev.fairlead.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PermissionTest {
    private static final Permission SERVICES = new Permission("list", "", "services", Optional.of("shop"));
    private static final Permission SLICES = new Permission("watch", "discovery.k8s.io", "endpointslices",
            Optional.of("shop"));
    private static final Permission NODES = new Permission("list", "", "nodes", Optional.empty());

    @Test
    void aPermissionReadsAsWhatMayBeDoneWhere() {
        assertThat(SLICES).hasToString("watch endpointslices.discovery.k8s.io in namespace shop");
        assertThat(NODES).hasToString("list nodes");
    }

    @Test
    void oneNamespaceTakesARoleAndTheWholeClusterAClusterRole() {
        assertThat(Permission.roles(List.of(SERVICES, NODES, SLICES,
                new Permission("watch", "", "services", Optional.of("shop"))))).containsExactly("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: fairlead-discovery, namespace: shop}
                        rules:
                        - apiGroups: [""]
                          resources: [services]
                          verbs: [list, watch]
                        - apiGroups: ["discovery.k8s.io"]
                          resources: [endpointslices]
                          verbs: [list, watch]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: fairlead-discovery}
                        rules:
                        - apiGroups: [""]
                          resources: [nodes]
                          verbs: [list, watch]""".split("\n"));
    }

    @Test
    void whatMayBeCreatedHasARoleOfItsOwnThatReplacesNoOther() {
        assertThat(Permission.roles(List.of(NODES, new Permission("create", "events.k8s.io", "events",
                Optional.empty())))).containsSubsequence("metadata: {name: fairlead-discovery}",
                        "  verbs: [list, watch]",
                        "---", "metadata: {name: fairlead-events}", "  resources: [events]", "  verbs: [create]");
    }
}
