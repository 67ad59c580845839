package dev.fairlead.loadtest;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An endpoint that knows its name and behaves as its {@link EndpointPlan} says. As a process it prints a line of JSON
 * when it listens and its {@link EndpointReport} when it ends: on SIGTERM, or when its time is over.
 */
public final class EndpointProcess implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final Set<String> ARGUMENTS = Set.of("listen", "name", "mode", "bytes", "silence-ms", "seconds");

    private final EndpointPlan plan;
    private final ServerSocket door;
    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final Object tally = new Object();
    private final Map<String, Long> completed = new TreeMap<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private final List<String> details = new ArrayList<>();
    private long accepted;
    private final Thread acceptor;
    private long unsaid;

    private EndpointProcess(EndpointPlan plan, ServerSocket door) {
        this.plan = plan;
        this.door = door;
        this.acceptor = Thread.ofVirtual().name("accept " + plan.name()).unstarted(this::accept);
    }

    /** Listens and serves on threads of its own, until closed. */
    public static EndpointProcess start(EndpointPlan plan) throws IOException {
        ServerSocket door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(plan.listen(), BACKLOG);
        EndpointProcess endpoint = new EndpointProcess(plan, door);
        endpoint.acceptor.start();
        return endpoint;
    }

    /** Where it listens, with its port. */
    public InetSocketAddress address() {
        InetAddress ip = door.getInetAddress();
        return new InetSocketAddress(ip, door.getLocalPort());
    }

    /** What it has seen so far. */
    public EndpointReport report() {
        synchronized (tally) {
            return new EndpointReport(plan.name(), accepted, open.size(), new TreeMap<>(completed), unsaid,
                    new TreeMap<>(failures), details);
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** Listens no more and closes what is open. */
    public void stop() {
        try {
            door.close();
            // The kernel's socket goes only when the thread in accept() has let go of it.
            acceptor.join(Duration.ofSeconds(5));
        } catch (IOException gone) {
            // It listens no more, which is what was asked.
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        open.forEach(Wire::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                Wire wire = Wire.accepted(socket, plan.silence());
                open.add(wire);
                synchronized (tally) {
                    accepted++;
                }
                if (door.isClosed()) {
                    wire.close();
                }
                Thread.ofVirtual().start(() -> serve(wire));
            } catch (IOException problem) {
                if (!door.isClosed()) {
                    note("accept", problem.toString());
                }
            }
        }
    }

    private void serve(Wire wire) {
        EndpointTalk talk = new EndpointTalk(plan, wire);
        try (wire) {
            talk.run();
            synchronized (tally) {
                completed.merge(talk.about(), 1L, Long::sum);
            }
        } catch (TalkFailed problem) {
            if (talk.about().isEmpty()) {
                synchronized (tally) {
                    unsaid++;
                }
            } else {
                note(talk.about() + ": " + problem.failure().word(), problem.detail());
            }
        } catch (RuntimeException defect) {
            note("defect", defect.toString());
        } finally {
            open.remove(wire);
        }
    }

    private void note(String kind, String detail) {
        synchronized (tally) {
            failures.merge(kind, 1L, Long::sum);
            if (details.size() < EndpointReport.MOST_DETAILS) {
                details.add(kind + ": " + detail);
            }
        }
    }

    /** {@code --listen 127.0.0.1:0 --name web-0 --mode told}: exit code 0, or 2 for usage, 1 when it cannot listen. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        EndpointPlan plan;
        Duration time;
        try {
            Arguments arguments = new Arguments(args, ARGUMENTS);
            plan = plan(arguments);
            time = Duration.ofSeconds(arguments.number("seconds", 600, 1, 86_400));
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return 2;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        try (EndpointProcess endpoint = start(plan)) {
            StopSignal.install(stopped::countDown, reported, Duration.ofSeconds(5));
            String address = endpoint.address().getAddress().getHostAddress() + ":" + endpoint.address().getPort();
            out.println(new JsonLine().with("listening", address).with("name", plan.name())
                    .with("pid", ProcessHandle.current().pid()));
            out.flush();
            if (!stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                err.println("time is over");
            }
            out.println(endpoint.report().toJson());
            out.flush();
        } catch (IOException problem) {
            err.println("cannot listen on " + plan.listen() + ": " + problem.getMessage());
            return 1;
        }
        reported.countDown();
        return 0;
    }

    private static EndpointPlan plan(Arguments arguments) {
        String mode = arguments.text("mode", "told");
        return new EndpointPlan(arguments.address("listen"), arguments.text("name", "endpoint"),
                EndpointPlan.Mode.byWord(mode)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--mode: \"" + mode + "\" (expected: told, name, greet, echo, http, smtp, slow-reader, "
                                        + "reset-after or silent)")),
                arguments.number("bytes", 0, 0, 1L << 40),
                Duration.ofMillis(arguments.number("silence-ms", 120_000, 1, 86_400_000)));
    }
}
