package dev.fairlead.discovery.kubernetes;

import java.time.Duration;

/**
 * How long things take between us and the API server.
 *
 * @param reconnect before the first attempt to connect again; it doubles with each up to 32 times as much
 * @param probeEvery how long a silent server is taken to be there without being asked
 * @param probeTimeout how long its answer may take
 * @param watchPatience how long the first offer waits for the watches once the lists are known
 * @param nodePatience how long the first offer waits for the own Node once the rest is known
 * @param settle how long something must go wrong before it is told
 * @param accessRetry before a kubeconfig that cannot be used is looked at again
 */
record Pace(Duration reconnect, Duration probeEvery, Duration probeTimeout, Duration watchPatience,
        Duration nodePatience,
        Duration settle, Duration accessRetry) {
    /**
     * Reconnects within 0.5 to 16 s; 30 s and 15 s are what client-go's HTTP/2 health check takes until it gives a
     * silent connection up, and 30 s is how long kube-proxy waits for its Node (cmd/kube-proxy/app/server.go).
     */
    static final Pace DEFAULT = new Pace(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(15),
            Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final int SPREAD_PERCENT = 40;

    /**
     * The same with a pause of one's own before reconnecting, so that a thousand nodes do not come back to a new server
     * in the same instant.
     */
    Pace spread(String nodeName) {
        int percent = 100 - SPREAD_PERCENT / 2 + Math.floorMod(nodeName.hashCode(), SPREAD_PERCENT + 1);
        return new Pace(reconnect.multipliedBy(percent).dividedBy(100), probeEvery, probeTimeout, watchPatience,
                nodePatience, settle,
                accessRetry);
    }
}
