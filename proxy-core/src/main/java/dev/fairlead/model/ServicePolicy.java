package dev.fairlead.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections to a service port are made and kept: the proxy's defaults, overridden by a Service's annotations.
 *
 * @param balancer who picks the endpoint
 * @param connectTimeout for one attempt to connect to one endpoint
 * @param connectAttempts different endpoints tried for one connection, at least 1
 * @param connectBudget for all attempts of one connection together
 * @param keepAlive of both sides
 * @param idleTimeout a connection without a byte in either direction for this long is ended; absent = never
 * @param connectionsPerSecond new connections accepted per second over all frontends; absent = no limit
 */
public record ServicePolicy(BalancerChoice balancer, Duration connectTimeout, int connectAttempts,
        Duration connectBudget, KeepAlive keepAlive, Optional<Duration> idleTimeout,
        Optional<Integer> connectionsPerSecond) {

    /** What holds where nothing is said. {@code random} is what kube-proxy does. */
    public static final ServicePolicy DEFAULTS = new ServicePolicy(BalancerChoice.named("random"),
            Duration.ofSeconds(2), 3, Duration.ofSeconds(5), new KeepAlive.On(Duration.ofSeconds(60)), Optional.empty(),
            Optional.empty());

    public ServicePolicy withBalancer(BalancerChoice value) {
        return new ServicePolicy(value, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond);
    }

    public ServicePolicy withConnectTimeout(Duration value) {
        return new ServicePolicy(balancer, value, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond);
    }

    public ServicePolicy withConnectAttempts(int value) {
        return new ServicePolicy(balancer, connectTimeout, value, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond);
    }

    public ServicePolicy withConnectBudget(Duration value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, value, keepAlive, idleTimeout,
                connectionsPerSecond);
    }

    public ServicePolicy withKeepAlive(KeepAlive value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, value, idleTimeout,
                connectionsPerSecond);
    }

    public ServicePolicy withIdleTimeout(Optional<Duration> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, value,
                connectionsPerSecond);
    }

    public ServicePolicy withConnectionsPerSecond(Optional<Integer> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                value);
    }
}
