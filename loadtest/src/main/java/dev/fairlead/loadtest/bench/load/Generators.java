package dev.fairlead.loadtest.bench.load;

import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Running;
import dev.fairlead.loadtest.bench.machine.Conversation;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two generator processes of one network: clients on one side, endpoints on the other. Both stay warm. */
public final class Generators implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COLD_ATTEMPTS = 5;
    private static final Duration STANDSTILL = Duration.ofSeconds(5);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final double MILLIS_PER_SECOND = 1000;

    private final Network network;
    private final Conversation clients;
    private final Conversation endpoints;
    private final Set<EndpointKind> serving = EnumSet.noneOf(EndpointKind.class);

    private Generators(Network network, Conversation clients, Conversation endpoints) {
        this.network = network;
        this.clients = clients;
        this.endpoints = endpoints;
    }

    /** Starts both; what they complain of goes to files in the directory. */
    public static Generators start(Network network, GeneratorLaunch launch, Path directory) throws IOException {
        Conversation endpoints = Conversation.start("the endpoints in " + network.name(),
                network.command(launch.command("endpoints")), directory.resolve(network.name() + "-endpoints.log"));
        try {
            return new Generators(network, Conversation.start("the clients in " + network.name(),
                    network.command(launch.command("clients")), directory.resolve(network.name() + "-clients.log")),
                    endpoints);
        } catch (IOException failed) {
            endpoints.close();
            throw failed;
        }
    }

    /** Endpoints of this kind listen from now on; every endpoint address has them. */
    public void serve(EndpointKind kind) throws IOException, InterruptedException {
        if (serving.add(kind)) {
            String listen = network.endpoints().stream().map(ip -> ip + ":" + kind.port())
                    .collect(Collectors.joining(","));
            ask(endpoints, "serve kind=" + kind.word() + " listen=" + listen + " bytes=" + kind.replyBytes(), PATIENCE);
        }
    }

    /**
     * Returns when nobody listens on these ports: the kernel keeps the sockets of a process that used io_uring for a
     * moment longer than the process.
     */
    public void awaitFree(Set<Integer> ports) throws IOException {
        long end = System.nanoTime() + STANDSTILL.toNanos();
        while (!Collections.disjoint(ProcessFacts.listening(endpoints.pid()).keySet(), ports)) {
            if (System.nanoTime() > end) {
                throw new IOException("somebody else listens on one of " + ports + " in " + network.name());
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    /** Loads one contender and asks for nothing: what is cold may well finish no unit. */
    public LoadReport warm(Running contender, LoadRequest request, double seconds)
            throws IOException, InterruptedException {
        return load(contender, request, 0, seconds);
    }

    /**
     * Loads one contender. No unit, or no CPU of a proxy's, is an error: then something else than the contender was
     * measured.
     *
     * @param warm seconds before the measured ones
     */
    public LoadReport run(Running contender, LoadRequest request, double warm, double measure)
            throws IOException, InterruptedException {
        LoadReport report = load(contender, request, warm, measure);
        for (int more = 0; warm <= 0 && report.units() <= 0 && more < COLD_ATTEMPTS; more++) {
            // Not warmed up, and on a busy machine, its first unit may take longer than a short measurement.
            report = load(contender, request, warm, measure);
        }
        if (report.units() <= 0) {
            throw new IOException(String.format(Locale.ROOT,
                    "%s at %s was not reached: 0 units of %s in %.1f s (expected: more than 0), errors %s",
                    contender.name(), contender.address(request.endpoints()), request.kind(), measure,
                    report.errorKinds()));
        }
        if (!contender.pids().isEmpty() && report.proxy().sum() <= 0) {
            throw new IOException(contender.name() + ": " + report.units() + " units of " + request.kind()
                    + " cost its processes " + contender.pids() + " no CPU (expected: more than 0 s)");
        }
        return report;
    }

    private LoadReport load(Running contender, LoadRequest request, double warm, double measure)
            throws IOException, InterruptedException {
        serve(request.endpoints());
        contender.assertAlive();
        String pids = contender.pids().stream().map(String::valueOf).collect(Collectors.joining(","));
        String line = request.line(contender.address(request.endpoints()), warm, measure)
                + (pids.isEmpty() ? "" : " pids=" + pids) + " endpoints=" + endpoints.pid();
        LoadReport report = LoadReport
                .of(ask(clients, line, PATIENCE.plusMillis((long) ((warm + measure) * MILLIS_PER_SECOND))));
        contender.assertAlive();
        return report;
    }

    /**
     * Opens connections and keeps them; returns when they have reached the endpoints, or no more of them do. How many
     * did: for a client a connection is open as soon as it waits in the kernel's queue in front of the proxy.
     */
    public long hold(Running contender, int connections) throws IOException, InterruptedException {
        long before = accepted();
        open(contender, EndpointKind.ECHO, connections, "");
        long reached = accepted() - before;
        long moved = System.nanoTime();
        while (reached < connections && System.nanoTime() - moved < STANDSTILL.toNanos()) {
            LockSupport.parkNanos(GLANCE.toNanos());
            long now = accepted() - before;
            moved = now > reached ? System.nanoTime() : moved;
            reached = now;
        }
        return reached;
    }

    /**
     * Sends a datagram from so many client ports and keeps these; each {@link #touch} sends one more. How many were
     * answered.
     */
    public long holdPorts(Running contender, EndpointKind kind, int ports) throws IOException, InterruptedException {
        open(contender, kind, ports, " kind=udp-fixed reply=" + kind.replyBytes());
        return touch();
    }

    private void open(Running contender, EndpointKind kind, int count, String how)
            throws IOException, InterruptedException {
        serve(kind);
        String to = contender.address(kind);
        JsonNode held = ask(clients, "hold to=" + to + " connections=" + count + how, PATIENCE);
        expect(contender.name() + " at " + to + ": connections open", count, held.path("open").asLong(0));
    }

    /** Connections that the endpoints have taken so far. */
    private long accepted() throws IOException, InterruptedException {
        return ask(endpoints, "status", PATIENCE).path("accepted").asLong(0);
    }

    /** Each held connection sends a byte and has it back; how many did. */
    public long touch() throws IOException, InterruptedException {
        return ask(clients, "touch", PATIENCE).path("echoed").asLong(0);
    }

    public void release() throws IOException, InterruptedException {
        ask(clients, "release", PATIENCE);
    }

    /** A load that goes on until {@link #stopBackground}. */
    public void background(Running contender, LoadRequest request) throws IOException, InterruptedException {
        serve(request.endpoints());
        ask(clients, request.background(contender.address(request.endpoints())), PATIENCE);
    }

    /** What the load in the background did since it began or was last asked, with its latency. */
    public LoadReport lap() throws IOException, InterruptedException {
        return LoadReport.of(ask(clients, "background-lap", PATIENCE));
    }

    /** Units per second and errors of the load in the background. */
    public LoadReport stopBackground() throws IOException, InterruptedException {
        return LoadReport.of(ask(clients, "background-stop", PATIENCE));
    }

    /** A seeded mixture of everything, for the soak. */
    public LoadReport mixed(Running contender, long seconds, long seed) throws IOException, InterruptedException {
        for (EndpointKind kind : mixedKinds()) {
            serve(kind);
        }
        JsonNode answer = ask(clients, "mixed to=" + contender.address(EndpointKind.ECHO) + " source="
                + contender.address(EndpointKind.SOURCE) + " reply=" + contender.address(EndpointKind.REPLY)
                + " seconds=" + seconds + " seed=" + seed, PATIENCE.plusSeconds(seconds));
        long units = LoadReport.counts(answer.path("units")).values().stream().mapToLong(Long::longValue).sum();
        LoadReport report = LoadReport.of(answer);
        return new LoadReport(units, seconds, report.errors(), report.errorKinds(), report.latency(), report.proxy(),
                report.clients(), report.endpoints());
    }

    /** What {@link #mixed} needs a contender to offer. */
    public static Set<EndpointKind> mixedKinds() {
        return EnumSet.of(EndpointKind.ECHO, EndpointKind.SOURCE, EndpointKind.REPLY);
    }

    private static void expect(String what, long expected, long found) throws IOException {
        if (found != expected) {
            throw new IOException(what + ": " + found + " (expected: " + expected + ")");
        }
    }

    static JsonNode ask(Conversation process, String line, Duration patience)
            throws IOException, InterruptedException {
        String answer = process.ask(line, patience);
        JsonNode json;
        try {
            json = JSON.readTree(answer);
        } catch (JacksonException notJson) {
            throw new IOException("the generator answered \"" + answer + "\" to \"" + line + "\" (expected: JSON)",
                    notJson);
        }
        if (json.has("error")) {
            throw new IOException("the generator refused \"" + line + "\": " + json.path("error").asString(""));
        }
        return json;
    }

    @Override
    public void close() {
        Arrays.asList(clients, endpoints).forEach(Conversation::close);
    }
}
