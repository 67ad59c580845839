package dev.fairlead.config;

import dev.fairlead.model.IpPort;
import dev.fairlead.source.TranslationSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a ProxyConfiguration says, apart from its services.
 *
 * @param services how objects become what this node serves
 * @param kubernetes the cluster to follow; absent = files alone
 * @param healthz where kube-proxy's health checks are answered; absent = on {@link #HEALTHZ} where a cluster is
 *     followed
 * @param metrics where kube-proxy's metrics are served; absent = on {@link #METRICS} where a cluster is followed
 * @param addresses how service addresses become this machine's
 * @param eventLoops threads that move bytes; absent = one for every two processors
 * @param handover the Unix socket at which a new process takes over from the running one; absent = none does
 * @param oneDoor whether all TCP frontends share a few listening sockets
 * @param privileges which of those that the process has it uses
 */
public record ProxyConfig(Logging logging, Admin admin, TranslationSettings services,
        Optional<Kubernetes> kubernetes, Optional<Admin> healthz, Optional<Admin> metrics, Drain drain,
        DataPathChoice dataPath, Addresses addresses, Optional<Integer> eventLoops, Optional<Path> handover,
        OneDoor oneDoor, PrivilegeChoice privileges) {

    /** kube-proxy's healthzBindAddress: on every address, since load balancers and probes ask from outside. */
    public static final Admin HEALTHZ = new Admin.On(IpPort.of("0.0.0.0:10256"));
    /** kube-proxy's metricsBindAddress. */
    public static final Admin METRICS = new Admin.On(IpPort.of("127.0.0.1:10249"));

    /** What holds where nothing is said; the one home of defaults, beside {@link TranslationSettings#DEFAULTS}. */
    public static final ProxyConfig DEFAULTS = new ProxyConfig(
            new Logging(Level.INFO, Format.TEXT, new AccessLog.StandardOutput()),
            new Admin.On(IpPort.of("127.0.0.1:10349")), TranslationSettings.DEFAULTS, Optional.empty(),
            Optional.empty(), Optional.empty(), new Drain(Duration.ZERO, Duration.ofSeconds(30)), DataPathChoice.AUTO,
            Addresses.DEFAULTS, Optional.empty(), Optional.empty(), OneDoor.AUTO,
            PrivilegeChoice.NEEDED);

    /**
     * The cluster to follow.
     *
     * @param kubeconfig absent = as a pod does, else as kubectl does
     * @param server the API server's own address; absent = what the kubeconfig or the pod's environment says
     * @param namespace the only one to follow; absent = all
     * @param quiet how long after a change no further one may come before they are acted upon
     * @param atMost how long a change may wait at most
     */
    public record Kubernetes(Optional<Path> kubeconfig, Optional<URI> server, Optional<String> namespace,
            Duration quiet, Duration atMost) {
        public static final Kubernetes DEFAULTS = new Kubernetes(Optional.empty(), Optional.empty(), Optional.empty(),
                Duration.ofMillis(10), Duration.ofMillis(100));

        public Kubernetes withKubeconfig(Optional<Path> value) {
            return new Kubernetes(value, server, namespace, quiet, atMost);
        }
    }

    public ProxyConfig withServices(TranslationSettings value) {
        return new ProxyConfig(logging, admin, value, kubernetes, healthz, metrics, drain, dataPath, addresses,
                eventLoops, handover, oneDoor, privileges);
    }

    /** Where kube-proxy's health checks are answered. */
    public Admin healthzDoor() {
        return healthz.orElse(kubernetes.isPresent() ? HEALTHZ : new Admin.Off());
    }

    /** Where kube-proxy's metrics are served. */
    public Admin metricsDoor() {
        return metrics.orElse(kubernetes.isPresent() ? METRICS : new Admin.Off());
    }

    /** What is written about the proxy and its connections, and how. */
    public record Logging(Level level, Format format, AccessLog accessLog) {
    }

    /** The least severe event that is logged. */
    public enum Level {
        ERROR, WARN, INFO, DEBUG, TRACE
    }

    /** Lines for people, or one JSON object a line for machines. */
    public enum Format {
        TEXT, JSON
    }

    /** Where the one line per connection goes. */
    public sealed interface AccessLog {
        /** Beside the log. */
        record StandardOutput() implements AccessLog {
        }

        /** Nowhere. */
        record Off() implements AccessLog {
        }

        /** To a file, appended. */
        record File(Path path) implements AccessLog {
        }
    }

    /** The door for health checks, metrics and status pages. */
    public sealed interface Admin {
        /**
         * Open.
         *
         * @param address port 0 = any free one
         */
        record On(IpPort address) implements Admin {
        }

        /** Not opened. */
        record Off() implements Admin {
        }
    }

    /**
     * How the proxy stops.
     *
     * @param grace still accepting, but not ready, for this long
     * @param deadline then connections may end by themselves for this long before they are reset
     */
    public record Drain(Duration grace, Duration deadline) {
    }

    /**
     * How service addresses become this machine's.
     *
     * @param keep whether they stay so after a clean stop
     * @param othersAnswer whether processes that listen at the wildcard address may answer there too
     */
    public record Addresses(AddressChoice choice, boolean keep, boolean othersAnswer) {
        public static final Addresses DEFAULTS = new Addresses(AddressChoice.AUTO, false, false);
    }

    /** Who makes service addresses this machine's. */
    public enum AddressChoice {
        /** Where a cluster is followed, ANYIP if it can be had, else FREEBIND; else GIVEN. */
        AUTO,
        /** Fairlead, by local routes. */
        ANYIP,
        /** Somebody else, perhaps later. */
        FREEBIND,
        /** Nobody: what is not this machine's is served at its loopback address. */
        LOOPBACK,
        /** Somebody else, before Fairlead starts. */
        GIVEN
    }

    /** Whether the kernel leads the clients of all TCP frontends to a few listening sockets. */
    public enum OneDoor {
        /** Where a cluster is followed and the kernel lets us. */
        AUTO,
        /** It must. */
        ON,
        /** Each frontend has a listening socket of its own. */
        OFF
    }

    /** Which capabilities the process keeps of those that it is started with. */
    public enum PrivilegeChoice {
        /** Those that the configuration has a use for, or that services which come later may have. */
        NEEDED,
        /** None, and whatever takes one is not tried. */
        NONE
    }

    /** Which implementation moves the bytes; AUTO takes the best that works here. */
    public enum DataPathChoice {
        AUTO,
        /** Handles over io_uring. */
        IO_URING,
        /** Handles over epoll. */
        EPOLL,
        /** Netty's channels over epoll. */
        CHANNEL,
        /** Netty's channels over the JDK's selector. */
        NIO
    }
}
