package dev.fairlead.discovery.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A bearer token that somebody else renews: the file is read for each request, of which there are few. Any thread.
 *
 * <p>
 * fabric8 8.0.0 reads a token file once, in a pod, and never the {@code tokenFile} of a kubeconfig, which is what
 * kubeadm gives kube-proxy.
 */
final class TokenFile implements OAuthTokenProvider {
    private final Path file;
    private volatile String last = "";

    TokenFile(Path file) {
        this.file = file;
    }

    /** The token as of now; the one before while the file cannot be read; {@code ""} where there was never one. */
    @Override
    public String getToken() {
        try {
            last = Files.readString(file).strip();
        } catch (IOException beingReplaced) {
            // The server judges the old token: a 401 says more than a file that is missing for an instant.
            return last;
        }
        return last;
    }
}
