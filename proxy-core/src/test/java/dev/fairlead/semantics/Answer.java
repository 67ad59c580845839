package dev.fairlead.semantics;

import java.util.List;

/**
 * What one side of the comparison says of a flow; absent text is {@code ""}.
 *
 * @param servicePort {@code namespace/name:port}
 * @param frontend {@code ClusterIP}, {@code NodePort}, {@code ExternalIP}, {@code LoadBalancer}
 * @param set {@code cluster} or {@code local}
 * @param endpoints sorted as text, empty unless forwarded
 */
record Answer(String source, String verdict, String servicePort, String frontend, String set, List<String> endpoints,
        boolean sourceKept) {
}
