package dev.fairlead.app.takeover;

import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes new connections from kube-proxy's rules once every door is open. While they stand no door sees a client, so
 * opening them changes nothing; and when they are gone, connections that they have translated go on being, since the
 * kernel remembers those by itself as long as kube-proxy's chains are there (docs/decisions/0020).
 */
public final class TakeOver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
    private static final Duration GLANCE = Duration.ofMillis(250);
    /** A kube-proxy that is not seen writes its rules again within its syncPeriod, 30 s unless configured. */
    private static final List<Duration> LOOKS = Stream.of(1, 1, 1, 2, 5, 10, 20, 25).map(Duration::ofSeconds).toList();
    private static final int MOST_NAMED = 3;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Ticker ticker;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Nothing is looked at yet. */
    public TakeOver(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Waits. */
    @FunctionalInterface
    public interface Patience {
        /** Returns early, and true, where there is no point in going on. */
        boolean over(Duration atMost) throws InterruptedException;
    }

    /** Looks before anything is opened: says what is here; why it cannot be taken over, if it cannot. */
    public Optional<String> refusal() {
        try {
            if (NetworkInterface.getByName("kube-ipvs0") != null) {
                return Optional
                        .of("kube-proxy's ipvs mode is here (the interface kube-ipvs0), and is not taken over from"
                                + " (expected: the mode iptables or nftables, or a node that was emptied with kubectl drain and"
                                + " cleaned with kube-proxy --cleanup)");
            }
            List<LeadingRules> found = look();
            if (found.isEmpty()) {
                LOG.info("take-over  nothing to do: no rules of kube-proxy are here");
            }
            found.forEach(rules -> LOG.info("take-over  {}: {} of kube-proxy's, and {} to them; they stand until all"
                    + " doors are open", rules.where(), rules.behind(), rules(rules.count())));
            found.stream().flatMap(rules -> rules.warnings().stream())
                    .forEach(warning -> LOG.warn("take-over  {}", warning));
            return Optional.empty();
        } catch (SocketException failure) {
            return Optional.of("the interfaces of this machine cannot be listed: " + failure.getMessage());
        } catch (IOException failure) {
            return Optional.of("it cannot be seen whether kube-proxy's rules are here: " + failure.getMessage()
                    + " (expected: root, and the commands iptables-save, ip6tables-save and their -restore)");
        }
    }

    static List<LeadingRules> look() throws IOException {
        List<LeadingRules> found = new ArrayList<>(IptablesJumps.look());
        found.addAll(NftablesHooks.look());
        return found;
    }

    private static String rules(int count) {
        return count + (count == 1 ? " rule leads" : " rules lead");
    }

    /**
     * Does it, when nothing speaks against it any more; says meanwhile what does.
     *
     * @param shut the doors that should be open and are not, and why, for a reader
     * @param patience is over when the process is to stop: then everything stays as it is
     */
    public void perform(Supplier<List<String>> shut, Patience patience) throws InterruptedException {
        String said = "";
        if (patience.over(Duration.ZERO)) {
            return;
        }
        for (Optional<String> reason = against(shut.get()); reason.isPresent(); reason = against(shut.get())) {
            if (!reason.get().equals(said)) {
                said = reason.get();
                LOG.warn("take-over  waits: {}", said);
            }
            if (patience.over(GLANCE)) {
                return;
            }
        }
        take();
    }

    private static Optional<String> against(List<String> shut) {
        OptionalLong process = RunningKubeProxy.look();
        if (process.isPresent()) {
            return Optional.of("kube-proxy still runs (process " + process.getAsLong()
                    + ") and would write its rules again; they stand meanwhile (expected: it is stopped on this node)");
        }
        if (shut.isEmpty()) {
            return Optional.empty();
        }
        String more = shut.size() > MOST_NAMED ? "; and " + (shut.size() - MOST_NAMED) + " more" : "";
        return Optional.of("kube-proxy's rules stand until this is served here too: "
                + shut.stream().limit(MOST_NAMED).collect(Collectors.joining("; ")) + more);
    }

    private void take() {
        long began = ticker.nanos();
        List<LeadingRules> taken = new ArrayList<>();
        try {
            for (LeadingRules rules : look()) {
                if (rules.count() > 0) {
                    rules.remove();
                    taken.add(rules);
                }
            }
        } catch (IOException failure) {
            LOG.error(
                    "take-over  not all is done: {} (expected: root; what stands of kube-proxy's rules goes on leading"
                            + " clients past Fairlead)",
                    failure.getMessage());
        }
        if (!taken.isEmpty()) {
            LOG.info("take-over  done in {} ms: removed {}; kube-proxy's connections go on, its chains stay for them",
                    (ticker.nanos() - began) / NANOS_PER_MILLI, taken.stream()
                            .map(rules -> rules.count() + " of " + rules.where()).collect(Collectors.joining(", ")));
            Thread.ofPlatform().daemon().name("take-over").start(this::watch);
        }
    }

    /** Fighting over the rules would help nobody: whoever writes them again may be there on purpose. */
    private void watch() {
        try {
            for (Duration pause : LOOKS) {
                if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                List<LeadingRules> back = back();
                if (!back.isEmpty()) {
                    LOG.warn(
                            "take-over  kube-proxy's rules are back ({}): new connections go by them, those that run go"
                                    + " on. If this is not the way back, kube-proxy still runs here: stop it, then start Fairlead"
                                    + " again",
                            back.stream().map(LeadingRules::where).collect(Collectors.joining(", ")));
                    return;
                }
            }
        } catch (InterruptedException over) {
            LOG.debug("take-over  no longer watched: {}", over.toString());
        }
    }

    /** One look that fails, as while somebody writes the rules, is no reason not to take the next. */
    private static List<LeadingRules> back() {
        try {
            return look().stream().filter(rules -> rules.count() > 0).toList();
        } catch (IOException failure) {
            LOG.info("take-over  it could not be seen whether kube-proxy's rules are back: {}", failure.getMessage());
            return List.of();
        }
    }

    /** Ends the watch, not what was done. */
    @Override
    public void close() {
        closed.countDown();
    }
}
