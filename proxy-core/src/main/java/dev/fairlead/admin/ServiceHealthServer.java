package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.DurationText;
import dev.fairlead.telemetry.Json;
import dev.fairlead.telemetry.ProbeMeters.Door;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers at every health check node port, to any path and method: 200 where the Service has endpoints on this node
 * that are ready and the proxy is healthy, else 503. Confined to the admin thread.
 */
final class ServiceHealthServer {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceHealthServer.class);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MOST_CHECKERS = 64;

    private final Observed observed;
    private final EventLoopGroup group;
    private final Duration retry;
    private final Map<IpPort, HttpDoor> doors = new HashMap<>();
    private final Set<IpPort> failing = new HashSet<>();
    private Optional<ServiceSnapshot> seen = Optional.empty();
    private Map<IpPort, ServiceHealth> told = Map.of();

    ServiceHealthServer(Observed observed, EventLoopGroup group, Duration retry) {
        this.observed = observed;
        this.group = group;
        this.retry = retry;
    }

    /** Begins to follow what the control thread has in force. Any thread. */
    void start() {
        var _ = group.scheduleWithFixedDelay(this::followDoors, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void followDoors() {
        if (!look()) {
            return;
        }
        for (IpPort address : List.copyOf(doors.keySet())) {
            if (!told.containsKey(address)) {
                Optional.ofNullable(doors.remove(address)).ifPresent(HttpDoor::close);
                failing.remove(address);
            }
        }
        observed.probed().meters().failing(Door.HEALTH_CHECKS, !failing.isEmpty());
        told.keySet().stream().filter(address -> !doors.containsKey(address)).toList().forEach(this::open);
    }

    /** Whether there is anything new. */
    @SuppressWarnings("ReferenceEquality") // what is unchanged is the same object
    private boolean look() {
        ServiceSnapshot now = observed.control().get().snapshot();
        if (seen.isPresent() && seen.get() == now) {
            return false;
        }
        seen = Optional.of(now);
        told = ServiceHealth.of(now);
        return true;
    }

    private void open(IpPort address) {
        HttpDoor door = new HttpDoor(address, _ -> CompletableFuture.completedStage(answer(address)), MOST_CHECKERS);
        doors.put(address, door);
        bind(door);
    }

    private void bind(HttpDoor door) {
        door.bind(group).addListener(bound -> opened(door, bound));
    }

    private void opened(HttpDoor door, Future<?> bound) {
        IpPort address = door.wanted();
        ServiceHealth health = told.get(address);
        if (!door.equals(doors.get(address)) || health == null || group.isShuttingDown()) {
            door.close();
            return;
        }
        if (bound.isSuccess()) {
            if (failing.remove(address)) {
                LOG.info("health check node port {} of {} is open now", address, health.service());
            }
        } else {
            if (failing.add(address)) {
                String why = Optional.ofNullable(bound.cause()).map(Throwable::getMessage).orElse("unknown");
                LOG.warn(
                        "health check node port {} of {}: {} (expected: a free port of this node); trying again every {}",
                        address, health.service(), why, DurationText.format(retry));
                observed.healthChecks().unserved(health.service(), address, why);
            }
            var _ = group.schedule(() -> again(door), retry.toMillis(), TimeUnit.MILLISECONDS);
        }
        observed.probed().meters().failing(Door.HEALTH_CHECKS, !failing.isEmpty());
    }

    private void again(HttpDoor door) {
        if (door.equals(doors.get(door.wanted()))) {
            bind(door);
        }
    }

    /** The body, the headers and the statuses are kube-proxy's. */
    private Answer answer(IpPort address) {
        look(); // an answer is never older than what is in force, also where the doors are to follow yet
        Optional<ServiceHealth> health = Optional.ofNullable(told.get(address));
        int endpoints = health.map(one -> one.endpoints().size()).orElse(0);
        boolean healthy = observed.probed().progress().health().healthy();
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject();
        health.ifPresent(one -> json.name("service").beginObject().member("namespace", one.service().namespace())
                .member("name", one.service().name()).endObject());
        json.member("localEndpoints", endpoints).member("serviceProxyHealthy", healthy).endObject();
        return Answer
                .json(endpoints > 0 && healthy ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        out.toString())
                .with("x-load-balancing-endpoint-weight", String.valueOf(endpoints));
    }
}
