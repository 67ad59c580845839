package dev.fairlead.discovery.kubernetes;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.Permission;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is wrong with a Service where {@code kubectl describe service} shows it: into an Event. The same trouble at
 * most once in ten minutes; what comes faster than it can be posted is dropped and counted. Events that cannot be
 * posted disturb nobody: why is logged once, until one can be posted again.
 *
 * <p>
 * There is hardly ever anything to tell, so thread and client live no longer than it takes; a new client also knows
 * credentials that were renewed.
 */
public final class ServiceEvents implements AutoCloseable {
    /**
     * How much is posted how fast.
     *
     * @param waiting troubles at most
     * @param pause after each Event; kube-proxy's client sends five requests a second
     */
    record Limits(int waiting, Duration pause) {
        static final Limits DEFAULT = new Limits(100, Duration.ofMillis(200));
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEvents.class);
    private static final Permission CREATE = new Permission("create", "events.k8s.io", "events", Optional.empty());

    private final ClusterAccess access;
    private final ApiClients clients;
    private final Limits limits;
    private final Ticker ticker;
    private final Consumer<String> log;
    private final EventObjects objects;
    private final BlockingQueue<ServiceTrouble> waiting;
    private final AtomicLong dropped = new AtomicLong();

    private final Object lock = new Object();
    private final RecentTroubles recent = new RecentTroubles(); // guarded by lock
    private boolean posting; // guarded by lock
    private volatile boolean closed;

    // The posting thread's, of which there is one at a time.
    private Optional<String> failing = Optional.empty();
    private long droppedSaid;

    /**
     * @param nodeName whose proxy tells it
     * @param calls counts what the API server is asked
     */
    public ServiceEvents(ClusterAccess access, String nodeName, ApiCalls calls, Ticker ticker) {
        this(access, nodeName, new ApiClients(new ClientConfig(name -> Optional.ofNullable(System.getenv(name)),
                Pace.DEFAULT), calls, ticker), Limits.DEFAULT, ticker, LOG::warn);
    }

    /** @param log takes lines for an operator */
    ServiceEvents(ClusterAccess access, String nodeName, ApiClients clients, Limits limits, Ticker ticker,
            Consumer<String> log) {
        this.access = access;
        this.clients = clients;
        this.limits = limits;
        this.ticker = ticker;
        this.log = log;
        this.objects = new EventObjects(nodeName, ticker);
        this.waiting = new LinkedBlockingQueue<>(limits.waiting);
    }

    /** Tells it, later and elsewhere: never blocks, never throws. Any thread. */
    public void tell(ServiceTrouble trouble) {
        synchronized (lock) {
            long now = ticker.nanos();
            if (closed || recent.has(trouble, now)) {
                return;
            }
            if (!waiting.offer(trouble)) {
                dropped.incrementAndGet();
                return;
            }
            recent.add(trouble, now);
            if (!posting) {
                posting = true;
                Thread.ofPlatform().daemon().name("fairlead-events").start(this::post);
            }
        }
    }

    /** How many troubles were not told, since they came too fast or the API server was away. */
    public long dropped() {
        return dropped.get();
    }

    private void post() {
        boolean more = true;
        while (more) {
            try (KubernetesClient client = clients.open(clients.read(access.server(), false), _ -> {
            })) {
                postAll(client);
            } catch (UnusableAccess | RuntimeException noWay) {
                dropped.addAndGet(waiting.drainTo(new ArrayList<>()));
                failed(FailureWords.of(noWay), List.of());
            }
            sayDropped();
            synchronized (lock) {
                more = !waiting.isEmpty() && !closed;
                posting = more;
            }
        }
    }

    private void postAll(KubernetesClient client) {
        // It stays where it is until it is told, so that it counts if it cannot be.
        ServiceTrouble trouble = waiting.peek();
        while (trouble != null && !closed) {
            try {
                post(client, trouble);
            } catch (KubernetesClientException refused) {
                if (refused.getCode() == 0) {
                    // Nobody is there: the others would wait as long, for the same.
                    throw refused;
                }
                dropped.incrementAndGet();
                failed(refused);
            }
            waiting.poll();
            LockSupport.parkNanos(this, limits.pause.toNanos());
            trouble = waiting.peek();
        }
    }

    private void post(KubernetesClient client, ServiceTrouble trouble) {
        Optional<Service> about = find(client, trouble.service());
        if (about.isEmpty()) {
            LOG.debug("no Event about {}, which the cluster does not have", trouble.service());
            return;
        }
        client.events().v1().events().inNamespace(trouble.service().namespace())
                .resource(objects.of(trouble, about.get())).create();
        failing = Optional.empty();
    }

    /** By a list, which we may make anyway; to get one Service would take one more permission. */
    private static Optional<Service> find(KubernetesClient client, ServiceName name) {
        return client.services().inNamespace(name.namespace()).withField("metadata.name", name.name()).list().getItems()
                .stream().filter(service -> name.name().equals(service.getMetadata().getName())).findFirst();
    }

    private void failed(KubernetesClientException refused) {
        if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
            failed("the server answers 403; without Events only this log says what is wrong with a Service; grant it"
                    + " with RBAC:",
                    Permission.roles(List.of(new Permission(CREATE.verb(), CREATE.group(),
                            CREATE.resource(), access.namespace()))));
        } else {
            failed("the server answers " + refused.getCode(), List.of());
        }
    }

    private void failed(String why, List<String> further) {
        if (!failing.equals(Optional.of(why)) && !closed) {
            failing = Optional.of(why);
            List<String> lines = new ArrayList<>(List.of("cannot create Events about Services: " + why));
            further.forEach(line -> lines.add("  " + line));
            lines.forEach(log);
        }
    }

    private void sayDropped() {
        long now = dropped.get();
        if (now != droppedSaid && failing.isEmpty()) {
            log.accept("not told as Events, since there were too many at once: " + (now - droppedSaid));
        }
        droppedSaid = now;
    }

    /** Nothing is told from now on; does not wait. */
    @Override
    public void close() {
        closed = true;
        waiting.clear();
    }
}
