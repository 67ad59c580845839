package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import java.util.Optional;

/**
 * Where questions are answered; absent = nowhere, port 0 = any free one.
 *
 * @param admin everything there is to say; must open
 * @param healthz kube-proxy's healthzBindAddress; is tried again where it does not open
 * @param metrics kube-proxy's metricsBindAddress; the same
 */
public record AdminAddresses(Optional<IpPort> admin, Optional<IpPort> healthz, Optional<IpPort> metrics) {
}
