package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.forward.UdpSocket.Came;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DataPath;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a UDP client's datagrams on every data path: which endpoint, how long, and what is told of it. */
@Timeout(60)
abstract class UdpSessionContract {
    final Rig rig = new Rig(newPath(1));
    final UdpSocket client = new UdpSocket();
    final UdpSocket one = new UdpSocket();
    final UdpSocket two = new UdpSocket();

    UdpSessionContract() throws IOException {
    }

    abstract DataPath newPath(int loops);

    @AfterEach
    void close() throws Exception {
        client.close();
        one.close();
        two.close();
        rig.finish();
    }

    void exchange(UdpSocket from, UdpSocket endpoint, IpPort frontend) throws IOException {
        from.send("ping", frontend);
        endpoint.answer("pong");
        assertThat(from.receive()).isEqualTo(new Came("pong", frontend));
    }

    /** What the endpoints were sent, as far as a sweep has seen it: a flow is not silent from earlier on. */
    private long relayedUp() {
        return rig.upstreams.stream().mapToLong(upstream -> upstream.counters().bytesUp()).sum();
    }

    @Test
    void a_silent_flow_ends_after_its_time_and_its_record_says_what_it_was() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);
        await().until(() -> relayedUp() == 4);

        rig.skip(Duration.ofSeconds(121));

        SessionSummary end = rig.nextEnd();
        assertThat(end.termination()).hasToString("PROXY/RELAY/IDLE");
        assertThat(end.frontend()).hasToString(frontend + "/UDP");
        assertThat(end.client()).isEqualTo(client.address());
        assertThat(end.endpoint()).contains(one.address());
        assertThat(end.bytesUp()).isEqualTo(4);
        assertThat(end.bytesDown()).isEqualTo(4);
        assertThat(end.connectNanos()).isPositive();
        exchange(client, one, frontend);
    }

    @Test
    void a_flow_that_is_never_answered_ends_sooner() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        client.send("anybody?", frontend);
        one.receive();
        await().until(() -> relayedUp() == 8);

        rig.skip(Duration.ofSeconds(31));

        SessionSummary end = rig.nextEnd();
        assertThat(end.termination()).hasToString("PROXY/RELAY/IDLE");
        assertThat(end.bytesDown()).isZero();
        assertThat(end.connectNanos()).isZero();
    }

    @Test
    void a_flow_that_was_answered_outlives_the_time_of_one_that_was_not() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);
        try (UdpSocket other = new UdpSocket()) {
            other.send("anybody?", frontend);
            one.receive();
            await().until(() -> relayedUp() == 12);

            rig.skip(Duration.ofSeconds(31));

            assertThat(rig.nextEnd().client()).isEqualTo(other.address());
            assertThat(rig.sessions.flows()).isEqualTo(1);
        }
    }

    @Test
    void a_flow_ends_after_as_many_replies_as_its_service_asks_for() throws Exception {
        IpPort frontend = rig.serveDatagrams(policy -> policy.withResponses(Optional.of(2)), one.address());
        client.send("a", frontend);
        Came asked = one.answer("1");
        one.send("2", asked.from());
        assertThat(client.receive().text()).isEqualTo("1");
        assertThat(client.receive().text()).isEqualTo("2");

        SessionSummary end = rig.nextEnd();

        assertThat(end.termination()).hasToString("UPSTREAM/RELAY/ANSWERED");
        assertThat(end.bytesDown()).isEqualTo(2);
        client.send("b", frontend);
        assertThat(one.answer("3").from()).isNotEqualTo(asked.from());
        assertThat(client.receive().text()).isEqualTo("3");
    }

    @Test
    void an_endpoint_that_refuses_ends_the_flow_and_the_next_datagram_goes_elsewhere() throws Exception {
        RecordingGate gate = new RecordingGate();
        IpPort dead = two.address();
        two.close();
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.DNS, dead, gate),
                        new Upstream(Rig.DNS, one.address(), Gate.OPEN)));
        client.send("lost", frontend);

        SessionSummary refused = rig.nextEnd();
        exchange(client, one, frontend);

        assertThat(refused.termination()).hasToString("UPSTREAM/CONNECT/REFUSED");
        assertThat(refused.endpoint()).isEmpty();
        assertThat(refused.failedAttempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.endpoint()).isEqualTo(dead);
            assertThat(attempt.cause()).isEqualTo(Cause.REFUSED);
            assertThat(attempt.detail()).isEqualTo("Connection refused");
        });
        assertThat(gate.words).containsExactly("acquire", "failed REFUSED");
    }

    @Test
    void an_endpoint_that_dies_under_a_flow_costs_the_datagram_that_finds_out() throws Exception {
        IpPort frontend = rig.serveDatagrams(two.address(), one.address());
        exchange(client, two, frontend);
        two.close();
        client.send("lost", frontend);

        SessionSummary refused = rig.nextEnd();
        exchange(client, one, frontend);

        assertThat(refused.termination()).hasToString("UPSTREAM/RELAY/REFUSED");
        assertThat(refused.bytesDown()).isEqualTo(4);
    }

    @Test
    void an_endpoint_that_dies_under_a_flow_is_not_tried_again_where_another_has_come_since() throws Exception {
        List<Upstream> both = rig.datagramUpstreams(two.address(), one.address());
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(both.getFirst()));
        exchange(client, two, frontend);
        rig.retarget(frontend, both);
        two.close();
        client.send("lost", frontend);

        SessionSummary refused = rig.nextEnd();
        exchange(client, one, frontend);

        assertThat(refused.termination()).hasToString("UPSTREAM/RELAY/REFUSED");
        assertThat(rig.ended).isEmpty();
    }

    @Test
    void a_client_whose_endpoints_all_refuse_starts_anew() throws Exception {
        IpPort dead = one.address();
        one.close();
        IpPort frontend = rig.serveDatagrams(dead);
        for (int round = 0; round < 3; round++) {
            client.send("lost", frontend);
            assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.REFUSED);
        }
    }

    @Test
    void flows_to_an_endpoint_that_no_longer_serves_are_cut_and_others_are_not() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);
        try (UdpSocket other = new UdpSocket()) {
            IpPort second = rig.serveDatagrams(two.address());
            exchange(other, two, second);

            rig.retarget(frontend, two.address());
            exchange(client, one, frontend); // while it serves, nothing that else changes matters
            rig.sessions.cut(Rig.DNS, one.address());
            SessionSummary end = rig.nextEnd();
            exchange(client, two, frontend);
            exchange(other, two, second);

            assertThat(end.client()).isEqualTo(client.address());
            assertThat(end.termination()).hasToString("PROXY/RELAY/NOT_SERVING");
            assertThat(rig.ended).isEmpty();
        }
    }

    @Test
    void a_door_that_closes_ends_its_flows() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);

        rig.listeners.closeAll();

        assertThat(rig.nextEnd().termination().cause()).isEqualTo(Cause.SHUTDOWN);
        assertThat(rig.sessions.flows()).isZero();
    }

    @Test
    void who_may_not_come_hears_nothing() throws Exception {
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(),
                List.of(Cidr.parse("10.0.0.0/8").orElseThrow()), ConnectionLimit.NONE,
                rig.datagramUpstreams(one.address()));
        client.send("let me in", frontend);

        await().until(() -> rig.counters.failures(Cause.FORBIDDEN_SOURCE) == 1);

        assertThat(one.nothingCame()).isTrue();
        assertThat(rig.sessions.flows()).isZero();
        assertThat(rig.ended).isEmpty();
    }

    @Test
    void new_flows_have_the_limit_of_connections() throws Exception {
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(), List.of(), () -> false,
                rig.datagramUpstreams(one.address()));
        client.send("let me in", frontend);

        await().until(() -> rig.counters.failures(Cause.LIMIT) == 1);

        assertThat(one.nothingCame()).isTrue();
    }

    @Test
    void an_endpoint_that_is_a_frontend_of_ours_is_not_fed_its_own_datagrams() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        rig.retarget(frontend, frontend, one.address());
        exchange(client, one, frontend);
        rig.retarget(frontend, frontend);
        try (UdpSocket other = new UdpSocket()) {
            other.send("round and round", frontend);

            SessionSummary end = rig.nextEnd();

            assertThat(end.termination()).hasToString("UPSTREAM/CONNECT/UNREACHABLE");
            assertThat(end.failedAttempts()).singleElement()
                    .satisfies(attempt -> assertThat(attempt.endpoint()).isEqualTo(frontend));
            assertThat(rig.sessions.flows()).isEqualTo(1);
        }
    }

    @Test
    void a_defect_at_the_beginning_of_a_flow_leaves_no_count_behind() throws Exception {
        Gate broken = new RecordingGate() {
            @Override
            public boolean tryAcquire() {
                throw new IllegalStateException("planted");
            }
        };
        IpPort frontend = rig.serveDatagrams(UnaryOperator.identity(), List.of(), ConnectionLimit.NONE,
                List.of(new Upstream(Rig.DNS, two.address(), broken)));
        client.send("lost", frontend);
        await().until(() -> rig.counters.failures(Cause.BUG) == 1);
        assertThat(rig.counters.open()).isZero();
        rig.retarget(frontend, one.address());
        exchange(client, one, frontend);
        assertThat(rig.counters.open()).isEqualTo(1);
    }

    @Test
    void a_flow_ends_when_its_frontend_has_become_another_service_s() throws Exception {
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);

        rig.handOver(frontend, two.address());

        assertThat(rig.nextEnd().termination()).hasToString("PROXY/RELAY/NO_ROUTE");
        exchange(client, two, frontend);
    }
}
