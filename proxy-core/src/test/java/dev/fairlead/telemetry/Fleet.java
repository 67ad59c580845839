package dev.fairlead.telemetry;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.control.Progress;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.transport.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Services and endpoints for tests. */
public final class Fleet {
    private Fleet() {
    }

    /** kube-proxy's metrics of a proxy to which nothing happens. */
    public static KubeProxyMeters quiet() {
        return new KubeProxyMeters(new Progress(Ticker.SYSTEM), () -> ServiceSnapshot.EMPTY, new ProbeMeters(),
                new ApiCallMeters(Ticker.SYSTEM));
    }

    /** {@code namespace/name:port} over TCP and IPv4. */
    public static ServicePortName service(String text) {
        int slash = text.indexOf('/');
        int colon = text.lastIndexOf(':');
        return new ServicePortName(
                new ServiceName(text.substring(0, slash), text.substring(slash + 1, colon < 0 ? text.length() : colon)),
                colon < 0 ? "" : text.substring(colon + 1), Protocol.TCP, IpFamily.IPV4);
    }

    public static Upstream upstream(ServicePortName service, String address) {
        return upstream(service, address, Gate.State.ADMITS);
    }

    public static Upstream upstream(ServicePortName service, String address, Gate.State state) {
        return new Upstream(service, IpPort.of(address), gate(state));
    }

    public static Route route(ServicePortName service, FrontendKind kind, String frontend, ServiceCounters counters,
            Upstream... upstreams) {
        return route(service, kind, frontend, ConnectionLimit.NONE, counters, upstreams);
    }

    public static Route route(ServicePortName service, FrontendKind kind, String frontend, ConnectionLimit limit,
            ServiceCounters counters, Upstream... upstreams) {
        List<IpPort> endpoints = List.of(upstreams).stream().map(Upstream::address).toList();
        RouteSpec spec = new RouteSpec(service, kind, List.of(IpPort.of(frontend)), endpoints,
                service.protocol() == Protocol.UDP ? endpoints : List.of(), !endpoints.isEmpty(), Optional.empty(),
                SessionAffinity.NONE,
                List.of(), ServicePolicy.DEFAULTS);
        return Route.straight(spec, List.of(upstreams), _ -> Optional.empty(), limit, counters);
    }

    /** Takes everybody, and says that so many more may come. */
    public static ConnectionLimit limit(int available) {
        return new ConnectionLimit() {
            @Override
            public boolean tryAcquire() {
                return true;
            }

            @Override
            public OptionalInt available() {
                return OptionalInt.of(available);
            }
        };
    }

    private static Gate gate(Gate.State state) {
        return new Gate() {
            @Override
            public boolean shut() {
                return state == State.EJECTED;
            }

            @Override
            public boolean tryAcquire() {
                return !shut();
            }

            @Override
            public void connected(long nanos) {
            }

            @Override
            public void failed(long nanos, Cause cause) {
            }

            @Override
            public void release() {
            }

            @Override
            public State state() {
                return state;
            }
        };
    }

    /** What a scrape of it gives. */
    public static String scraped(Metrics metrics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            metrics.scrape(out, MetricsText.PROMETHEUS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
