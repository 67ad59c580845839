package dev.fairlead.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fairlead.ProxyServer;
import dev.fairlead.admin.About;
import dev.fairlead.admin.AdminAddresses;
import dev.fairlead.app.privilege.FollowedFiles;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.Format;
import dev.fairlead.control.ControlObserver;
import dev.fairlead.discovery.file.FileWatchSource;
import dev.fairlead.discovery.kubernetes.ApiServer;
import dev.fairlead.discovery.kubernetes.ClusterAccess;
import dev.fairlead.discovery.kubernetes.Coalescing;
import dev.fairlead.discovery.kubernetes.KubernetesSource;
import dev.fairlead.discovery.kubernetes.ServiceEvents;
import dev.fairlead.discovery.merge.MergedSource;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.MachineAddresses;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.IpPort;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotReader;
import dev.fairlead.telemetry.AccessLog;
import dev.fairlead.telemetry.AccessLog.Form;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
     * @param machine whose interfaces may get other addresses
     * @param out where the access log goes unless it goes elsewhere
     * @param inheritance present where it takes over from another process
     * @param observer is told what the control thread does
     * @param about what is told of the process
     */
    static ProxyServer server(ProxyConfig settings, Supplier<ProxyConfig> now, Balancers balancers,
            Optional<MachineAddresses> machine, OutputStream out, Optional<Inheritance> inheritance,
            ControlObserver observer, About about) throws Unavailable {
        Optional<AccessLog> accessLog = accessLog(settings.logging(), out);
        DataPath path = DataPaths.open(settings.dataPath(), settings.eventLoops());
        LOG.info("data path  {}, {} event loops", path.name(), path.loops().size());
        if (!path.filters()) {
            LOG.info(
                    "filters    none: TCP clients that a Service's policy leaves without an answer are accepted and reset"
                            + " (NET_ADMIN and a data path of epoll or uring would make them time out)");
        }
        FrontDoors doors = FrontDoors.of(settings, machine, path);
        SessionRoom room = room(path);
        doors.tell(room, path);
        VipBinder vips;
        try {
            vips = ServiceAddresses.open(settings, machine, doors.oneDoor());
        } catch (Unavailable refused) {
            doors.oneDoor().ifPresent(one -> one.steering().close());
            path.close();
            throw refused;
        }
        AdminAddresses addresses = new AdminAddresses(door(settings.admin()), door(settings.healthzDoor()),
                door(settings.metricsDoor()));
        try {
            return new ProxyServer(new ProxyServer.Parts(path, balancers, accessLog, addresses,
                    new Configz(settings, now)::text, room, inheritance, vips, doors.oneDoor(), observer, about,
                    Ticker.SYSTEM, Randomness.SYSTEM));
        } catch (IOException taken) {
            throw new Unavailable(String.valueOf(taken.getMessage()), taken);
        }
    }

    /** What is followed: files, a cluster, or both, of which the files go first. */
    static ServiceSource source(Inputs inputs, SnapshotReader reader, ProxyConfig settings, Balancers balancers,
            LocalAddresses interfaces, ProxyServer server) {
        List<MergedSource.Member> members = new ArrayList<>();
        if (!inputs.equals(Inputs.NONE)) {
            FileWatchSource files = new FileWatchSource(inputs.paths(), inputs.fixed(), reader,
                    FileWatchSource.DEFAULT_INTERVAL, Ticker.SYSTEM);
            interfaces.onChange(files::rereadSoon);
            members.add(new MergedSource.Member("the files", files));
        }
        settings.kubernetes().ifPresent(kubernetes -> members.add(new MergedSource.Member("the cluster",
                new KubernetesSource(access(kubernetes), settings.services(), new PolicyWords(balancers), interfaces,
                        new Coalescing(kubernetes.quiet(), kubernetes.atMost()), new ClusterNews(server.changes()),
                        server.apiCalls(), Ticker.SYSTEM))));
        return members.size() == 1 ? members.getFirst().source() : new MergedSource(members);
    }

    /** Where troubles of a Service are told in the cluster that is followed; empty where none is. */
    static Optional<ServiceEvents> events(ProxyConfig settings, ApiCalls calls) {
        return settings.kubernetes().map(kubernetes -> new ServiceEvents(access(kubernetes),
                settings.services().nodeName().orElse("unknown"), calls, Ticker.SYSTEM));
    }

    /** What a run comes back to. */
    static FollowedFiles files(Inputs inputs, ProxyConfig settings) {
        List<Path> read = settings.kubernetes().map(Wiring::server).flatMap(server -> switch (server) {
            case ApiServer.Kubeconfig(Path file, _) -> Optional.of(file);
            case ApiServer.InCluster(Path account, _) -> Optional.of(account.resolve("token"));
            case ApiServer.Address _ -> Optional.empty();
        }).stream().toList();
        List<Path> written = new ArrayList<>(settings.handover().stream().toList());
        if (settings.logging().accessLog() instanceof ProxyConfig.AccessLog.File(Path log)) {
            written.add(log);
        }
        return new FollowedFiles(inputs.paths(), read, written);
    }

    static ClusterAccess access(ProxyConfig.Kubernetes kubernetes) {
        return new ClusterAccess(server(kubernetes), kubernetes.namespace());
    }

    /** As configured, else as a pod is told, else as kubectl finds it. */
    private static ApiServer server(ProxyConfig.Kubernetes kubernetes) {
        Optional<String> url = kubernetes.server().map(URI::toString);
        if (kubernetes.kubeconfig().isPresent()) {
            return new ApiServer.Kubeconfig(kubernetes.kubeconfig().get(), url);
        }
        if (Files.exists(ApiServer.SERVICE_ACCOUNT.resolve("token"))) {
            return new ApiServer.InCluster(ApiServer.SERVICE_ACCOUNT, url);
        }
        return url.<ApiServer>map(ApiServer.Address::new)
                .orElseGet(() -> new ApiServer.Kubeconfig(kubectlConfig(), Optional.empty()));
    }

    private static Path kubectlConfig() {
        return Optional.ofNullable(System.getenv("KUBECONFIG")).filter(path -> !path.isEmpty())
                .map(path -> Path.of(path.split(File.pathSeparator, 2)[0]))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kube", "config"));
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

    /** How many files the process has open; 0 where the machine does not say. */
    static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    private static SessionRoom room(DataPath path) {
        return new SessionRoom(descriptors(), openDescriptors() + path.spareDescriptors());
    }
}
