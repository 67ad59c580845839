package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.ReplyRules;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens between a client's SYN and its first relayed byte, on every data path. */
@Timeout(60)
abstract class ConnectContract {
    Rig rig = new Rig(newPath(1));

    abstract DataPath newPath(int loops);

    /** Whether the data path notices a client's reset while it is not reading from it. */
    abstract boolean seesResetWithoutReading();

    @AfterEach
    void close() throws Exception {
        rig.finish();
    }

    @Test
    void a_refused_connection_goes_to_the_next_endpoint() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort dead = rig.refusing();
        IpPort frontend = rig.serve(dead, Rig.address(alive));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(alive);
        client.getOutputStream().write(7);
        assertThat(pod.getInputStream().read()).isEqualTo(7);
        client.close();
        pod.close();
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().cause()).isEqualTo(Cause.FIN);
        assertThat(end.endpoint()).contains(Rig.address(alive));
        assertThat(end.failedAttempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.endpoint()).isEqualTo(dead);
            assertThat(attempt.cause()).isEqualTo(Cause.REFUSED);
        });
        assertThat(rig.upstreams.getFirst().counters().failures(Cause.REFUSED)).isEqualTo(1);
    }

    @Test
    void an_endpoint_that_does_not_answer_is_given_up_after_the_connect_timeout() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort silent = rig.silent();
        IpPort frontend = rig.serve(p -> p.withConnectTimeout(Duration.ofMillis(300)), silent, Rig.address(alive));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(alive);
        pod.getOutputStream().write(9);
        assertThat(client.getInputStream().read()).isEqualTo(9);
        client.close();
        pod.close();
        assertThat(rig.nextEnd().failedAttempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.endpoint()).isEqualTo(silent);
            assertThat(attempt.cause()).isEqualTo(Cause.TIMEOUT);
        });
    }

    @Test
    void when_all_endpoints_refuse_each_is_tried_once_and_the_client_is_reset() throws Exception {
        IpPort frontend = rig.serve(rig.refusing(), rig.refusing());
        assertResetFromTheStart(frontend);
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().toString()).isEqualTo("UPSTREAM/CONNECT/REFUSED");
        assertThat(end.endpoint()).isEmpty();
        assertThat(end.failedAttempts()).extracting(SessionSummary.FailedAttempt::endpoint)
                .containsExactlyElementsOf(rig.upstreams.stream().map(Upstream::address).toList());
    }

    @Test
    void attempts_are_bounded_by_number() throws Exception {
        IpPort frontend = rig.serve(p -> p.withConnectAttempts(2), rig.refusing(), rig.refusing(), rig.refusing());
        assertResetFromTheStart(frontend);
        assertThat(rig.nextEnd().failedAttempts()).hasSize(2);
    }

    @Test
    void attempts_are_bounded_by_total_time() throws Exception {
        IpPort frontend = rig.serve(
                p -> p.withConnectTimeout(Duration.ofMillis(1000)).withConnectBudget(Duration.ofMillis(1900)),
                rig.silent(), rig.silent(), rig.silent());
        assertResetFromTheStart(frontend);
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().toString()).isEqualTo("UPSTREAM/CONNECT/TIMEOUT");
        assertThat(end.failedAttempts()).hasSize(2);
    }

    @Test
    void a_connection_that_waits_for_a_silent_endpoint_delays_nobody_on_the_same_loop() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort slow = rig.serve(p -> p.withConnectTimeout(Duration.ofSeconds(3)).withConnectAttempts(1),
                rig.silent());
        IpPort quick = rig.serve(Rig.address(alive));
        Socket waiting = rig.dial(slow);
        for (int i = 0; i < 20; i++) {
            Socket client = rig.dial(quick);
            Socket pod = rig.accept(alive);
            pod.getOutputStream().write(i);
            assertThat(client.getInputStream().read()).isEqualTo(i);
        }
        assertThat(rig.sessions.live()).isEqualTo(21);
        RelayContract.assertReset(waiting);
    }

    @Test
    void a_client_that_resets_while_waiting_is_no_failure_of_the_endpoint_where_it_is_seen() throws Exception {
        RecordingGate gate = new RecordingGate();
        IpPort frontend = rig.serve(p -> p.withConnectTimeout(Duration.ofSeconds(2)), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.WEB, rig.silent(), gate)));
        Socket client = rig.dial(frontend);
        await().until(() -> rig.sessions.live() == 1);
        client.setSoLinger(true, 0);
        client.close();
        String end = rig.nextEnd().termination().toString();
        if (seesResetWithoutReading()) {
            assertThat(end).isEqualTo("CLIENT/CONNECT/RESET");
            assertThat(gate.words).containsExactly("acquire", "release");
        } else {
            assertThat(end).isEqualTo("UPSTREAM/CONNECT/TIMEOUT");
            assertThat(gate.words).containsExactly("acquire", "failed TIMEOUT");
        }
    }

    @Test
    void the_gate_hears_of_every_outcome() throws Exception {
        ServerSocket alive = rig.endpoint();
        RecordingGate failing = new RecordingGate();
        RecordingGate working = new RecordingGate();
        IpPort frontend = rig.serve(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.WEB, rig.refusing(), failing),
                        new Upstream(Rig.WEB, Rig.address(alive), working)));
        rig.dial(frontend);
        rig.accept(alive);
        assertThat(failing.words).containsExactly("acquire", "failed REFUSED");
        await().until(() -> working.words.size() == 2);
        assertThat(working.words).containsExactly("acquire", "connected");
    }

    @Test
    void when_every_gate_is_shut_an_endpoint_is_tried_anyway() throws Exception {
        ServerSocket alive = rig.endpoint();
        RecordingGate shut = new RecordingGate();
        shut.shut = true;
        IpPort frontend = rig.serve(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.WEB, Rig.address(alive), shut)));
        Socket client = rig.dial(frontend);
        rig.accept(alive).getOutputStream().write(3);
        assertThat(client.getInputStream().read()).isEqualTo(3);
        assertThat(rig.counters.triedAnyway()).isEqualTo(1);
        assertThat(shut.words).containsExactly("connected");
    }

    @Test
    void a_client_outside_the_source_ranges_is_reset() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(UnaryOperator.identity(), List.of(Cidr.parse("10.0.0.0/8").orElseThrow()),
                ConnectionLimit.NONE, List.of(new Upstream(Rig.WEB, Rig.address(alive), Gate.OPEN)));
        assertResetFromTheStart(frontend);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("PROXY/ADMIT/FORBIDDEN_SOURCE");
    }

    @Test
    void a_connection_beyond_the_limit_is_reset() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(UnaryOperator.identity(), List.of(), () -> false,
                List.of(new Upstream(Rig.WEB, Rig.address(alive), Gate.OPEN)));
        assertResetFromTheStart(frontend);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("PROXY/ADMIT/LIMIT");
        assertThat(rig.counters.failures(Cause.LIMIT)).isEqualTo(1);
    }

    @Test
    void a_closed_door_refuses_and_leaves_its_connections_alone() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(Rig.address(alive));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(alive);
        rig.listeners.close(TransportAddress.tcp(frontend));
        assertThatThrownBy(() -> rig.dial(frontend)).isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");
        pod.getOutputStream().write(4);
        assertThat(client.getInputStream().read()).isEqualTo(4);
        rig.listeners.open(TransportAddress.tcp(frontend), SourceFilter.EVERYBODY);
        rig.dial(frontend);
        rig.accept(alive);
    }

    @Test
    void a_door_that_does_not_open_says_why_and_what_to_do() throws Exception {
        IpPort taken = Rig.address(rig.endpoint());
        assertThatThrownBy(() -> rig.listeners.open(TransportAddress.tcp(taken), SourceFilter.EVERYBODY))
                .isInstanceOf(OpenFailure.class)
                .hasMessageStartingWith("Address already in use (another process").hasMessageContaining("ss -ltunp");
        assertThatThrownBy(
                () -> rig.listeners.open(TransportAddress.tcp(IpPort.of("192.0.2.1:8080")), SourceFilter.EVERYBODY))
                .isInstanceOf(OpenFailure.class)
                .hasMessageStartingWith("Cannot assign requested address (the address is not this machine's");
        assertThat(rig.listeners.count()).isZero();
    }

    @Test
    void an_endpoint_that_leaves_the_table_keeps_its_connections() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(Rig.address(alive));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(alive);
        rig.table.publish(new RoutingTable(99, List.of()));
        assertResetFromTheStart(frontend);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("PROXY/ADMIT/NO_ROUTE");
        client.getOutputStream().write(5);
        assertThat(pod.getInputStream().read()).isEqualTo(5);
    }

    @Test
    void an_observer_that_fails_is_counted_and_costs_no_connection() throws Exception {
        rig.observerFails = true;
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(Rig.address(alive));
        for (int i = 1; i <= 2; i++) {
            Socket client = rig.dial(frontend);
            rig.accept(alive).close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            client.close();
            assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.FIN);
            long failures = i;
            await().until(() -> rig.sessions.observerFailures() == failures);
        }
        assertThat(rig.sessions.live()).isZero();
    }

    @Test
    void an_idle_connection_is_ended_only_where_the_policy_says_so() throws Exception {
        ServerSocket alive = rig.endpoint();
        IpPort patient = rig.serve(Rig.address(alive));
        Socket kept = rig.dial(patient);
        Socket keptPod = rig.accept(alive);
        IpPort impatient = rig.serve(p -> p.withIdleTimeout(Optional.of(Duration.ofHours(1))), Rig.address(alive));
        Socket idle = rig.dial(impatient);
        rig.accept(alive);
        await().until(() -> rig.upstreams.stream().mapToLong(u -> u.counters().opened()).sum() == 2);
        rig.skip(Duration.ofMinutes(61));
        RelayContract.assertReset(idle);
        assertThat(rig.nextEnd().termination().toString()).isEqualTo("PROXY/RELAY/IDLE");
        kept.getOutputStream().write(6);
        assertThat(keptPod.getInputStream().read()).isEqualTo(6);
    }

    @Test
    void a_connection_carries_somebody_elses_address_where_that_can_be_had() throws Exception {
        ReplyRules.unavailable().ifPresent(why -> Assumptions.abort("somebody else's address: " + why));
        ServerSocket alive = rig.endpoint();
        InetAddress other = IpPort.of("127.77.0.9:1").ip(); // on loopback, so that replies find their way by themselves
        Loop loop = rig.path.loops().getFirst();
        CompletableFuture<DialOutcome> outcome = new CompletableFuture<>();
        loop.execute(() -> rig.path.dial(loop, Rig.address(alive), other, Duration.ofSeconds(5), KeepAlive.OFF,
                outcome::complete));
        Socket pod = rig.accept(alive);
        assertThat(pod.getInetAddress())
                .isEqualTo(rig.path.assumesAddresses() ? other : InetAddress.getLoopbackAddress());
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(DialOutcome.Connected.class,
                connected -> loop.execute(connected.upstream()::reset));
        RelayContract.assertReset(pod);
    }

    @Test
    void keepalive_is_on_at_both_sides_or_off_at_both() throws Exception {
        assumeThat(System.getProperty("os.name").toLowerCase(Locale.ROOT)).as("reads /proc").contains("linux");
        ServerSocket alive = rig.endpoint();
        IpPort on = rig.serve(p -> p.withKeepAlive(new KeepAlive.On(Duration.ofSeconds(77))), Rig.address(alive));
        IpPort off = rig.serve(p -> p.withKeepAlive(KeepAlive.OFF), Rig.address(alive));
        Socket probed = rig.dial(on);
        Socket probedPod = rig.accept(alive);
        Socket unprobed = rig.dial(off);
        Socket unprobedPod = rig.accept(alive);
        await().until(() -> rig.upstreams.stream().mapToLong(u -> u.counters().opened()).sum() == 2);
        // A data path may take its time, as long as nobody could have noticed.
        await().until(() -> keepAliveTimer(probed.getLocalPort()));
        await().until(() -> keepAliveTimer(probedPod.getLocalPort(), probedPod.getPort()));
        assertThat(keepAliveTimer(unprobed.getLocalPort())).isFalse();
        assertThat(keepAliveTimer(unprobedPod.getLocalPort(), unprobedPod.getPort())).isFalse();
    }

    @Test
    void clients_wait_while_descriptors_are_short_and_are_served_later() throws Exception {
        rig.finish();
        rig = new Rig(newPath(2), new SessionRoom(39, 0)); // (39 - 32 - 1 door) / 2 = 3 sessions
        ServerSocket alive = rig.endpoint();
        IpPort frontend = rig.serve(Rig.address(alive));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(rig.dial(frontend)); // the kernel's queue takes those that wait
        }
        await().until(rig.listeners.pause()::paused);
        while (!clients.isEmpty()) {
            rig.accept(alive).getOutputStream().write(8);
            assertThat(rig.sessions.live()).isLessThanOrEqualTo(4); // one may be in the middle of its end
            Socket client = await().until(
                    () -> clients.stream().filter(ConnectContract::heard).findFirst().orElse(null), Objects::nonNull);
            client.setSoLinger(true, 0);
            client.close();
            clients.remove(client);
        }
        assertThat(rig.listeners.pause().pauses()).isPositive();
    }

    /**
     * Whether the proxy's socket toward a client's port has the kernel's keepalive timer (2 in /proc/net/tcp) running.
     */
    private static boolean keepAliveTimer(int clientPort) throws IOException {
        return timer(":" + hex(clientPort), 2);
    }

    /** The same for the proxy's socket toward an endpoint, whose view of the two ports is given. */
    private static boolean keepAliveTimer(int endpointPort, int proxyPort) throws IOException {
        return timer(":" + hex(endpointPort), 2) && timer(":" + hex(proxyPort), 1);
    }

    private static boolean timer(String port, int column) throws IOException {
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[column].endsWith(port) && fields[3].equals("01") && fields[5].startsWith("02:")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean heard(Socket client) {
        try {
            return client.getInputStream().available() > 0;
        } catch (IOException reset) {
            throw new AssertionError("a client that waited was not served", reset);
        }
    }

    /** The reset may come while the client still connects, or at its first read. */
    private void assertResetFromTheStart(IpPort frontend) {
        assertThatThrownBy(() -> rig.dial(frontend).getInputStream().read()).isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    private static String hex(int port) {
        return String.format(Locale.ROOT, "%04X", port);
    }
}
