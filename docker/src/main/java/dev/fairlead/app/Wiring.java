package dev.fairlead.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fairlead.ProxyServer;
import dev.fairlead.admin.AdminBindFailure;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.discovery.file.FileWatchSource;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.IpPort;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotReader;
import dev.fairlead.telemetry.AccessLog;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where settings become objects: the one place that knows every room. */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private Wiring() {
    }

    /**
     * The proxy, with its admin address open and no door yet.
     *
     * @param out where the access log goes unless the settings name a file
     * @throws SetupFailure when a setting cannot be carried out on this machine
     */
    static ProxyServer proxy(ProxyConfig settings, Balancers balancers, OutputStream out) throws SetupFailure {
        Optional<AccessLog> accessLog = accessLog(settings.logging(), out);
        DataPath path = dataPath(settings.dataPath());
        try {
            return new ProxyServer(new ProxyServer.Parts(path, balancers, accessLog, admin(settings.admin()), room(),
                    new ControlLog(), Ticker.SYSTEM, Randomness.SYSTEM));
        } catch (AdminBindFailure failure) {
            throw new SetupFailure(String.valueOf(failure.getMessage()));
        }
    }

    /** What it follows. */
    static ServiceSource source(Inputs inputs, SnapshotReader reader) {
        return new FileWatchSource(inputs.paths(), inputs.fixed(), reader, FileWatchSource.DEFAULT_INTERVAL,
                Ticker.SYSTEM);
    }

    private static DataPath dataPath(ProxyConfig.DataPathChoice choice) throws SetupFailure {
        ChannelKind kind = switch (choice) {
            case EPOLL -> ChannelKind.EPOLL;
            case NIO -> ChannelKind.NIO;
            case AUTO -> ChannelKind.EPOLL.unavailable().isEmpty() ? ChannelKind.EPOLL : ChannelKind.NIO;
        };
        Optional<String> refused = kind.unavailable();
        if (refused.isPresent()) {
            throw new SetupFailure("data path " + kind + " does not work here: " + refused.get()
                    + " (expected: Linux on x86_64 or aarch64) - use --data-path auto");
        }
        if (choice == ProxyConfig.DataPathChoice.AUTO && kind == ChannelKind.NIO) {
            LOG.info("data path nio, since epoll does not work here: {}", ChannelKind.EPOLL.unavailable().orElse(""));
        }
        return new ChannelDataPath(kind, Runtime.getRuntime().availableProcessors());
    }

    private static Optional<AccessLog> accessLog(ProxyConfig.Logging logging, OutputStream out) throws SetupFailure {
        AccessLog.Form form = switch (logging.format()) {
            case TEXT -> AccessLog.Form.TEXT;
            case JSON -> AccessLog.Form.JSON;
        };
        return switch (logging.accessLog()) {
            case ProxyConfig.AccessLog.Off() -> Optional.empty();
            case ProxyConfig.AccessLog.StandardOutput() ->
                Optional.of(AccessLog.toStream(out, form, AccessLog.DEFAULT_CAPACITY, Ticker.SYSTEM));
            case ProxyConfig.AccessLog.File(Path file) -> {
                try {
                    yield Optional.of(AccessLog.toFile(file, form, AccessLog.DEFAULT_CAPACITY, Ticker.SYSTEM));
                } catch (IOException failure) {
                    throw new SetupFailure("access log " + file + ": " + failure.getMessage()
                            + " (expected: a file that can be written, or its folder)");
                }
            }
        };
    }

    private static Optional<IpPort> admin(ProxyConfig.Admin admin) {
        return switch (admin) {
            case ProxyConfig.Admin.On(IpPort address) -> Optional.of(address);
            case ProxyConfig.Admin.Off() -> Optional.empty();
        };
    }

    private static SessionRoom room() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? new SessionRoom(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : new SessionRoom(Long.MAX_VALUE, 0);
    }
}
