package dev.fairlead.app;

import dev.fairlead.config.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The node's name where a cluster is followed and nobody says it: the host's, in lower case, as kubelet registers it
 * and kube-proxy takes it. Without a cluster nobody is asked, and nothing is local.
 */
final class OwnName {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private OwnName() {
    }

    static ProxyConfig known(ProxyConfig settings) {
        return settings.kubernetes().isEmpty() || settings.services().nodeName().isPresent()
                ? settings
                : settings.withServices(settings.services().withNodeName(ofHost()));
    }

    private static Optional<String> ofHost() {
        try {
            return Optional.of(Files.readString(HOST_NAME).strip().toLowerCase(Locale.ROOT))
                    .filter(name -> !name.isEmpty());
        } catch (IOException noLinux) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).map(name -> name.toLowerCase(Locale.ROOT));
        }
    }
}
