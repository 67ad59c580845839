package dev.fairlead.forward;

import static dev.fairlead.forward.NodeAndPod.VIP;
import static dev.fairlead.forward.NodeAndPod.VIP_6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Frontends behind the one door that do not take everybody, and two processes that each have such a door. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class OneDoorNeighboursTest {
    private static final SourceFilter THE_POD = only("192.168.0.0/30", "fd00:1::2/128");

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private NodeAndPod network = NodeAndPod.build();

    @BeforeEach
    void needsFilters() throws IOException {
        try (EpollDataPath path = new EpollDataPath(1)) {
            if (!path.filters()) {
                abort("needs NET_ADMIN for filters");
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        try {
            for (AutoCloseable closeable : toClose.reversed()) {
                closeable.close();
            }
        } finally {
            network.close();
        }
    }

    private static SourceFilter only(String... blocks) {
        return new SourceFilter(List.of(List.of(blocks).stream().map(block -> Cidr.parse(block).orElseThrow())
                .toList()));
    }

    /** Another process, as far as the kernel can tell: steering, data path and doors of its own. */
    private Rig rig() {
        try {
            Steering steering = Steering.begin();
            toClose.add(steering);
            for (String block : NodeAndPod.SERVICE_BLOCKS) {
                steering.own(Cidr.parse(block).orElseThrow());
            }
            Rig rig = new Rig(new EpollDataPath(2), new SessionRoom(Long.MAX_VALUE, 0), steering);
            toClose.add(rig::finish);
            return rig;
        } catch (SteeringFailure why) {
            return abort(String.valueOf(why.getMessage()));
        }
    }

    private static void serve(Rig rig, char letter, String... frontends) throws Exception {
        ServerSocket endpoint = rig.endpoint();
        Calls.answer(endpoint, letter);
        for (String frontend : frontends) {
            rig.serveAt(IpPort.of(frontend), Rig.address(endpoint));
        }
    }

    /** Silence can only be heard by waiting a while. */
    private static void assertSilent(String address) {
        assertThatThrownBy(() -> {
            try (Socket client = new Socket()) {
                client.connect(IpPort.of(address).socketAddress(), 300);
            }
        }).as(address).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void who_is_to_be_dropped_hears_nothing_and_other_frontends_take_everybody() throws Exception {
        Rig rig = rig();
        serve(rig, 'E', VIP + ":80", VIP_6 + ":80", VIP + ":81");
        for (String vip : NodeAndPod.VIPS) {
            rig.listeners.filter(TransportAddress.tcp(IpPort.of(vip + ":80")), SourceFilter.NOBODY);
            network.inBoth(() -> assertSilent(vip + ":80"));
        }
        network.inBoth(() -> assertThat(Calls.heard(VIP + ":81")).isEqualTo('E'));
    }

    @Test
    void a_frontend_takes_some_then_others_then_everybody() throws Exception {
        Rig rig = rig();
        serve(rig, 'E', VIP + ":80");
        TransportAddress frontend = TransportAddress.tcp(IpPort.of(VIP + ":80"));
        rig.listeners.filter(frontend, only("192.168.0.2/32"));
        assertThat(network.inPod(() -> Calls.heard(VIP + ":80"))).isEqualTo('E');
        assertSilent(VIP + ":80");
        rig.listeners.filter(frontend, only("192.168.0.1/32"));
        assertThat(Calls.heard(VIP + ":80")).isEqualTo('E');
        network.inPod(() -> {
            assertSilent(VIP + ":80");
            return "silent";
        });
        rig.listeners.filter(frontend, SourceFilter.EVERYBODY);
        network.inBoth(() -> assertThat(Calls.heard(VIP + ":80")).isEqualTo('E'));
    }

    @Test
    void a_filtered_frontend_that_closes_is_refused_and_may_open_again() throws Exception {
        Rig rig = rig();
        serve(rig, 'E', VIP + ":80");
        TransportAddress frontend = TransportAddress.tcp(IpPort.of(VIP + ":80"));
        rig.listeners.close(frontend);
        for (int i = 0; i < 3; i++) {
            rig.listeners.open(frontend, THE_POD);
            assertThat(network.inPod(() -> Calls.heard(VIP + ":80"))).isEqualTo('E');
            rig.listeners.close(frontend);
            network.inBoth(() -> Calls.assertRefused(VIP + ":80"));
        }
    }

    @Test
    void a_successor_takes_newcomers_from_its_first_moment_and_no_connection_fails() throws Exception {
        Rig predecessor = rig();
        serve(predecessor, 'P', VIP + ":80", VIP_6 + ":80");
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger bySuccessor = new AtomicInteger();
        AtomicInteger byPredecessor = new AtomicInteger();
        List<Thread> clients = NodeAndPod.VIPS.stream().map(vip -> Thread.ofPlatform().start(() -> {
            for (int most = 20_000; most > 0 && !over.get(); most--) {
                try {
                    (Calls.heard(vip + ":80") == 'S' ? bySuccessor : byPredecessor).incrementAndGet();
                } catch (IOException failed) {
                    failures.add(vip + ": " + failed);
                }
            }
        })).toList();
        await().until(() -> byPredecessor.get() > 50);
        Rig successor = rig();
        serve(successor, 'S', VIP + ":80", VIP_6 + ":80");
        await().pollInterval(Duration.ofMillis(1)).until(() -> bySuccessor.get() > 50);
        for (TransportAddress frontend : predecessor.listeners.open()) {
            predecessor.listeners.close(frontend);
        }
        int then = bySuccessor.get();
        await().pollInterval(Duration.ofMillis(1)).until(() -> bySuccessor.get() > then + 50);
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
    }
}
