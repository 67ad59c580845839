package dev.fairlead.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.fairlead.model.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that go on while others change what serves them: short connections one after the other, and long ones. */
final class SteadyTraffic implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PACE_MILLIS = 10;

    private final Map<Way, AtomicInteger> answered = new LinkedHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<LongTalk> talks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /**
     * How a client comes to the pods.
     *
     * @param http where an HTTP server is to answer
     * @param talk where a {@link TalkingPod} is
     */
    record Way(Host from, String http, String talk) {
    }

    /** Begins with short connections by each of these. */
    static SteadyTraffic by(List<Way> ways) {
        SteadyTraffic traffic = new SteadyTraffic();
        for (Way way : ways) {
            traffic.answered.put(way, new AtomicInteger());
        }
        traffic.answered.forEach((way, count) -> traffic.threads
                .add(Thread.ofPlatform().start(() -> traffic.shortOnes(way, count))));
        return traffic;
    }

    private void shortOnes(Way way, AtomicInteger count) {
        Client client = new Client(way.from());
        while (!over) {
            try {
                String met = client.ask(Protocol.TCP, way.http(), "hostname");
                if (Client.answered(met) && !met.isEmpty()) {
                    count.incrementAndGet();
                } else {
                    failures.add(way.from() + " -> " + way.http() + ": " + met);
                }
                Thread.sleep(PACE_MILLIS);
            } catch (IOException | InterruptedException failed) {
                failures.add(way + ": " + failed);
            }
        }
    }

    /** One long connection more by each way; returns when they talk. */
    List<LongTalk> talk(int seed) {
        List<LongTalk> some = new ArrayList<>();
        for (Way way : answered.keySet()) {
            some.add(LongTalk.begin(way.from(), way.talk(), seed + some.size()));
        }
        talks.addAll(some);
        goesOn(some);
        return some;
    }

    /** Waits until every way was gone by more often, or has failed, and these have talked on, or were cut. */
    void goesOn(List<LongTalk> some) {
        Map<AtomicInteger, Integer> before = new LinkedHashMap<>();
        answered.values().forEach(count -> before.put(count, count.get()));
        List<Long> echoes = some.stream().map(LongTalk::echoes).toList();
        await("traffic goes on").atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> !failures.isEmpty() || (before.entrySet().stream()
                        .allMatch(one -> one.getKey().get() >= one.getValue() + 15)
                        && spokeSince(some, echoes)));
    }

    private static boolean spokeSince(List<LongTalk> some, List<Long> echoes) {
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i).cut().isEmpty() && some.get(i).echoes() < echoes.get(i) + 5) {
                return false;
            }
        }
        return true;
    }

    /** Short connections that were answered. */
    int answered() {
        return answered.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Short connections that were not. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Long connections that ended before their time. */
    List<String> cut() {
        return talks.stream().map(LongTalk::cut).flatMap(Optional::stream).toList();
    }

    /** The counts, for a reader. */
    String counts() {
        return answered() + " short connections answered, " + failures.size() + " failed; " + talks.size()
                + " long ones, " + talks.stream().mapToLong(LongTalk::echoes).sum() + " lines compared, "
                + cut().size() + " cut";
    }

    /** Ends all in order. */
    void finish() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (LongTalk talk : talks) {
            talk.finish();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finish();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
