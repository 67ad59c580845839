package dev.fairlead.control;

import static dev.fairlead.control.TurnBench.BAD_FILE;
import static dev.fairlead.control.TurnBench.DNS;
import static dev.fairlead.control.TurnBench.ONE;
import static dev.fairlead.control.TurnBench.TWO;
import static dev.fairlead.control.TurnBench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.RoutingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes wrong: doors that do not open, tables that cannot be made, sources that fail, bugs. */
class ConvergenceFailureTest {
    private final TurnBench bench = new TurnBench();

    @Test
    void noFlowIsCutForATableThatCouldNotBeMade() {
        bench.offer(DNS + "  endpoints 10.1.3.3:53 10.1.3.4:53");
        bench.offer(DNS + "  endpoints 10.1.3.3:53\n  balancer least-conn");
        assertThat(bench.cuts).isEmpty();

        bench.offer(DNS + "  endpoints 10.1.3.3:53");

        assertThat(bench.cuts).containsExactly("10.1.3.4:53 of kube-system/dns:dns, table 2");
    }

    @Test
    void aDoorThatDoesNotOpenLeavesTheOthersAlone() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE + "default/api TCP\n  ClusterIP 10.96.0.11:80\n" + ONE);

        assertThat(bench.doors.opened()).containsExactly("10.96.0.11:80");
        assertThat(bench.convergence.view().firstSyncDone()).isTrue();
        assertThat(bench.heard.sentences()).containsExactly(
                "planned [publish table, open 10.96.0.10:80, open 10.96.0.11:80]",
                "failed open 10.96.0.10:80: Address already in use",
                "applied [publish table, open 10.96.0.11:80], now 1");
    }

    @Test
    void aDoorThatDoesNotOpenIsTriedUntilItDoesAndToldOncePerMessage() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE);
        bench.tickAfter(Duration.ofSeconds(1));
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(bench.convergence.view().failed()).singleElement().satisfies(failed -> {
            assertThat(failed.message()).isEqualTo("Address already in use");
            assertThat(failed.attempts()).isEqualTo(3);
            assertThat(failed.sinceEpochMillis()).isEqualTo(1_000);
        });
        bench.doors.stick("10.96.0.10:80", "Permission denied");
        bench.tickAfter(Duration.ofSeconds(1));
        bench.doors.loosen("10.96.0.10:80");
        bench.tickAfter(Duration.ofSeconds(1));

        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(bench.convergence.view().failed()).isEmpty();
        assertThat(bench.convergence.needsTick()).isFalse();
        assertThat(bench.heard.sentences()).containsExactly("planned [publish table, open 10.96.0.10:80]",
                "failed open 10.96.0.10:80: Address already in use", "applied [publish table], now 1",
                "failed open 10.96.0.10:80: Permission denied", "applied [open 10.96.0.10:80], now 1");
        assertThat(bench.convergence.view().lastPlan().orElseThrow().text()).isEqualTo("""
                plan 1
                  open 10.96.0.10:80   default/web:http, once more: it did not open before
                """);
    }

    @Test
    void attemptsInVainDoNotHideTheLastPlan() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE);
        bench.tickAfter(Duration.ofSeconds(1));

        assertThat(bench.convergence.view().lastPlan().orElseThrow().text())
                .startsWith("plan 1  from 0\n  + default/web");
    }

    @Test
    void aDoorThatIsNoLongerWantedIsNoLongerTried() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE);
        bench.offer("");

        assertThat(bench.convergence.view().failed()).isEmpty();
        assertThat(bench.convergence.needsTick()).isFalse();
        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80", "hold 10.96.0.10:80",
                "let go 10.96.0.10:80");
    }

    @Test
    void theAddressOfADoorThatDoesNotOpenIsHeldOnceUntilItDoes() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE);
        bench.tickAfter(Duration.ofSeconds(1));
        assertThat(bench.doors.held()).containsExactly("10.96.0.10:80");
        bench.doors.loosen("10.96.0.10:80");
        bench.tickAfter(Duration.ofSeconds(1));

        assertThat(bench.doors.held()).isEmpty();
        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(bench.doors.calls()).containsOnlyOnce("hold 10.96.0.10:80");
    }

    @Test
    void anAddressIsHeldFromTheLastEndpointToTheNextOne() {
        bench.offer(WEB + ONE);
        bench.offer(WEB);
        assertThat(bench.doors.held()).containsExactly("10.96.0.10:80");
        bench.offer(WEB + ONE);

        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80", "hold 10.96.0.10:80",
                "close 10.96.0.10:80", "open 10.96.0.10:80");
        assertThat(bench.doors.held()).isEmpty();
    }

    @Test
    void whatIsHeldIsLetGoWithTheDoors() {
        bench.offer(WEB);
        bench.convergence.closeDoors();

        assertThat(bench.doors.calls()).containsExactly("hold 10.96.0.10:80", "let go 10.96.0.10:80");
    }

    @Test
    void aDoorThatIsInTheWayOfAnotherIsClosedAndTheOtherTriedAgainAtOnce() {
        bench.offer(WEB.replace("10.96.0.10", "0.0.0.0") + ONE);
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.doors.onCall(call -> {
            if (call.equals("close 0.0.0.0:80")) {
                bench.doors.loosen("10.96.0.10:80");
            }
        });
        bench.offer(WEB + ONE);

        assertThat(bench.doors.calls()).containsExactly("open 0.0.0.0:80", "open 10.96.0.10:80",
                "hold 10.96.0.10:80", "close 0.0.0.0:80", "open 10.96.0.10:80");
        assertThat(bench.doors.held()).isEmpty();
        assertThat(bench.convergence.view().failed()).isEmpty();
        assertThat(bench.heard.sentences()).noneMatch(sentence -> sentence.startsWith("failed"));
    }

    @Test
    void aBugInADoorIsReportedAndDoesNotStopThePlan() {
        bench.doors.onCall(call -> {
            if (call.equals("open 10.96.0.10:80")) {
                throw new IllegalStateException("a bug");
            }
        });
        bench.offer(WEB + ONE + "default/api TCP\n  ClusterIP 10.96.0.11:80\n" + ONE);

        assertThat(bench.doors.opened()).containsExactly("10.96.0.11:80");
        assertThat(bench.heard.sentences()).contains("defect open 10.96.0.10:80: a bug",
                "failed open 10.96.0.10:80: a defect in Fairlead: java.lang.IllegalStateException: a bug");
    }

    @Test
    void aTableThatCannotBeMadeLeavesEverythingAsItIs() {
        bench.offer(WEB + ONE);
        RoutingTable before = bench.published.current();
        bench.offer("default/bad TCP\n  ClusterIP 10.96.0.12:80\n  balancer least-conn\n" + ONE);

        assertThat(bench.published.current()).isSameAs(before);
        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(bench.convergence.view().failed()).singleElement()
                .satisfies(failed -> assertThat(failed.step().what()).isEqualTo("publish table"));
        assertThat(bench.convergence.view().revision()).isEqualTo(1);

        bench.offer(WEB + TWO);

        assertThat(bench.convergence.view().failed()).isEmpty();
        assertThat(bench.convergence.view().revision()).isEqualTo(2);
        assertThat(before.find(TransportAddress.tcp(IpPort.of("10.96.0.10:80"))).orElseThrow().upstreams().getFirst())
                .isSameAs(bench.upstream("10.96.0.10:80"));
    }

    @Test
    void aFirstTableThatCannotBeMadeIsNoFirstSync() {
        bench.offer(WEB + ONE + "  balancer least-conn\n");
        assertThat(bench.convergence.view().firstSyncDone()).isFalse();

        bench.offer(WEB + ONE);
        assertThat(bench.convergence.view().firstSyncDone()).isTrue();
    }

    @Test
    void aFaultKeepsTheLastSnapshotAndIsToldOnce() {
        bench.offer(WEB + ONE);
        RoutingTable before = bench.published.current();
        bench.ticker.advance(Duration.ofSeconds(1));
        bench.convergence.faulted(BAD_FILE);
        bench.ticker.advance(Duration.ofSeconds(1));
        bench.convergence.faulted(BAD_FILE);

        assertThat(bench.published.current()).isSameAs(before);
        assertThat(bench.convergence.view().fault()).contains(new ControlView.Fault(BAD_FILE, 2_000));
        assertThat(bench.convergence.view().snapshot()).isEqualTo(SnapshotText.parse(WEB + ONE));
        assertThat(bench.heard.sentences()).filteredOn(sentence -> sentence.startsWith("fault"))
                .containsExactly("fault web.yaml:3:1: no port");
    }

    @Test
    void anotherFaultIsToldAndBelongsToTheSameOutage() {
        bench.convergence.faulted(BAD_FILE);
        bench.ticker.advance(Duration.ofSeconds(1));
        SourceFault other = new SourceFault.Unreachable("https://10.96.0.1", "no route");
        bench.convergence.faulted(other);

        assertThat(bench.convergence.view().fault()).contains(new ControlView.Fault(other, 1_000));
        assertThat(bench.heard.sentences()).containsExactly("fault web.yaml:3:1: no port",
                "fault https://10.96.0.1: no route");
        assertThat(bench.convergence.view().firstSyncDone()).isFalse();
    }

    @Test
    void theNextSnapshotEndsAFault() {
        bench.offer(WEB + ONE);
        bench.convergence.faulted(BAD_FILE);
        bench.offer(WEB + ONE);
        assertThat(bench.convergence.view().fault()).isEmpty();
        bench.convergence.faulted(BAD_FILE);

        assertThat(bench.heard.sentences()).containsSubsequence("fault web.yaml:3:1: no port", "recovered",
                "planned nothing", "fault web.yaml:3:1: no port");
    }

    @Test
    void closingTheDoorsEndsTheAttemptsToOpenOne() {
        bench.doors.stick("10.96.0.10:80", "Address already in use");
        bench.offer(WEB + ONE);
        bench.convergence.closeDoors();

        assertThat(bench.convergence.needsTick()).isFalse();
        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80", "hold 10.96.0.10:80",
                "let go 10.96.0.10:80");
    }

    @Test
    void aDoorThatDoesNotCloseIsTriedAgain() {
        bench.offer(WEB + ONE);
        List<String> bug = new ArrayList<>(List.of("once"));
        bench.doors.onCall(_ -> {
            if (!bug.isEmpty()) {
                throw new IllegalStateException(bug.removeFirst());
            }
        });
        bench.convergence.closeDoors();
        assertThat(bench.doors.opened()).hasSize(1);
        bench.tickAfter(Duration.ofSeconds(1));

        assertThat(bench.doors.opened()).isEmpty();
        assertThat(bench.convergence.needsTick()).isFalse();
    }

    @Test
    void aBugBetweenTheStepsIsToldOnceAndTheTurnIsTriedAgain() {
        List<String> bugs = new ArrayList<>(List.of("a bug", "a bug"));
        Convergence buggy = bench.convergence(bench.heard, TurnBench.throwing(bugs));
        buggy.offered(SnapshotText.parse(WEB + ONE), bench.ticker.nanos());
        assertThat(bench.doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(buggy.view().defect()).contains("java.lang.IllegalStateException: a bug");
        assertThat(buggy.view().doors()).hasSize(1);
        buggy.tick();
        assertThat(buggy.view().defect()).isPresent();
        buggy.tick();

        assertThat(buggy.view().defect()).isEmpty();
        assertThat(buggy.needsTick()).isFalse();
        assertThat(bench.heard.sentences()).filteredOn(sentence -> sentence.startsWith("defect"))
                .containsExactly("defect follow a snapshot: a bug");
        assertThat(bench.doors.calls()).containsExactly("open 10.96.0.10:80");
    }
}
