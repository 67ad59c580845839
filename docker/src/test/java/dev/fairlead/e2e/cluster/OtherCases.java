package dev.fairlead.e2e.cluster;

import java.util.stream.Stream;

/** What is in upstream's list and not about the proxy, or not about this one. */
final class OtherCases {
    private static final String API_ONLY = "about the API server and its controllers";

    private OtherCases() {
    }

    static Stream<Case> all() {
        return Stream.concat(Stream.of("should provide secure master service", "should prevent NodePort collisions",
                "should check NodePort out-of-range", "should complete a service status lifecycle",
                "should delete a collection of services", "should find a service from listing all namespaces",
                "should test the lifecycle of an Endpoint")
                .map(name -> Case.notRun(ServiceCases.AREA, name, API_ONLY)),
                Stream.of(
                        Case.notRun("[sig-network] Service endpoints latency", "should not be very high", API_ONLY),
                        Case.notRun("[sig-network] Proxy", "version v1", "about the API server's own proxy"),
                        Case.notRun("[sig-network] Networking Granular Checks: Pods",
                                "should function for intra-pod and node-pod communication: http and udp",
                                "about the network alone; the rules of it that Fairlead stands on are asserted before"
                                        + " any case is played"),
                        Case.notRun("[sig-network] Networking Granular Checks: Services",
                                "should function for ...: sctp", "SCTP is not proxied")));
    }
}
