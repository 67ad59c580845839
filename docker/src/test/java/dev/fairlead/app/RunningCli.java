package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.model.IpPort;
import java.io.IOException;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that runs until it is told to stop, in a thread of this process. */
final class RunningCli implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Cli cli;
    private final CompletableFuture<Outcome> end = new CompletableFuture<>();

    private RunningCli(Cli cli) {
        this.cli = cli;
    }

    static RunningCli start(Cli cli, String... arguments) {
        RunningCli running = new RunningCli(cli);
        Thread.ofPlatform().name("cli").start(() -> {
            try {
                running.end.complete(cli.execute(arguments));
            } catch (RuntimeException | Error failure) {
                running.end.completeExceptionally(failure);
            }
        });
        return running;
    }

    /** Waits until it has said something like that; returns what was matched. */
    Matcher said(String regex) {
        Pattern pattern = Pattern.compile(regex);
        await("it says " + regex).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            assertThat(end).as("it has ended").isNotDone();
            assertThat(cli.out()).containsPattern(pattern);
        });
        Matcher matcher = pattern.matcher(cli.out());
        assertThat(matcher.find()).isTrue();
        return matcher;
    }

    String out() {
        return cli.out();
    }

    Outcome stop() {
        cli.stop.give("the test");
        return outcome();
    }

    /** Waits until it ends by itself. */
    Outcome outcome() {
        return end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stop();
    }

    /** The body of an answer on a connection of its own. */
    static String get(String address) throws IOException {
        var connection = URI.create("http://" + address).toURL().openConnection();
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(5_000);
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** A port of 127.0.0.1 that was free just now. */
    static String freeAddress() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, IpPort.of("127.0.0.1:0").ip())) {
            return "127.0.0.1:" + probe.getLocalPort();
        }
    }
}
