package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;

/** Service ports for tests, by their frontends. */
public final class Ports {
    private static final InetAddress NO_CLUSTER_IP = IpText.parse("192.0.2.255").orElseThrow();

    private Ports() {
    }

    /** What a Service must ask for to have these frontends. */
    public static ServiceAddresses addresses(List<Frontend> frontends) {
        return new ServiceAddresses(ips(frontends, FrontendKind.CLUSTER_IP).stream().findFirst().orElse(NO_CLUSTER_IP),
                80, frontends.stream().filter(frontend -> frontend.kind() == FrontendKind.NODE_PORT).findFirst()
                        .map(frontend -> frontend.address().port()).orElse(0),
                ips(frontends, FrontendKind.EXTERNAL_IP), ips(frontends, FrontendKind.LOAD_BALANCER));
    }

    private static List<InetAddress> ips(List<Frontend> frontends, FrontendKind kind) {
        return frontends.stream().filter(frontend -> frontend.kind() == kind).map(frontend -> frontend.address().ip())
                .distinct().toList();
    }
}
