package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.cluster.ApiProcess;
import dev.fairlead.loadtest.bench.contender.Assignment;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.machine.Conversation;
import dev.fairlead.loadtest.bench.machine.Daemon;
import dev.fairlead.loadtest.bench.machine.JavaHeap;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An API server with many Services, and a Fairlead that follows it. */
final class Following implements AutoCloseable {
    private static final int API_PORT = 8440;
    /** What the goal allows. */
    private static final String HEAP = "-Xmx1g";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than the ten milliseconds within which a change waits for others. */
    private static final long BETWEEN_CHANGES_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int LOOKS = 200;
    private static final String PLAN = "\"to\":(\\d+),\"time\":\"([^\"]+)\",\"sinceSeenMicros\":(\\d+)";
    private static final String NOTHING_FAILED = "\"failed\":(\\[\\])";
    private static final int PROC_KILOBYTE = 1024;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final Stage stage;
    private final Assignment assignment;
    private final Conversation api;
    private final Daemon fairlead;
    private final int services;
    private final boolean oneDoor;
    private final double syncSeconds;
    private long revision;

    private Following(Stage stage, Assignment assignment, Conversation api, Daemon fairlead, int services,
            boolean oneDoor, double syncSeconds) {
        this.stage = stage;
        this.assignment = assignment;
        this.api = api;
        this.fairlead = fairlead;
        this.services = services;
        this.oneDoor = oneDoor;
        this.syncSeconds = syncSeconds;
    }

    /**
     * One change.
     *
     * @param micros from the source's reading it to the table in force, as Fairlead says
     * @param outsideMillis from the moment before the server told it to the table in force, by the wall clock
     */
    record Change(long micros, long outsideMillis) {
    }

    /** Starts both; returns when all Services are served. */
    static Following start(Stage stage, Fairlead contender, ClusterSize size) throws IOException, InterruptedException {
        Network network = stage.network(contender).orElseThrow();
        Path room = stage.room(contender.name() + "-cluster");
        Assignment assignment = Assignment.of(network, room, 0, List.of(), false);
        Conversation api = Conversation.start("the API server", network.command(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx512m",
                "-cp", stage.classPath(), ApiProcess.class.getName(), Integer.toString(API_PORT), network.block(),
                Integer.toString(size.services()), Integer.toString(size.endpoints()))),
                room.resolve("api.log"));
        try {
            awaitWatches(api, 0);
            List<String> command = contender.following(assignment, "http://127.0.0.1:" + API_PORT, HEAP);
            Probe probe = stage.probe();
            long begin = System.nanoTime();
            Daemon fairlead = Daemon.start(contender.name(), network.command(command), room.resolve("output.log"));
            try {
                probe.await("http://" + assignment.admin() + "/readyz", PATIENCE);
                double seconds = (System.nanoTime() - begin) / 1e9;
                awaitWatches(api, 3);
                return new Following(stage, assignment, api, fairlead, size.services(), contender.oneDoor(), seconds);
            } catch (IOException notReady) {
                fairlead.close();
                throw new IOException(notReady.getMessage() + fairlead.said(), notReady);
            } catch (InterruptedException stopped) {
                fairlead.close();
                throw stopped;
            }
        } catch (IOException | InterruptedException failed) {
            api.close();
            throw failed;
        }
    }

    private static void awaitWatches(Conversation api, int wanted) throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            if (Integer.parseInt(api.ask("watches", PATIENCE)) >= wanted) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_CHANGES_NANOS);
        }
        throw new IOException("fewer than " + wanted + " watches are open at the API server");
    }

    /** From exec until it said that it was ready. */
    double syncSeconds() {
        return syncSeconds;
    }

    /** How many of the Services have no door; behind the one door there is no socket to count, and this throws. */
    long missingDoors() throws IOException, InterruptedException {
        if (oneDoor) {
            stage.probe().find("http://" + assignment.admin() + "/api/v1/plan", NOTHING_FAILED);
            return 0;
        }
        return (long) services - ProcessFacts.listening(fairlead.pid()).getOrDefault(ApiProcess.SERVICE_PORT, 0);
    }

    /** What lives in its heap after a forced garbage collection. */
    double heapMegabytes() throws IOException, InterruptedException {
        JavaHeap.collect(fairlead.pid());
        return JavaHeap.used(fairlead.pid()) / BYTES_PER_MEGABYTE;
    }

    /** The whole process. */
    double residentMegabytes() throws IOException {
        return ProcessFacts.residentKilobytes(List.of(fairlead.pid())) * PROC_KILOBYTE / BYTES_PER_MEGABYTE;
    }

    /** One endpoint of one Service goes or comes back. */
    Change change(int service) throws IOException, InterruptedException {
        if (revision == 0) {
            revision = Long.parseLong(plan().getFirst());
        }
        long told = Long.parseLong(api.ask("change " + service, PATIENCE));
        for (int i = 0; i < LOOKS; i++) {
            LockSupport.parkNanos(BETWEEN_CHANGES_NANOS);
            List<String> plan = plan();
            long now = Long.parseLong(plan.getFirst());
            if (now > revision) {
                revision = now;
                return new Change(Long.parseLong(plan.get(2)), Instant.parse(plan.get(1)).toEpochMilli() - told);
            }
        }
        throw new IOException("a change of endpoints led to no plan" + fairlead.said());
    }

    /** Of the last plan: revision, time, microseconds. */
    private List<String> plan() throws IOException, InterruptedException {
        return stage.probe().find("http://" + assignment.admin() + "/api/v1/plan", PLAN);
    }

    @Override
    public void close() {
        fairlead.close();
        api.close();
    }
}
