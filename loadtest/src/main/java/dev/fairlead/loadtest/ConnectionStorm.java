package dev.fairlead.loadtest;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens many connections to one address, talks on each, closes each in its order, and counts what went wrong. As a
 * process it prints one {@link StormReport} as a line of JSON; SIGTERM makes it stop opening and report.
 */
public final class ConnectionStorm {
    private static final Set<String> ARGUMENTS = Set.of("to", "talk", "connections", "concurrency", "orders",
            "most-bytes", "path", "seed", "seconds", "silence-ms");

    private final StormPlan plan;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final Object tally = new Object();
    private final Map<String, Long> endpoints = new TreeMap<>();
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private final List<StormReport.FailedConnection> failed = new ArrayList<>();
    private long succeeded;
    private volatile boolean stopped;

    public ConnectionStorm(StormPlan plan) {
        this.plan = plan;
    }

    /** Opens no further connection; those that are open go on to their end. Callable from any thread. */
    public void stop() {
        stopped = true;
    }

    /** How many connections have ended so far, well or not. */
    public int soFar() {
        return over.get();
    }

    /** Runs the whole storm; returns when its last connection has ended. Once only. */
    public StormReport run() throws InterruptedException {
        long started = System.nanoTime();
        long deadline = started + plan.time().toNanos();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < Math.min(plan.concurrency(), plan.connections()); i++) {
            clients.add(Thread.ofVirtual().start(() -> oneAfterTheOther(deadline)));
        }
        for (Thread client : clients) {
            client.join();
        }
        long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
        synchronized (tally) {
            return new StormReport(plan.seed(), over.get(), succeeded, new TreeMap<>(endpoints),
                    new TreeMap<>(failures), failed, millis);
        }
    }

    private void oneAfterTheOther(long deadline) {
        while (!stopped && System.nanoTime() < deadline) {
            int index = next.getAndIncrement();
            if (index >= plan.connections()) {
                return;
            }
            StormTalk talk = new StormTalk(plan, index);
            try {
                talk.run();
                synchronized (tally) {
                    succeeded++;
                    answered(talk);
                }
            } catch (TalkFailed problem) {
                failed(talk, problem.failure(), problem.detail());
            } catch (RuntimeException defect) {
                failed(talk, Failure.OTHER, defect.toString());
            }
            over.incrementAndGet();
        }
    }

    private void failed(StormTalk talk, Failure failure, String detail) {
        synchronized (tally) {
            answered(talk);
            failures.merge(failure, 1L, Long::sum);
            if (failed.size() < StormReport.MOST_DETAILS) {
                failed.add(new StormReport.FailedConnection(talk.client(), talk.what(), talk.endpoint(), failure,
                        detail));
            }
        }
    }

    private void answered(StormTalk talk) {
        if (!talk.endpoint().isEmpty()) {
            endpoints.merge(talk.endpoint(), 1L, Long::sum);
        }
    }

    /** {@code --to 127.0.0.1:8080 --connections 10000 …}: exit code 0 all well, 1 some failed, 2 usage. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        ConnectionStorm storm;
        try {
            storm = new ConnectionStorm(plan(new Arguments(args, ARGUMENTS)));
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return 2;
        }
        CountDownLatch reported = new CountDownLatch(1);
        StopSignal.install(storm::stop, reported, storm.plan.silence().plusSeconds(5));
        err.println("storm on " + storm.plan.to() + ", seed " + storm.plan.seed());
        StormReport report = storm.run();
        out.println(report.toJson());
        out.flush();
        reported.countDown();
        return report.failedCount() == 0 ? 0 : 1;
    }

    private static StormPlan plan(Arguments arguments) {
        String talk = arguments.text("talk", "told");
        return new StormPlan(arguments.address("to"),
                Arrays.stream(StormPlan.Talk.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(talk)).findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--talk: \"" + talk + "\" (expected: told, http or name)")),
                (int) arguments.number("connections", 1000, 1, 1_000_000),
                (int) arguments.number("concurrency", 32, 1, 4096),
                arguments.text("orders").map(ConnectionStorm::orders).orElseGet(CloseOrder::all),
                arguments.number("most-bytes", 64 * 1024, 0, 1L << 30), arguments.text("path", "/"),
                arguments.number("seed", System.nanoTime()),
                Duration.ofSeconds(arguments.number("seconds", 60, 1, 3600)),
                Duration.ofMillis(arguments.number("silence-ms", 10_000, 1, 600_000)));
    }

    private static List<CloseOrder> orders(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(word -> CloseOrder.byWord(word)
                        .orElseThrow(() -> new IllegalArgumentException("--orders: \"" + word + "\" (expected: "
                                + String.join(", ", CloseOrder.all().stream().map(CloseOrder::word).toList()) + ")")))
                .toList();
    }
}
