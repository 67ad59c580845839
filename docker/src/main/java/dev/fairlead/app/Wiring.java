package dev.fairlead.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fairlead.ProxyServer;
import dev.fairlead.admin.AdminAddresses;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.Format;
import dev.fairlead.discovery.file.FileWatchSource;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.IpPort;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotReader;
import dev.fairlead.telemetry.AccessLog;
import dev.fairlead.telemetry.AccessLog.Form;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where what the settings choose becomes objects: the only place that switches over them. */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private Wiring() {
    }

    /** Something that was asked for cannot be had; the message says what and why. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Makes the proxy; no service's door is open yet.
     *
     * @param now the settings as they are when somebody asks for them
     * @param out where the access log goes unless it goes elsewhere
     */
    static ProxyServer server(ProxyConfig settings, Supplier<ProxyConfig> now, Balancers balancers, OutputStream out)
            throws Unavailable {
        Optional<AccessLog> accessLog = accessLog(settings.logging(), out);
        DataPath path = DataPaths.open(settings.dataPath(), settings.eventLoops());
        LOG.info("data path  {}, {} event loops", path.name(), path.loops().size());
        AdminAddresses addresses = new AdminAddresses(door(settings.admin()), door(settings.healthzDoor()),
                door(settings.metricsDoor()));
        try {
            return new ProxyServer(new ProxyServer.Parts(path, balancers, accessLog, addresses,
                    new Configz(settings, now)::text, room(path), new ControlLog(), Ticker.SYSTEM, Randomness.SYSTEM));
        } catch (IOException taken) {
            throw new Unavailable(String.valueOf(taken.getMessage()), taken);
        }
    }

    /** What is followed. */
    static ServiceSource source(Inputs inputs, SnapshotReader reader) {
        return new FileWatchSource(inputs.paths(), inputs.fixed(), reader, FileWatchSource.DEFAULT_INTERVAL,
                Ticker.SYSTEM);
    }

    private static Optional<AccessLog> accessLog(ProxyConfig.Logging logging, OutputStream out) throws Unavailable {
        Form form = logging.format() == Format.JSON ? Form.JSON : Form.TEXT;
        return switch (logging.accessLog()) {
            case ProxyConfig.AccessLog.Off() -> Optional.empty();
            case ProxyConfig.AccessLog.StandardOutput() ->
                Optional.of(AccessLog.toStream(out, form, AccessLog.DEFAULT_CAPACITY, Ticker.SYSTEM));
            case ProxyConfig.AccessLog.File(var path) -> {
                try {
                    yield Optional.of(AccessLog.toFile(path, form, AccessLog.DEFAULT_CAPACITY, Ticker.SYSTEM));
                } catch (IOException e) {
                    throw new Unavailable("access log " + path + " cannot be opened: " + e, e);
                }
            }
        };
    }

    private static Optional<IpPort> door(ProxyConfig.Admin door) {
        return switch (door) {
            case ProxyConfig.Admin.On(IpPort address) -> Optional.of(address);
            case ProxyConfig.Admin.Off() -> Optional.empty();
        };
    }

    /** How many files the process may have open. */
    static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static SessionRoom room(DataPath path) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? new SessionRoom(system.getMaxFileDescriptorCount(),
                        system.getOpenFileDescriptorCount() + path.spareDescriptors())
                : new SessionRoom(Long.MAX_VALUE, 0);
    }
}
