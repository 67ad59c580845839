package dev.fairlead.app;

import dev.fairlead.ProxyServer;
import dev.fairlead.balance.Balancers;
import dev.fairlead.model.IpPort;
import dev.fairlead.source.SnapshotReader.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows a service at work: writes a configuration, runs it, and sends the first requests. */
@Command(name = "demo", header = "Two small HTTP servers behind one service; Ctrl-C ends it.")
final class DemoCommand implements Callable<Integer> {
    private static final IpPort WISHED = IpPort.of("127.0.10.10:8080");
    private static final IpPort ADMIN = IpPort.of("127.0.0.1:10349");
    private static final IpPort ANY = IpPort.of("127.0.0.1:0");
    private static final int OWN_REQUESTS = 6;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Terminal terminal;
    private final Supplier<StopSignal> signals;

    DemoCommand(Terminal terminal, Supplier<StopSignal> signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        StopSignal stop = signals.get();
        try (DemoEndpoint first = new DemoEndpoint("web-0"); DemoEndpoint second = new DemoEndpoint("web-1")) {
            List<DemoEndpoint> endpoints = List.of(first, second);
            IpPort front = free(WISHED);
            String configuration = configuration(front, free(ADMIN), endpoints);
            return new ProxyRun(terminal, Balancers.installed(), stop).run(
                    Inputs.written(new Text("demo", configuration)), settings -> settings,
                    (server, word) -> show(configuration, front, server, endpoints, word));
        }
    }

    /**
     * The address itself, or a free port of 127.0.0.1 where it cannot be had: it is taken, or there is only 127.0.0.1.
     */
    private static IpPort free(IpPort wished) throws IOException {
        try {
            return probed(wished);
        } catch (IOException taken) {
            return probed(ANY);
        }
    }

    private static IpPort probed(IpPort address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address.socketAddress());
            return new IpPort(address.ip(), probe.getLocalPort());
        }
    }

    private static String configuration(IpPort front, IpPort admin, List<DemoEndpoint> endpoints) {
        return """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                logging: {level: warn, accessLog: "off"}
                drain: {deadline: 1s}
                services:
                  - name: web
                    listen: "%s"
                    balancer: round-robin
                    endpoints: [%s]
                """.formatted(admin, front, endpoints.stream().map(endpoint -> "\"" + endpoint.address() + "\"")
                .collect(Collectors.joining(", ")));
    }

    private void show(String configuration, IpPort front, ProxyServer server, List<DemoEndpoint> endpoints,
            StopSignal stop) throws InterruptedException {
        PrintStream out = terminal.out();
        out.println("Two HTTP servers and a service in front of them, from this configuration:\n");
        configuration.lines().forEach(line -> out.println("    " + line));
        out.println();
        out.println("    curl http://" + front + "    again and again: web-0 and web-1 take turns");
        server.adminAddress().ifPresent(
                admin -> out.println("    curl http://" + admin + "/api/v1/services    what Fairlead knows of them"));
        out.println("\nCtrl-C ends it. First " + OWN_REQUESTS + " requests of its own:\n");
        for (int i = 0; i < OWN_REQUESTS; i++) {
            out.println("    " + answer(front));
        }
        out.println();
        count(endpoints, stop);
    }

    /** The body of one answer, or why there is none. */
    private static String answer(IpPort front) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(front.ip(), front.port()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + front + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String response = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return response.substring(response.indexOf("\r\n\r\n") + 4).strip();
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }

    private void count(List<DemoEndpoint> endpoints, StopSignal stop) throws InterruptedException {
        String said = "";
        boolean stopped;
        do {
            stopped = stop.await(LOOK_EVERY);
            String now = "requests answered: " + endpoints.stream().map(e -> e.name() + " " + e.answered())
                    .collect(Collectors.joining("   "));
            if (!now.equals(said)) {
                said = now;
                say(now);
            }
        } while (!stopped);
        terminal.out().println();
    }

    /** For a person one line that is rewritten, for a program one line for each change. */
    private void say(String line) {
        switch (terminal.audience()) {
            case PERSON -> {
                terminal.out().print("\r" + line);
                terminal.out().flush();
            }
            case PROGRAM -> terminal.out().println(line);
        }
    }
}
