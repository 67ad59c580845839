package dev.fairlead.control;

import static dev.fairlead.control.TurnBench.BAD_FILE;
import static dev.fairlead.control.TurnBench.DNS;
import static dev.fairlead.control.TurnBench.ONE;
import static dev.fairlead.control.TurnBench.TWO;
import static dev.fairlead.control.TurnBench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Upstream;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RoutingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one turn after the other does where all goes well. */
class ConvergenceTest {
    private final TurnBench bench = new TurnBench();

    @Test
    void beforeTheFirstSnapshotNothingIsDone() {
        assertThat(bench.convergence.view()).isEqualTo(ControlView.INITIAL);
        assertThat(bench.convergence.view().firstSyncDone()).isFalse();
        assertThat(bench.convergence.needsTick()).isFalse();
    }

    @Test
    void anEmptyFirstSnapshotIsAFirstSync() {
        bench.offer("");

        assertThat(bench.convergence.view().firstSyncDone()).isTrue();
        assertThat(bench.convergence.view().lastPlan()).isEmpty();
        assertThat(bench.heard.sentences()).containsExactly("planned nothing");
    }

    @Test
    void theTableIsPublishedBeforeADoorOpensAndBeforeOneCloses() {
        List<String> seen = new ArrayList<>();
        bench.doors.onCall(call -> seen.add(call + " at table " + bench.published.current().revision()));
        bench.offer(WEB + ONE);
        bench.offer(WEB.replace("10.96.0.10", "10.96.0.99") + ONE);

        assertThat(seen).containsExactly("open 10.96.0.10:80 at table 1", "open 10.96.0.99:80 at table 2",
                "close 10.96.0.10:80 at table 2");
    }

    @Test
    void anEqualSnapshotChangesNothing() {
        bench.offer(WEB + ONE);
        RoutingTable before = bench.published.current();
        ControlView view = bench.convergence.view();
        bench.ticker.advance(Duration.ofSeconds(5));
        bench.offer(WEB + ONE);

        assertThat(bench.published.current()).isSameAs(before);
        assertThat(bench.convergence.view()).isEqualTo(view);
        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80");
        assertThat(bench.heard.sentences()).containsExactly("planned [publish table, open 10.96.0.10:80]",
                "applied [publish table, open 10.96.0.10:80], now 1", "planned nothing");
    }

    @Test
    void theViewTellsTheLastPlanWithItsRevisionsAndItsTime() {
        bench.offer(WEB + ONE);
        bench.ticker.advance(Duration.ofSeconds(2));
        bench.offer(WEB + TWO);
        bench.offer(WEB + TWO);

        ControlView view = bench.convergence.view();
        assertThat(view.revision()).isEqualTo(2);
        assertThat(view.doors()).containsExactly(TransportAddress.tcp(IpPort.of("10.96.0.10:80")));
        assertThat(view.snapshot()).isEqualTo(SnapshotText.parse(WEB + TWO));
        assertThat(view.lastPlan().orElseThrow().epochMillis()).isEqualTo(3_000);
        assertThat(view.lastPlan().orElseThrow().text()).isEqualTo("""
                plan 2  from 1
                  ~ default/web:http TCP 10.96.0.10:80  +10.1.2.4:8080   random
                  publish table
                """);
    }

    @Test
    void theLastEndpointTakesTheDoorWithItAndTheNextOneBringsItBack() {
        bench.offer(WEB + ONE);
        bench.offer(WEB);
        assertThat(bench.doors.opened()).isEmpty();
        bench.offer(WEB + TWO);

        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
    }

    @Test
    void anObserverThatThrowsChangesNothing() {
        Convergence unheard = bench.convergence(new ControlObserver() {
            @Override
            public void planned(Plan plan, long nanos) {
                throw new IllegalStateException("observer");
            }

            @Override
            public void applied(Plan done, long revision, long nanos) {
                throw new AssertionError("observer");
            }
        });
        unheard.offered(SnapshotText.parse(WEB + ONE), bench.ticker.nanos());

        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(unheard.view().firstSyncDone()).isTrue();
        assertThat(unheard.view().defect()).isEmpty();
    }

    @Test
    void anEndpointThatLeftIsShownWhileItHasConnections() {
        bench.offer(WEB + ONE);
        Upstream busy = bench.upstream("10.96.0.10:80");
        busy.enter();
        bench.offer(WEB);
        assertThat(bench.convergence.view().retiring()).containsExactly(busy);
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(bench.convergence.view().retiring()).containsExactly(busy);
        busy.leave();
        bench.tickAfter(Duration.ofSeconds(1));

        assertThat(bench.convergence.view().retiring()).isEmpty();
        assertThat(bench.convergence.needsTick()).isFalse();
    }

    @Test
    void flowsAreCutOnceTheTableIsInForceInWhichTheirEndpointNoLongerServes() {
        bench.offer(DNS + "  endpoints 10.1.3.3:53 10.1.3.4:53");
        bench.offer(DNS + "  endpoints 10.1.3.3:53 10.1.3.4:53(draining)");
        bench.offer(DNS + "  endpoints 10.1.3.3:53(draining) 10.1.3.4:53(draining)");
        assertThat(bench.cuts).isEmpty();

        bench.offer(DNS + "  endpoints 10.1.3.3:53(draining)");

        assertThat(bench.cuts).containsExactly("10.1.3.4:53 of kube-system/dns:dns, table 4");
    }

    @Test
    void allFlowsOfAServiceThatIsGoneAreCut() {
        bench.offer(DNS + "  endpoints 10.1.3.3:53 10.1.3.4:53(draining)");
        bench.offer("");

        assertThat(bench.cuts).containsExactly("10.1.3.3:53 of kube-system/dns:dns, table 2",
                "10.1.3.4:53 of kube-system/dns:dns, table 2");
    }

    @Test
    void connectionsAreNeverCut() {
        bench.offer(WEB + TWO);
        bench.offer(WEB + ONE);
        bench.offer("");

        assertThat(bench.heard.sentences()).anyMatch(sentence -> sentence.contains("retire 10.1.2.4:8080"));
        assertThat(bench.cuts).isEmpty();
    }

    @Test
    void aUdpEndpointThatOnlyServesIsShownWhileItHasFlowsAndTakesNewcomersAgainAsTheSameOne() {
        bench.offer(DNS + "  endpoints 10.1.3.3:53");
        TransportAddress door = TransportAddress.udp(IpPort.of("10.96.0.53:53"));
        Upstream busy = bench.published.current().find(door).orElseThrow().upstreams().getFirst();
        busy.enter();
        bench.offer(DNS + "  endpoints 10.1.3.3:53(draining) 10.1.3.4:53");
        assertThat(bench.convergence.view().retiring()).containsExactly(busy);

        bench.offer(DNS + "  endpoints 10.1.3.3:53");

        assertThat(bench.convergence.view().retiring()).isEmpty();
        assertThat(bench.published.current().find(door).orElseThrow().upstreams()).containsExactly(busy);
    }

    @Test
    void closingTheDoorsIsForGood() {
        bench.offer(WEB + ONE);
        RoutingTable table = bench.published.current();
        bench.convergence.closeDoors();
        bench.offer(WEB + TWO);
        bench.convergence.faulted(BAD_FILE);

        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80", "close 10.96.0.10:80");
        assertThat(bench.published.current()).isSameAs(table);
        assertThat(bench.convergence.view().phase()).isEqualTo(Phase.CLOSED);
        assertThat(bench.convergence.view().fault()).isEmpty();
        assertThat(bench.convergence.view().lastPlan().orElseThrow().text())
                .isEqualTo("plan 1\n  close 10.96.0.10:80   Fairlead is stopping\n");
    }

    @Test
    void theObserverLearnsHowLongItTookFromTheOffer() {
        List<Long> nanos = new ArrayList<>();
        Convergence timed = bench.convergence(new ControlObserver() {
            @Override
            public void applied(Plan done, long revision, long took) {
                nanos.add(took);
            }
        });
        long offered = bench.ticker.nanos();
        bench.ticker.advance(Duration.ofMillis(7));
        timed.offered(SnapshotText.parse(WEB + ONE), offered);

        assertThat(nanos).containsExactly(7_000_000L);
        assertThat(timed.view().snapshot()).isNotEqualTo(ServiceSnapshot.EMPTY);
    }
}
