package dev.fairlead.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.forward.UdpSocket.Came;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.transport.epoll.EpollDataPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Who makes room when there are too many flows. It is the same on every data path. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux only")
@Timeout(60)
final class UdpRoomTest {
    private final Rig rig = new Rig(new EpollDataPath(1));
    private final UdpSocket client = new UdpSocket();
    private final UdpSocket one = new UdpSocket();
    private final UdpSocket two = new UdpSocket();

    UdpRoomTest() throws IOException {
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        one.close();
        two.close();
        rig.finish();
    }

    private void exchange(UdpSocket from, UdpSocket endpoint, IpPort frontend) throws IOException {
        from.send("ping", frontend);
        endpoint.answer("pong");
        assertThat(from.receive()).isEqualTo(new Came("pong", frontend));
    }

    @Test
    void within_a_service_whoever_was_never_answered_makes_room_first() throws Exception {
        IpPort frontend = rig.serveDatagrams(policy -> policy.withMaxFlows(Optional.of(2)), one.address());
        exchange(client, one, frontend);
        exchange(client, one, frontend);
        try (UdpSocket forged = new UdpSocket(); UdpSocket newcomer = new UdpSocket()) {
            forged.send("forged", frontend);
            one.receive();
            exchange(newcomer, one, frontend);

            SessionSummary end = rig.nextEnd();

            assertThat(end.termination()).hasToString("PROXY/RELAY/EVICTED");
            assertThat(end.client()).isEqualTo(forged.address());
            exchange(client, one, frontend);
        }
    }

    @Test
    void among_those_answered_whoever_did_not_speak_again_makes_room_first() throws Exception {
        IpPort frontend = rig.serveDatagrams(policy -> policy.withMaxFlows(Optional.of(2)), one.address());
        exchange(client, one, frontend);
        exchange(client, one, frontend);
        try (UdpSocket once = new UdpSocket(); UdpSocket newcomer = new UdpSocket()) {
            exchange(once, one, frontend);
            exchange(newcomer, one, frontend);

            assertThat(rig.nextEnd().client()).isEqualTo(once.address());
        }
    }

    @Test
    void a_service_that_was_answered_does_not_make_room_for_another() throws Exception {
        rig.sessions.mostFlows(1);
        IpPort frontend = rig.serveDatagrams(policy -> policy.withMaxFlows(Optional.of(9)), one.address());
        exchange(client, one, frontend);
        try (UdpSocket other = new UdpSocket()) {
            IpPort second = rig.serveOther(two.address());
            other.send("no room", second);

            await().until(() -> rig.otherCounters.failures(Cause.LIMIT) == 1);

            assertThat(two.nothingCame()).isTrue();
            exchange(client, one, frontend);
        }
    }

    @Test
    void a_flow_that_was_never_answered_makes_room_for_any_other() throws Exception {
        rig.sessions.mostFlows(1);
        IpPort frontend = rig.serveDatagrams(one.address());
        client.send("anybody?", frontend);
        one.receive();
        try (UdpSocket other = new UdpSocket()) {
            exchange(other, two, rig.serveOther(two.address()));

            SessionSummary end = rig.nextEnd();

            assertThat(end.client()).isEqualTo(client.address());
            assertThat(end.termination().side()).isEqualTo(Side.PROXY);
            assertThat(end.termination().phase()).isEqualTo(Phase.RELAY);
            assertThat(end.termination().cause()).isEqualTo(Cause.EVICTED);
        }
    }

    @Test
    void a_newcomer_that_has_nowhere_to_go_takes_nobody_s_room() throws Exception {
        rig.sessions.mostFlows(1);
        IpPort frontend = rig.serveDatagrams(one.address());
        exchange(client, one, frontend);
        rig.retarget(frontend);
        try (UdpSocket other = new UdpSocket()) {
            other.send("anybody?", frontend);
            await().until(() -> rig.counters.failures(Cause.NO_ENDPOINT) == 1);
        }

        exchange(client, one, frontend);

        assertThat(rig.ended).isEmpty();
    }

    @Test
    void those_who_are_being_answered_just_now_are_spared_while_they_are_few() throws Exception {
        IpPort frontend = rig.serveDatagrams(policy -> policy.withMaxFlows(Optional.of(16)), one.address());
        List<UdpSocket> answered = new ArrayList<>();
        try (UdpSocket waiting = new UdpSocket(); UdpSocket newcomer = new UdpSocket()) {
            for (int i = 0; i < 15; i++) {
                UdpSocket socket = new UdpSocket();
                answered.add(socket);
                exchange(socket, one, frontend);
            }
            waiting.send("ping", frontend);
            Came asked = one.receive();
            exchange(newcomer, one, frontend);

            assertThat(rig.nextEnd().client()).isEqualTo(answered.getFirst().address());
            one.send("pong", asked.from());
            assertThat(waiting.receive().text()).isEqualTo("pong");
        } finally {
            answered.forEach(UdpSocket::close);
        }
    }

    @Test
    void forged_clients_by_the_thousand_take_no_more_than_their_share_and_nobody_s_flow() throws Exception {
        int most = 64;
        IpPort frontend = rig.serveDatagrams(policy -> policy.withMaxFlows(Optional.of(most)), one.address());
        List<UdpSocket> established = List.of(client, two);
        for (UdpSocket each : established) {
            exchange(each, one, frontend);
            exchange(each, one, frontend);
        }
        Random random = new Random(5);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 40; i++) {
                IpPort from = IpPort.of("127." + random.nextInt(1, 255) + "." + random.nextInt(256) + "."
                        + random.nextInt(1, 255) + ":0");
                try (UdpSocket forged = new UdpSocket(from)) {
                    forged.send("forged", frontend);
                }
            }
            for (UdpSocket each : established) {
                each.send("ping", frontend);
                Came came = one.receive();
                while (!came.text().equals("ping")) {
                    came = one.receive();
                }
                one.send("pong", came.from());
                assertThat(each.receive()).isEqualTo(new Came("pong", frontend));
            }
            assertThat(rig.sessions.flows()).isLessThanOrEqualTo(most);
        }

        assertThat(rig.counters.open()).isEqualTo(rig.sessions.flows());
        assertThat(rig.ended).hasSizeGreaterThan(3_000).allSatisfy(end -> {
            assertThat(end.termination().cause()).isEqualTo(Cause.EVICTED);
            assertThat(end.client()).isNotIn(client.address(), two.address());
        });
    }
}
