package dev.fairlead.walls.counterexample.discovery.file;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Loads fabric8 for files. */
public interface SpeaksFabric8 {
    KubernetesClient client();
}
