package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RoutingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One turn after the other, on the test's own thread and clock. */
class ConvergenceTest {
    private static final String WEB = """
            default/web:http TCP
              ClusterIP 10.96.0.10:80
            """;
    private static final String ONE = "  endpoints 10.1.2.3:8080\n";
    private static final String TWO = "  endpoints 10.1.2.3:8080 10.1.2.4:8080\n";
    private static final SourceFault BAD_FILE = new SourceFault.Malformed(List.of("web.yaml:3:1: no port"));

    private final ScriptedDoors doors = new ScriptedDoors();
    private final PublishedTable published = new PublishedTable();
    private final Heard heard = new Heard();
    private final ManualTicker ticker = new ManualTicker();
    private final Convergence convergence = convergence(heard);

    private Convergence convergence(ControlObserver observer) {
        UpstreamRegistry registry = new UpstreamRegistry(Gates.NONE, (_, _) -> () -> true);
        TableBuilder tables = new TableBuilder(registry, choice -> {
            if (choice.name().equals("least-conn")) {
                throw new IllegalStateException("it is broken");
            }
            return new FirstCandidate(choice.name());
        });
        return new Convergence(new Applier(doors, tables, registry, published), observer, ticker);
    }

    private void offer(String snapshot) {
        convergence.offered(SnapshotText.parse(snapshot), ticker.nanos());
    }

    private void tickAfter(Duration time) {
        ticker.advance(time);
        assertThat(convergence.needsTick()).isTrue();
        convergence.tick();
    }

    private Upstream upstream(String frontend) {
        return published.current().find(IpPort.of(frontend)).orElseThrow().upstreams().getFirst();
    }

    @Test
    void beforeTheFirstSnapshotNothingIsDone() {
        assertThat(convergence.view()).isEqualTo(ControlView.INITIAL);
        assertThat(convergence.view().firstSyncDone()).isFalse();
        assertThat(convergence.needsTick()).isFalse();
    }

    @Test
    void anEmptyFirstSnapshotIsAFirstSync() {
        offer("");

        assertThat(convergence.view().firstSyncDone()).isTrue();
        assertThat(convergence.view().lastPlan()).isEmpty();
        assertThat(heard.sentences()).containsExactly("planned nothing");
    }

    @Test
    void theTableIsPublishedBeforeADoorOpensAndBeforeOneCloses() {
        List<String> seen = new ArrayList<>();
        doors.onCall(call -> seen.add(call + " at table " + published.current().revision()));
        offer(WEB + ONE);
        offer(WEB.replace("10.96.0.10", "10.96.0.99") + ONE);

        assertThat(seen).containsExactly("open 10.96.0.10:80 at table 1", "open 10.96.0.99:80 at table 2",
                "close 10.96.0.10:80 at table 2");
    }

    @Test
    void anEqualSnapshotChangesNothing() {
        offer(WEB + ONE);
        RoutingTable before = published.current();
        ControlView view = convergence.view();
        ticker.advance(Duration.ofSeconds(5));
        offer(WEB + ONE);

        assertThat(published.current()).isSameAs(before);
        assertThat(convergence.view()).isEqualTo(view);
        assertThat(doors.calls()).containsExactly("open 10.96.0.10:80");
        assertThat(heard.sentences()).containsExactly("planned [publish table, open 10.96.0.10:80]",
                "applied [publish table, open 10.96.0.10:80], now 1", "planned nothing");
    }

    @Test
    void theViewTellsTheLastPlanWithItsRevisionsAndItsTime() {
        offer(WEB + ONE);
        ticker.advance(Duration.ofSeconds(2));
        offer(WEB + TWO);
        offer(WEB + TWO);

        ControlView view = convergence.view();
        assertThat(view.revision()).isEqualTo(2);
        assertThat(view.doors()).containsExactly(IpPort.of("10.96.0.10:80"));
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
        offer(WEB + ONE);
        offer(WEB);
        assertThat(doors.opened()).isEmpty();
        offer(WEB + TWO);

        assertThat(doors.opened()).containsExactly("10.96.0.10:80");
    }

    @Test
    void aDoorThatDoesNotOpenLeavesTheOthersAlone() {
        doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE + "default/api TCP\n  ClusterIP 10.96.0.11:80\n" + ONE);

        assertThat(doors.opened()).containsExactly("10.96.0.11:80");
        assertThat(convergence.view().firstSyncDone()).isTrue();
        assertThat(heard.sentences()).containsExactly(
                "planned [publish table, open 10.96.0.10:80, open 10.96.0.11:80]",
                "failed open 10.96.0.10:80: Address already in use",
                "applied [publish table, open 10.96.0.11:80], now 1");
    }

    @Test
    void aDoorThatDoesNotOpenIsTriedUntilItDoesAndToldOncePerMessage() {
        doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        tickAfter(Duration.ofSeconds(1));
        tickAfter(Duration.ofSeconds(1));
        assertThat(convergence.view().failed()).singleElement().satisfies(failed -> {
            assertThat(failed.message()).isEqualTo("Address already in use");
            assertThat(failed.attempts()).isEqualTo(3);
            assertThat(failed.sinceEpochMillis()).isEqualTo(1_000);
        });
        doors.stick("10.96.0.10:80", "Permission denied");
        tickAfter(Duration.ofSeconds(1));
        doors.loosen("10.96.0.10:80");
        tickAfter(Duration.ofSeconds(1));

        assertThat(doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(convergence.view().failed()).isEmpty();
        assertThat(convergence.needsTick()).isFalse();
        assertThat(heard.sentences()).containsExactly("planned [publish table, open 10.96.0.10:80]",
                "failed open 10.96.0.10:80: Address already in use", "applied [publish table], now 1",
                "failed open 10.96.0.10:80: Permission denied", "applied [open 10.96.0.10:80], now 1");
        assertThat(convergence.view().lastPlan().orElseThrow().text()).isEqualTo("""
                plan 1
                  open 10.96.0.10:80   default/web:http, once more: it did not open before
                """);
    }

    @Test
    void attemptsInVainDoNotHideTheLastPlan() {
        doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        tickAfter(Duration.ofSeconds(1));

        assertThat(convergence.view().lastPlan().orElseThrow().text()).startsWith("plan 1  from 0\n  + default/web");
    }

    @Test
    void aDoorThatIsNoLongerWantedIsNoLongerTried() {
        doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        offer("");

        assertThat(convergence.view().failed()).isEmpty();
        assertThat(convergence.needsTick()).isFalse();
        assertThat(doors.calls()).containsExactly("open 10.96.0.10:80");
    }

    @Test
    void aDoorThatIsInTheWayOfAnotherIsClosedAndTheOtherTriedAgainAtOnce() {
        offer(WEB.replace("10.96.0.10", "0.0.0.0") + ONE);
        doors.stick("10.96.0.10:80", "Address already in use");
        doors.onCall(call -> {
            if (call.equals("close 0.0.0.0:80")) {
                doors.loosen("10.96.0.10:80");
            }
        });
        offer(WEB + ONE);

        assertThat(doors.calls()).containsExactly("open 0.0.0.0:80", "open 10.96.0.10:80", "close 0.0.0.0:80",
                "open 10.96.0.10:80");
        assertThat(convergence.view().failed()).isEmpty();
        assertThat(heard.sentences()).noneMatch(sentence -> sentence.startsWith("failed"));
    }

    @Test
    void aBugInADoorIsReportedAndDoesNotStopThePlan() {
        doors.onCall(call -> {
            if (call.equals("open 10.96.0.10:80")) {
                throw new IllegalStateException("a bug");
            }
        });
        offer(WEB + ONE + "default/api TCP\n  ClusterIP 10.96.0.11:80\n" + ONE);

        assertThat(doors.opened()).containsExactly("10.96.0.11:80");
        assertThat(heard.sentences()).contains("defect open 10.96.0.10:80: a bug",
                "failed open 10.96.0.10:80: a defect in Fairlead: java.lang.IllegalStateException: a bug");
    }

    @Test
    void aTableThatCannotBeMadeLeavesEverythingAsItIs() {
        offer(WEB + ONE);
        RoutingTable before = published.current();
        offer("default/bad TCP\n  ClusterIP 10.96.0.12:80\n  balancer least-conn\n" + ONE);

        assertThat(published.current()).isSameAs(before);
        assertThat(doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(convergence.view().failed()).singleElement()
                .satisfies(failed -> assertThat(failed.step().what()).isEqualTo("publish table"));
        assertThat(convergence.view().revision()).isEqualTo(1);

        offer(WEB + TWO);

        assertThat(convergence.view().failed()).isEmpty();
        assertThat(convergence.view().revision()).isEqualTo(2);
        assertThat(before.find(IpPort.of("10.96.0.10:80")).orElseThrow().upstreams().getFirst())
                .isSameAs(upstream("10.96.0.10:80"));
    }

    @Test
    void aFirstTableThatCannotBeMadeIsNoFirstSync() {
        offer(WEB + ONE + "  balancer least-conn\n");
        assertThat(convergence.view().firstSyncDone()).isFalse();

        offer(WEB + ONE);
        assertThat(convergence.view().firstSyncDone()).isTrue();
    }

    @Test
    void anObserverThatThrowsChangesNothing() {
        Convergence unheard = convergence(new ControlObserver() {
            @Override
            public void planned(Plan plan, long nanos) {
                throw new IllegalStateException("observer");
            }

            @Override
            public void applied(Plan done, long revision, long nanos) {
                throw new AssertionError("observer");
            }
        });
        unheard.offered(SnapshotText.parse(WEB + ONE), ticker.nanos());

        assertThat(doors.opened()).containsExactly("10.96.0.10:80");
        assertThat(unheard.view().firstSyncDone()).isTrue();
        assertThat(unheard.view().defect()).isEmpty();
    }

    @Test
    void aFaultKeepsTheLastSnapshotAndIsToldOnce() {
        offer(WEB + ONE);
        RoutingTable before = published.current();
        ticker.advance(Duration.ofSeconds(1));
        convergence.faulted(BAD_FILE);
        ticker.advance(Duration.ofSeconds(1));
        convergence.faulted(BAD_FILE);

        assertThat(published.current()).isSameAs(before);
        assertThat(convergence.view().fault()).contains(new ControlView.Fault(BAD_FILE, 2_000));
        assertThat(convergence.view().snapshot()).isEqualTo(SnapshotText.parse(WEB + ONE));
        assertThat(heard.sentences()).filteredOn(sentence -> sentence.startsWith("fault"))
                .containsExactly("fault web.yaml:3:1: no port");
    }

    @Test
    void anotherFaultIsToldAndBelongsToTheSameOutage() {
        convergence.faulted(BAD_FILE);
        ticker.advance(Duration.ofSeconds(1));
        SourceFault other = new SourceFault.Unreachable("https://10.96.0.1", "no route");
        convergence.faulted(other);

        assertThat(convergence.view().fault()).contains(new ControlView.Fault(other, 1_000));
        assertThat(heard.sentences()).containsExactly("fault web.yaml:3:1: no port",
                "fault https://10.96.0.1: no route");
        assertThat(convergence.view().firstSyncDone()).isFalse();
    }

    @Test
    void theNextSnapshotEndsAFault() {
        offer(WEB + ONE);
        convergence.faulted(BAD_FILE);
        offer(WEB + ONE);
        assertThat(convergence.view().fault()).isEmpty();
        convergence.faulted(BAD_FILE);

        assertThat(heard.sentences()).containsSubsequence("fault web.yaml:3:1: no port", "recovered",
                "planned nothing", "fault web.yaml:3:1: no port");
    }

    @Test
    void anEndpointThatLeftIsShownWhileItHasConnections() {
        offer(WEB + ONE);
        Upstream busy = upstream("10.96.0.10:80");
        busy.enter();
        offer(WEB);
        assertThat(convergence.view().retiring()).containsExactly(busy);
        tickAfter(Duration.ofSeconds(1));
        assertThat(convergence.view().retiring()).containsExactly(busy);
        busy.leave();
        tickAfter(Duration.ofSeconds(1));

        assertThat(convergence.view().retiring()).isEmpty();
        assertThat(convergence.needsTick()).isFalse();
    }

    @Test
    void unservedPortsAreShownAndToldOnce() {
        String udp = "default/dns:dns UDP\n  ClusterIP 10.96.0.53:53\n";
        offer(udp);
        offer(udp);

        assertThat(convergence.view().unserved()).singleElement()
                .satisfies(port -> assertThat(port.why()).isEqualTo("UDP is not served yet"));
        assertThat(convergence.view().lastPlan().orElseThrow().text())
                .isEqualTo("plan 0\n  ! default/dns:dns UDP 10.96.0.53:53   UDP is not served yet\n");
        assertThat(heard.sentences()).containsExactly("planned []", "applied [], now 0", "planned nothing");
    }

    @Test
    void closingTheDoorsIsForGood() {
        offer(WEB + ONE);
        RoutingTable table = published.current();
        convergence.closeDoors();
        offer(WEB + TWO);
        convergence.faulted(BAD_FILE);

        assertThat(doors.calls()).containsExactly("open 10.96.0.10:80", "close 10.96.0.10:80");
        assertThat(published.current()).isSameAs(table);
        assertThat(convergence.view().phase()).isEqualTo(Phase.CLOSED);
        assertThat(convergence.view().fault()).isEmpty();
        assertThat(convergence.view().lastPlan().orElseThrow().text())
                .isEqualTo("plan 1\n  close 10.96.0.10:80   Fairlead is stopping\n");
    }

    @Test
    void closingTheDoorsEndsTheAttemptsToOpenOne() {
        doors.stick("10.96.0.10:80", "Address already in use");
        offer(WEB + ONE);
        convergence.closeDoors();

        assertThat(convergence.needsTick()).isFalse();
        assertThat(doors.calls()).containsExactly("open 10.96.0.10:80");
    }

    @Test
    void aDoorThatDoesNotCloseIsTriedAgain() {
        offer(WEB + ONE);
        List<String> bug = new ArrayList<>(List.of("once"));
        doors.onCall(_ -> {
            if (!bug.isEmpty()) {
                throw new IllegalStateException(bug.removeFirst());
            }
        });
        convergence.closeDoors();
        assertThat(doors.opened()).hasSize(1);
        tickAfter(Duration.ofSeconds(1));

        assertThat(doors.opened()).isEmpty();
        assertThat(convergence.needsTick()).isFalse();
    }

    @Test
    void theObserverLearnsHowLongItTookFromTheOffer() {
        List<Long> nanos = new ArrayList<>();
        Convergence timed = convergence(new ControlObserver() {
            @Override
            public void applied(Plan done, long revision, long took) {
                nanos.add(took);
            }
        });
        long offered = ticker.nanos();
        ticker.advance(Duration.ofMillis(7));
        timed.offered(SnapshotText.parse(WEB + ONE), offered);

        assertThat(nanos).containsExactly(7_000_000L);
        assertThat(timed.view().snapshot()).isNotEqualTo(ServiceSnapshot.EMPTY);
    }
}
