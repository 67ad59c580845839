package dev.fairlead.discovery.kubernetes;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API server is and who we are to it. A proxy that serves a whole node is what makes the {@code kubernetes}
 * Service's address work, so it must not depend on it: every way but the last names the server itself, and the last
 * does where it is told to.
 */
public sealed interface ApiServer {
    /** Where a pod finds its service account. */
    Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** At a URL, anonymously: {@code kubectl proxy}, a test. */
    record Address(String url) implements ApiServer {
    }

    /**
     * As a kubeconfig says: its current context; certificates, tokens, {@code tokenFile} and {@code exec} alike.
     *
     * @param server this URL instead of the file's, as kube-proxy's {@code --master} has it
     */
    record Kubeconfig(Path file, Optional<String> server) implements ApiServer {
    }

    /**
     * As a pod's service account.
     *
     * @param account the directory that holds {@code token} and {@code ca.crt}
     * @param server this URL; absent = that of {@code KUBERNETES_SERVICE_HOST} and {@code KUBERNETES_SERVICE_PORT},
     *     which is the {@code kubernetes} Service unless somebody has set them otherwise: right for a sidecar
     */
    record InCluster(Path account, Optional<String> server) implements ApiServer {
    }
}
