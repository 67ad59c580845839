package dev.fairlead.walls.counterexample.discovery.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Keeps the wall around fabric8. */
public interface MaySpeakFabric8 {
    KubernetesClient client();
}
