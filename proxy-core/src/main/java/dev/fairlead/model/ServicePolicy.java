package dev.fairlead.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections and UDP flows to a service port are made and kept: the proxy's defaults, overridden by a Service's
 * annotations.
 *
 * @param balancer who picks the endpoint
 * @param connectTimeout for one attempt to connect to one endpoint
 * @param connectAttempts different endpoints tried for one connection, at least 1
 * @param connectBudget for all attempts of one connection together
 * @param keepAlive of both sides
 * @param idleTimeout a connection without a byte in either direction for this long is ended; absent = never
 * @param connectionsPerSecond new connections accepted per second over all frontends; absent = no limit
 * @param udpTimeout a UDP flow without any reply and without a datagram for this long is ended
 * @param udpStreamTimeout the same for a flow that was replied to
 * @param responses after so many replies a UDP flow is ended, 1 for DNS; absent = never
 * @param maxFlows UDP flows of the service port at a time on this node; absent = no limit of its own
 * @param clientAddress who the client is, and who is told
 */
public record ServicePolicy(BalancerChoice balancer, Duration connectTimeout, int connectAttempts,
        Duration connectBudget, KeepAlive keepAlive, Optional<Duration> idleTimeout,
        Optional<Integer> connectionsPerSecond, Duration udpTimeout, Duration udpStreamTimeout,
        Optional<Integer> responses, Optional<Integer> maxFlows, ClientAddressPolicy clientAddress) {

    /** What holds where nothing is said. {@code random} is what kube-proxy does. */
    public static final ServicePolicy DEFAULTS = new ServicePolicy(BalancerChoice.named("random"),
            Duration.ofSeconds(2), 3, Duration.ofSeconds(5), new KeepAlive.On(Duration.ofSeconds(60)), Optional.empty(),
            Optional.empty(), Duration.ofSeconds(30), Duration.ofSeconds(120), Optional.empty(), Optional.empty(),
            ClientAddressPolicy.DEFAULTS);

    public ServicePolicy withBalancer(BalancerChoice value) {
        return new ServicePolicy(value, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withConnectTimeout(Duration value) {
        return new ServicePolicy(balancer, value, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withConnectAttempts(int value) {
        return new ServicePolicy(balancer, connectTimeout, value, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withConnectBudget(Duration value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, value, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withKeepAlive(KeepAlive value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, value, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withIdleTimeout(Optional<Duration> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, value,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withConnectionsPerSecond(Optional<Integer> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                value, udpTimeout, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withUdpTimeout(Duration value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, value, udpStreamTimeout, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withUdpStreamTimeout(Duration value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, value, responses, maxFlows, clientAddress);
    }

    public ServicePolicy withResponses(Optional<Integer> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, value, maxFlows, clientAddress);
    }

    public ServicePolicy withMaxFlows(Optional<Integer> value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, value, clientAddress);
    }

    public ServicePolicy withClientAddress(ClientAddressPolicy value) {
        return new ServicePolicy(balancer, connectTimeout, connectAttempts, connectBudget, keepAlive, idleTimeout,
                connectionsPerSecond, udpTimeout, udpStreamTimeout, responses, maxFlows, value);
    }
}
