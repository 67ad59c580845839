package dev.fairlead.config;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a ProxyConfiguration says, apart from its services.
 *
 * @param nodeName this node's name, compared with the nodeName of endpoints; absent = nothing is local
 * @param nodeAddresses this node's own addresses; empty = those of its Node object
 * @param nodePortAddresses where NodePorts are opened: CIDRs, or {@code primary}; empty = on all of the node's
 *     addresses
 * @param serviceProxyName serve only Services labelled with this name; absent = only those without the label
 * @param eventLoops threads that move bytes; absent = one for every two processors
 * @param defaults how connections of services that say nothing themselves are made and kept
 */
public record ProxyConfig(Logging logging, Admin admin, Optional<String> nodeName, List<InetAddress> nodeAddresses,
        List<String> nodePortAddresses, Optional<String> serviceProxyName, ServicePolicy defaults, Drain drain,
        DataPathChoice dataPath, Optional<Integer> eventLoops) {

    /** What holds where nothing is said; the one home of defaults, beside {@link ServicePolicy#DEFAULTS}. */
    public static final ProxyConfig DEFAULTS = new ProxyConfig(
            new Logging(Level.INFO, Format.TEXT, new AccessLog.StandardOutput()),
            new Admin.On(IpPort.of("127.0.0.1:10349")), Optional.empty(), List.of(), List.of(), Optional.empty(),
            ServicePolicy.DEFAULTS, new Drain(Duration.ZERO, Duration.ofSeconds(30)), DataPathChoice.AUTO,
            Optional.empty());

    public ProxyConfig {
        nodeAddresses = List.copyOf(nodeAddresses);
        nodePortAddresses = List.copyOf(nodePortAddresses);
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
