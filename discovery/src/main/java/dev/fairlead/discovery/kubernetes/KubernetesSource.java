package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.ClusterInformers.Scope;
import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Event.News;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.transport.Ticker;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services from the Kubernetes API, by list and watch.
 *
 * <p>
 * Nothing is offered before Services and EndpointSlices are known completely, and the own Node for a while. From then
 * on the last state stays in force, however long the server is away; that it is, and since when, is told as a fault,
 * and an offer of the same snapshot ends it. What the watches tell is a hint of what to look at; a list that finds
 * everything as it was leads to the same snapshot, the same object even.
 *
 * <p>
 * One thread of its own does all of it, {@code fairlead-discovery}; the API client's threads only leave letters.
 */
public final class KubernetesSource implements ServiceSource {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
    private static final String PLACE = "the Kubernetes API";
    // Whatever is wrong may be so at every turn.
    private static final long AFTER_A_BUG = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FOREVER = TimeUnit.HOURS.toNanos(1);
    // Enough for a burst to become one offer, few enough that an endless one does not keep offers back.
    private static final int LETTERS_A_TURN = 1000;

    /**
     * Mail from the API client's threads.
     *
     * @param connection which of the connections, counted from 1, has sent it; 0 = to be woken up
     */
    private record Letter(long connection, Event event) {
    }

    private final BlockingQueue<Letter> mailbox = new LinkedBlockingQueue<>();
    private final Ticker ticker;
    private final SourceObserver observer;
    private final Thread thread;

    // The discovery thread's.
    private final ClusterState state;
    private final ClusterLink link;
    private final OfferPace pace;
    private Optional<ServiceSnapshot> offered = Optional.empty();
    private Optional<SourceFault> told = Optional.empty();
    private Optional<SourceFault> defect = Optional.empty();

    private final Object delivery = new Object();
    private Optional<SnapshotSink> sink = Optional.empty(); // guarded by delivery; empty before start and after close
    private volatile boolean closed;
    private volatile boolean moved; // this machine's interfaces have other addresses

    /**
     * @param settings whose view is made; {@code nodeName} and {@code serviceProxyName} also decide what is asked for
     * @param interfaces this machine's, on which NodePorts are served
     * @param observer told what changes, before it is offered
     * @param calls counts what the API server is asked
     */
    public KubernetesSource(ClusterAccess access, TranslationSettings settings, PolicyWords words,
            LocalAddresses interfaces, Coalescing coalescing, SourceObserver observer, ApiCalls calls,
            Ticker ticker) {
        this(access, settings, words, interfaces, coalescing, observer, calls, ticker, Pace.DEFAULT,
                name -> Optional.ofNullable(System.getenv(name)));
    }

    KubernetesSource(ClusterAccess access, TranslationSettings settings, PolicyWords words,
            LocalAddresses interfaces, Coalescing coalescing, SourceObserver observer, ApiCalls calls, Ticker ticker,
            Pace timing,
            Function<String, Optional<String>> environment) {
        this.ticker = ticker;
        this.observer = new GuardedSourceObserver(observer);
        this.pace = new OfferPace(coalescing);
        this.state = new ClusterState(words, settings, interfaces, timing, new WaitingChanges(ticker.epochMillis()),
                this.observer);
        Scope scope = new Scope(access.namespace(), settings.serviceProxyName(),
                settings.nodeName().filter(name -> !name.isEmpty()), true, false);
        Pace spread = timing.spread(settings.nodeName().orElse(""));
        this.link = new ClusterLink(access, scope,
                new ApiClients(new ClientConfig(environment, spread), calls, ticker), spread, ticker,
                number -> event -> mailbox.add(new Letter(number, event)), state::relearn);
        interfaces.onChange(() -> {
            moved = true;
            mailbox.add(new Letter(0, new Event.Alive()));
        });
        this.thread = Thread.ofPlatform().name("fairlead-discovery").daemon().unstarted(this::run);
    }

    /** Returns at once; whatever comes, faults too, comes later. */
    @Override
    public void start(SnapshotSink to) {
        synchronized (delivery) {
            sink = Optional.of(to);
        }
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                turn();
            } catch (InterruptedException nobodyHasAReason) {
                LOG.debug("interrupted, and going on", nobodyHasAReason);
            } catch (RuntimeException bug) {
                // One object that we cannot take must not end the thread that follows all of them.
                LOG.error("Following the Kubernetes API failed; the last state stays in force.", bug);
                pace.settled(ticker.nanos());
                defect = Optional.of(new SourceFault.Unreachable(PLACE, "following it failed: " + bug));
                LockSupport.parkNanos(this, AFTER_A_BUG);
            }
        }
        link.close();
    }

    private void turn() throws InterruptedException {
        link.tend(ticker.nanos());
        Letter letter = mailbox.poll(idle(ticker.nanos()), TimeUnit.NANOSECONDS);
        for (int read = 1; letter != null; read++) {
            read(letter, ticker.nanos());
            letter = read < LETTERS_A_TURN ? mailbox.poll() : null;
        }
        long now = ticker.nanos();
        if (moved) {
            moved = false;
            pace.changed(now);
        }
        OptionalLong due = pace.due();
        if (state.complete(now) && (offered.isEmpty() || due.orElse(now + 1) - now <= 0)) {
            offer();
        }
        tellFault(now);
    }

    /** How long there is nothing to do unless a letter comes. */
    private long idle(long now) {
        boolean complete = state.complete(now);
        boolean unsettled = link.fault().isPresent() && link.settleDue() - now > 0;
        OptionalLong fault = unsettled ? OptionalLong.of(link.settleDue()) : OptionalLong.empty();
        return Stream.of(complete ? pace.due() : state.gate().due(), link.due(), fault)
                .flatMap(due -> due.stream().boxed()).mapToLong(due -> due - now).min().stream()
                .map(left -> Math.max(0, left)).findFirst().orElse(FOREVER);
    }

    private void read(Letter letter, long now) {
        if (!link.isCurrent(letter.connection)) {
            return;
        }
        link.heard(letter.event, now);
        if (letter.event instanceof News news && state.read(news, now)) {
            pace.changed(now);
        }
        // A connection that was given up for what it answered has answered nothing.
        if (letter.event instanceof Answered answered && link.isCurrent(letter.connection)) {
            answered(answered, now);
        }
    }

    private void answered(Answered answered, long now) {
        if (answered.verb() == Verb.WATCH) {
            state.gate().watched(answered.what());
        }
        if (answered.what() == Watched.NODE) {
            nodeAnswered(answered.answer(), now);
        }
    }

    private void nodeAnswered(Answer answer, long now) {
        switch (answer) {
            case Answer.Accepted() -> {
                state.nodeReadable(true);
                pace.changed(now);
            }
            case Answer.Refused(int status, String _) when status == HttpURLConnection.HTTP_FORBIDDEN -> {
                state.nodeReadable(false);
                state.gate().watched(Watched.NODE);
                pace.changed(now);
            }
            case Answer.Refused _,Answer.Lost _ -> {
                // Says nothing about whether we may.
            }
        }
    }

    private void offer() {
        ServiceSnapshot snapshot = state.snapshot();
        boolean news = !offered.equals(Optional.of(snapshot));
        state.changes(news).ifPresent(changes -> observer.taken(snapshot, changes));
        offered = Optional.of(snapshot);
        defect = Optional.empty();
        if (news) {
            deliver(to -> to.offer(snapshot));
            // It has ended what was told before, which may still be so.
            told = Optional.empty();
        }
        pace.settled(ticker.nanos());
    }

    private void tellFault(long now) {
        Optional<SourceFault> fault = link.fault();
        if (fault.isEmpty()) {
            tell(defect);
        } else if (link.settleDue() - now <= 0) {
            tell(fault);
        }
    }

    private void tell(Optional<SourceFault> fault) {
        if (fault.equals(told)) {
            return;
        }
        told = fault;
        if (fault.isPresent()) {
            deliver(to -> to.fault(fault.get()));
        } else {
            // All is well again, and nothing new: the same offer says so.
            offered.ifPresent(same -> deliver(to -> to.offer(same)));
        }
    }

    private void deliver(Consumer<SnapshotSink> message) {
        synchronized (delivery) {
            sink.ifPresent(message);
        }
    }

    @Override
    public void close() {
        synchronized (delivery) {
            sink = Optional.empty();
        }
        closed = true;
        mailbox.add(new Letter(0, new Event.Alive()));
    }
}
