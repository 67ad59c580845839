package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import dev.fairlead.source.DurationText;
import dev.fairlead.telemetry.ProbeMeters;
import dev.fairlead.telemetry.ProbeMeters.Door;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nouns to GET over HTTP/1.1 at up to three addresses, and at the health check node ports, served by one thread of its
 * own, so that a scrape never delays a connection. It asks nobody who they are, but for the token where something is
 * changed: the admin and metrics addresses are meant for loopback or a network of friends, the one for health checks
 * says no more than how the proxy is.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private static final int MOST_CONNECTIONS = 64;
    // Load balancers ask from many places and keep their connections.
    private static final int MOST_CHECKERS = 256;
    // As kube-proxy does with the address for health checks.
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofMillis(50);

    private final EventLoopGroup group;
    private final Duration retry;
    private final ProbeMeters meters;
    private final Optional<HttpDoor> admin;
    private final Optional<HttpDoor> own;
    private final Optional<HttpDoor> healthz;
    private final Optional<HttpDoor> metrics;

    private AdminServer(AdminAddresses addresses, Observed observed, Duration retry, boolean patient)
            throws AdminBindFailure {
        this.retry = retry;
        meters = observed.probed().meters();
        Live live = Live.of(observed);
        admin = addresses.admin().map(address -> new HttpDoor(address, Pages.admin(observed, live), MOST_CONNECTIONS));
        own = observed.about().socket().map(path -> new HttpDoor(path, Pages.own(observed, live), MOST_CONNECTIONS));
        healthz = addresses.healthz().map(address -> new HttpDoor(address, Pages.health(observed), MOST_CHECKERS));
        metrics = addresses.metrics().map(address -> new HttpDoor(address, Pages.metrics(observed), MOST_CONNECTIONS));
        ThreadFactory threads = task -> Thread.ofPlatform().name("fairlead-admin").daemon().unstarted(task);
        group = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        if (patient) {
            admin.ifPresent(this::openInTime);
        } else if (admin.isPresent()) {
            openOrFail(admin.get());
        }
        own.ifPresent(this::openOwn);
        healthz.ifPresent(door -> open(door, Door.HEALTHZ).awaitUninterruptibly());
        metrics.ifPresent(door -> open(door, Door.METRICS).awaitUninterruptibly());
        new ServiceHealthServer(observed, group, retry).start();
        var _ = group.scheduleAtFixedRate(observed.liveness()::beat, 0, 1, TimeUnit.SECONDS);
        var _ = group.scheduleAtFixedRate(() -> turn(live), 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Opens the addresses. One for health checks or metrics that does not open is tried again every five seconds.
     *
     * @throws AdminBindFailure when the kernel will not open the admin address; nothing is left running then
     */
    public static AdminServer open(AdminAddresses addresses, Observed observed) throws AdminBindFailure {
        return open(addresses, observed, RETRY);
    }

    static AdminServer open(AdminAddresses addresses, Observed observed, Duration retry) throws AdminBindFailure {
        return new AdminServer(addresses, observed, retry, false);
    }

    /** The same where another process has them until it is released: none is missed, and all are tried again soon. */
    public static AdminServer openAfter(AdminAddresses addresses, Observed observed) throws AdminBindFailure {
        return new AdminServer(addresses, observed, SOON, true);
    }

    /** Where everything is answered, with the real port; empty where that was not asked for. */
    public Optional<IpPort> address() {
        return admin.flatMap(HttpDoor::address);
    }

    /** Where health checks are answered, with the real port; empty while it is not open. */
    public Optional<IpPort> healthzAddress() {
        return healthz.flatMap(HttpDoor::address);
    }

    /** Where kube-proxy's metrics are served, with the real port; empty while it is not open. */
    public Optional<IpPort> metricsAddress() {
        return metrics.flatMap(HttpDoor::address);
    }

    /** Ends all of its connections and its thread. Idempotent. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void openOrFail(HttpDoor door) throws AdminBindFailure {
        ChannelFuture bound = door.bind(group).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw bindFailure(door.wanted(), Optional.ofNullable(bound.cause()));
        }
    }

    /** One who cannot have it is asked at the admin address alone. */
    private void openOwn(HttpDoor door) {
        ChannelFuture bound = door.bind(group).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            LOG.warn("own socket: {}; commands have to ask at the admin address",
                    Optional.ofNullable(bound.cause()).map(Throwable::getMessage).orElse("unknown"));
        }
    }

    private static void turn(Live live) {
        try {
            live.turn();
        } catch (RuntimeException defect) {
            LOG.error("a defect: cannot look at how the process is", defect); // else it would never look again
        }
    }

    private void openInTime(HttpDoor door) {
        door.bind(group).addListener(bound -> {
            if (!bound.isSuccess() && !group.isShuttingDown()) {
                var _ = group.schedule(() -> openInTime(door), retry.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    private Future<Void> open(HttpDoor door, Door which) {
        return door.bind(group).addListener(bound -> opened(door, which, bound));
    }

    private void opened(HttpDoor door, Door which, Future<?> bound) {
        if (group.isShuttingDown()) {
            return;
        }
        boolean failedBefore = meters.failing(which, !bound.isSuccess());
        if (bound.isSuccess()) {
            if (failedBefore) {
                LOG.info("{}BindAddress {} is open now", which, door.wanted());
            }
            return;
        }
        if (!failedBefore) {
            LOG.warn("{}BindAddress {}: {} (expected: a free address of this machine); trying again every {}", which,
                    door.wanted(), Optional.ofNullable(bound.cause()).map(Throwable::getMessage).orElse("unknown"),
                    DurationText.format(retry));
        }
        var _ = group.schedule(() -> open(door, which), retry.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static AdminBindFailure bindFailure(IpPort address, Optional<Throwable> cause) {
        String why = cause.map(Throwable::getMessage).orElse("unknown");
        Throwable reason = cause.orElseGet(() -> new IllegalStateException("bind failed without a cause"));
        return new AdminBindFailure("admin address " + address + ": " + why
                + " (expected: a free address of this machine) - give another one with 'admin: ip:port' (--admin), or turn it"
                + " off with 'admin: off' (--admin off)", reason);
    }
}
