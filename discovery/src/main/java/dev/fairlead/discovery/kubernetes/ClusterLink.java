package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.ClusterInformers.Scope;
import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.source.SourceFault;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.client.Config;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the API server: one connection at a time. Its informers come back by themselves after whatever they
 * notice; what they cannot notice is looked after here: a server that has gone without a word, credentials that
 * somebody else has renewed. Then the connection is given up and a new one begins. One thread.
 */
final class ClusterLink {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLink.class);
    // What a server answers to a watch that it would serve over a web socket alone: fabric8's own double says 400, or
    // 500 over HTTP/2.
    private static final Set<Integer> NOT_THIS_WAY = Set.of(400, 405, 426, 500, 501);
    // How many pauses before reconnecting a list may take to follow a 410.
    private static final int GONE_PATIENCE = 4;

    private final ClusterAccess access;
    private final ApiClients clients;
    private final Pace pace;
    private final Ticker ticker;
    private final LongFunction<Consumer<Event>> ears;
    private final Runnable relearn;
    private final Troubles troubles;

    private Scope scope;
    private boolean webSockets;
    private boolean watched;
    private Optional<ClusterInformers> informers = Optional.empty();
    private Optional<UnusableAccess> unusable = Optional.empty();
    private long unusableSinceMillis;
    private String url = "";
    private long number;
    private long openDue;
    private long openedNanos;
    private long aliveNanos;
    private long aliveMillis;
    private boolean probing;
    private OptionalLong silentSinceMillis = OptionalLong.empty();
    private long silentNanos;
    private OptionalLong gone = OptionalLong.empty();

    /**
     * @param ears who hears what the connection of a number tells
     * @param relearn called when a connection that is not the first begins
     */
    ClusterLink(ClusterAccess access, Scope scope, ApiClients clients, Pace pace, Ticker ticker,
            LongFunction<Consumer<Event>> ears, Runnable relearn) {
        this.access = access;
        this.scope = scope;
        this.clients = clients;
        this.pace = pace;
        this.ticker = ticker;
        this.ears = ears;
        this.relearn = relearn;
        this.troubles = new Troubles(access.namespace());
        this.openDue = ticker.nanos();
    }

    /** Whether this is the connection in use; what another one still has to tell is out of date. */
    boolean isCurrent(long connection) {
        return connection == number;
    }

    /** Does what is due by now. */
    void tend(long nowNanos) {
        OptionalLong due = due();
        if (due.isEmpty() || due.getAsLong() - nowNanos > 0) {
            return;
        }
        if (informers.isEmpty()) {
            open(nowNanos);
        } else if (troubles.unauthorized() || gone.isPresent()) {
            reopen(nowNanos);
        } else {
            probing = true;
            informers.get().probe(pace.probeTimeout());
        }
    }

    /** When something is due again; empty where only news lead on. */
    OptionalLong due() {
        if (informers.isEmpty()) {
            return OptionalLong.of(openDue);
        }
        if (gone.isPresent()) {
            return OptionalLong.of(gone.getAsLong() + GONE_PATIENCE * pace.reconnect().toNanos());
        }
        return troubles.unauthorized()
                ? OptionalLong.of(openedNanos + pace.probeEvery().toNanos())
                : probeDue();
    }

    /** While something is known to be wrong the informers find out themselves when it ends. */
    private OptionalLong probeDue() {
        return probing || !troubles.none()
                ? OptionalLong.empty()
                : OptionalLong.of(aliveNanos + pace.probeEvery().toNanos());
    }

    /** What the current connection tells, news included, which show that it lives. */
    void heard(Event event, long nowNanos) {
        switch (event) {
            case Answered answered -> {
                if (answered.answer() instanceof Answer.Lost) {
                    troubles.answered(answered, nowNanos, ticker.epochMillis());
                } else {
                    alive(nowNanos);
                    judge(answered, nowNanos);
                }
            }
            case Event.Silent() -> {
                probing = false;
                silent(nowNanos);
            }
            case Event.Explained(Watched what, int status, String words) -> troubles.explained(what, status, words);
            case Event.Alive() -> {
                probing = false;
                if (silentSinceMillis.isEmpty()) {
                    alive(nowNanos);
                } else {
                    // It is back; what was asked while it was away may never be answered.
                    reopen(nowNanos);
                }
            }
            case Event.News _ -> alive(nowNanos);
        }
    }

    private void alive(long nowNanos) {
        aliveNanos = nowNanos;
        aliveMillis = ticker.epochMillis();
        silentSinceMillis = OptionalLong.empty();
    }

    /** Only what sends notices that nobody is there any more, and a watch does not; a new connection does. */
    private void silent(long nowNanos) {
        if (!troubles.none()) {
            return;
        }
        if (silentSinceMillis.isEmpty()) {
            LOG.info("{} has been silent and does not answer; connecting anew", url);
            silentSinceMillis = OptionalLong.of(aliveMillis);
            silentNanos = nowNanos;
        }
        reopen(nowNanos);
    }

    private void judge(Answered answered, long nowNanos) {
        int status = answered.answer() instanceof Answer.Refused(int code, String _) ? code : 0;
        if (status == HttpURLConnection.HTTP_GONE) {
            // The version to go on from is too old. Mostly a new list follows by itself, but not where a web socket is
            // taken up again and refused so: then it would be refused for ever.
            gone = gone.isPresent() ? gone : OptionalLong.of(nowNanos);
            return;
        }
        gone = OptionalLong.empty();
        watched |= status == 0 && answered.verb() == Verb.WATCH;
        if (status == HttpURLConnection.HTTP_BAD_REQUEST && answered.what() == Watched.SERVICES
                && scope.withoutHeadless()) {
            LOG.info("{} does not select Services by spec.clusterIP; headless ones are left out here", url);
            scope = scope.withHeadless();
            reopen(nowNanos);
        } else if (NOT_THIS_WAY.contains(status) && answered.verb() == Verb.WATCH && !webSockets && !watched) {
            LOG.info("{} does not let us watch over plain HTTP ({}); trying web sockets", url, status);
            webSockets = true;
            reopen(nowNanos);
        } else if (status == HttpURLConnection.HTTP_FORBIDDEN && answered.what() == Watched.NODE
                && access.namespace().isPresent()) {
            // Who sees one namespace need not see nodes; that it does not is noted, and no outage.
            LOG.debug("{} does not let us {} our Node", url, answered.verb());
        } else {
            troubles.answered(answered, nowNanos, ticker.epochMillis());
        }
    }

    private void reopen(long nowNanos) {
        close();
        open(nowNanos);
    }

    private void open(long nowNanos) {
        number++;
        probing = false;
        gone = OptionalLong.empty();
        openedNanos = nowNanos;
        aliveNanos = nowNanos;
        aliveMillis = ticker.epochMillis();
        try {
            Config config = clients.read(access.server(), webSockets);
            ClusterInformers opened = opened(config);
            if (number > 1) {
                relearn.run();
            }
            url = opened.url();
            informers = Optional.of(opened);
            unusable = Optional.empty();
            opened.start();
            scope = scope.repeated();
        } catch (UnusableAccess problem) {
            if (unusable.isEmpty()) {
                unusableSinceMillis = ticker.epochMillis();
            }
            unusable = Optional.of(problem);
            openDue = nowNanos + pace.accessRetry().toNanos();
        }
    }

    private ClusterInformers opened(Config config) throws UnusableAccess {
        try {
            return new ClusterInformers(clients, config, scope, ears.apply(number));
        } catch (RuntimeException unfit) {
            throw new UnusableAccess(config.getMasterUrl(), "no client can be made for this server ("
                    + FailureWords.of(unfit) + "); check its URL and certificates, which are read again by itself");
        }
    }

    /** What keeps us from knowing the cluster; empty where nothing does. */
    Optional<SourceFault> fault() {
        if (unusable.isPresent()) {
            return unusable.map(problem -> new SourceFault.Unreachable(problem.place(), problem.why(),
                    OptionalLong.of(unusableSinceMillis)));
        }
        String advice = ClientConfig.advice(access.server());
        Optional<SourceFault> fault = troubles.fault(url, advice);
        return fault.isPresent() || silentSinceMillis.isEmpty()
                ? fault
                : Optional
                        .of(new SourceFault.Unreachable(url, "it accepts what is sent and does not answer; it is tried"
                                + " again by itself (" + advice + ")", silentSinceMillis));
    }

    /** When the fault will have lasted long enough to be told. */
    long settleDue() {
        if (unusable.isPresent()) {
            return openedNanos;
        }
        return (troubles.none() ? silentNanos : troubles.changedNanos()) + pace.settle().toNanos();
    }

    void close() {
        try {
            informers.ifPresent(ClusterInformers::close);
        } catch (RuntimeException problem) {
            LOG.debug("the old connection to {} did not close in order", url, problem);
        }
        informers = Optional.empty();
    }
}
