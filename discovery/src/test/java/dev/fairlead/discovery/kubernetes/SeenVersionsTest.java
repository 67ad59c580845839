package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SeenVersionsTest {
    private final SeenVersions<Service> seen = new SeenVersions<>(Service::new);

    private static Service service(String version) {
        Service service = Given.service("shop", "web", "10.96.0.1");
        service.getMetadata().setResourceVersion(version);
        return service;
    }

    @Test
    void onlyTheNameAndTheVersionOfAnObjectAreKept() {
        assertThat(seen.put(seen.getKey(service("1")), service("1"))).isNull();
        Service before = Objects.requireNonNull(seen.put("shop/web", service("2")));

        assertThat(before.getMetadata().getResourceVersion()).isEqualTo("1");
        assertThat(before.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(before.getMetadata().getName()).isEqualTo("web");
        assertThat(before.getSpec()).isNull();
        assertThat(Objects.requireNonNull(seen.get("shop/web")).getMetadata().getResourceVersion()).isEqualTo("2");
        assertThat(seen.values()).hasSize(1);
        assertThat(seen.keySet()).containsExactly("shop/web");
        assertThat(seen.isFullState()).isFalse();
    }

    @Test
    void whatIsRemovedIsUnknown() {
        seen.put("shop/web", service("1"));
        assertThat(Objects.requireNonNull(seen.remove("shop/web")).getMetadata().getResourceVersion()).isEqualTo("1");

        assertThat(seen.remove("shop/web")).isNull();
        assertThat(seen.get("shop/web")).isNull();
        assertThat(seen.size()).isZero();
    }

    @Test
    void anObjectWithoutANamespaceHasNone() {
        SeenVersions<Node> nodes = new SeenVersions<>(Node::new);
        Node node = Given.node("n1", "zone-a");
        nodes.put(nodes.getKey(node), node);

        assertThat(nodes.values()).singleElement().satisfies(one -> {
            assertThat(one.getMetadata().getName()).isEqualTo("n1");
            assertThat(one.getMetadata().getNamespace()).isNull();
        });
    }
}
