package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Balancer;
import dev.fairlead.balance.Gates;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.ChangeObserver;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The control thread itself, with real threads around it. */
@Timeout(30)
class ReconcilerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final SourceFault BAD_FILE = new SourceFault.Malformed(List.of("web.yaml:3:1: no port"));

    private final ScriptedDoors doors = new ScriptedDoors();
    private final PublishedTable published = new PublishedTable();
    private final Heard heard = new Heard();
    private final UpstreamRegistry registry = new UpstreamRegistry(Gates.NONE, (_, _) -> () -> true,
            () -> new AffinityTable(Ticker.SYSTEM));
    private final AtomicInteger failingBalancers = new AtomicInteger();
    private final Applier applier = new Applier(doors, new TableBuilder(registry, this::balancer), registry, published,
            (_, _) -> {
            });
    private final Reconciler reconciler = new Reconciler(applier, heard, Ticker.SYSTEM, Duration.ofMillis(20));

    @AfterEach
    void close() {
        reconciler.close();
    }

    private Balancer balancer(BalancerChoice choice) {
        if (failingBalancers.getAndDecrement() > 0) {
            throw new IllegalStateException("not yet");
        }
        return new FirstCandidate(choice.name());
    }

    /** One service at 10.96.0.{@code host}:80. */
    private static ServiceSnapshot at(int host) {
        return SnapshotText.parse("default/web TCP\n ClusterIP 10.96.0." + host + ":80\n endpoints 10.1.2.3:8080");
    }

    private static String door(int host) {
        return "10.96.0." + host + ":80";
    }

    private void startWith(ServiceSnapshot snapshot) throws InterruptedException {
        reconciler.offer(snapshot);
        reconciler.start();
        assertThat(reconciler.awaitFirstSync(SOON)).isTrue();
    }

    @Test
    void nothingIsSyncedBeforeSomethingIsOffered() throws InterruptedException {
        reconciler.start();

        assertThat(reconciler.awaitFirstSync(Duration.ofMillis(50))).isFalse();
        assertThat(reconciler.view()).isEqualTo(ControlView.INITIAL);
    }

    @Test
    void everythingIsDoneOnTheControlThread() throws InterruptedException {
        Set<String> threads = new ConcurrentSkipListSet<>();
        doors.onCall(_ -> threads.add(Thread.currentThread().getName()));
        startWith(at(1));
        reconciler.offer(at(2));
        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(2))));
        reconciler.closeDoors();

        assertThat(threads).containsExactly("fairlead-control");
    }

    @Test
    void whatIsOfferedDuringATurnIsOneTurnAndTheLatestWins() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        doors.onCall(call -> {
            if (call.equals("open " + door(1))) {
                working.countDown();
                awaitQuietly(goOn);
            }
        });
        reconciler.start();
        reconciler.offer(at(1));
        working.await();
        for (int host = 2; host <= 200; host++) {
            reconciler.offer(at(host));
        }
        goOn.countDown();
        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(200))));

        assertThat(doors.calls()).containsExactly("open " + door(1), "open " + door(200), "close " + door(1));
        assertThat(published.current().revision()).isEqualTo(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEqualSnapshotLeavesTheTableAlone() throws InterruptedException {
        startWith(at(1));
        RoutingTable before = published.current();
        reconciler.offer(at(1));
        await().atMost(SOON).until(() -> heard.sentences().contains("planned nothing"));

        assertThat(published.current()).isSameAs(before);
    }

    @Test
    void aDoorThatDoesNotOpenIsTriedAgainWithoutAnyOffer() throws InterruptedException {
        doors.stick(door(1), "Address already in use");
        startWith(at(1));
        await().atMost(SOON).until(() -> reconciler.view().failed().getFirst().attempts() > 3);
        assertThat(heard.sentences()).filteredOn(sentence -> sentence.startsWith("failed")).hasSize(1);
        doors.loosen(door(1));

        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(1))));
        await().atMost(SOON).until(() -> reconciler.view().failed().isEmpty());
    }

    @Test
    void faultsThatKeepComingDoNotKeepADoorFromBeingTried() throws InterruptedException {
        SourceFault other = new SourceFault.Unreachable("https://10.96.0.1", "no route");
        List<SnapshotSink> sink = new CopyOnWriteArrayList<>();
        CountDownLatch flooded = new CountDownLatch(100);
        // Each fault that is read brings the next one, so that the mailbox is never empty.
        ControlObserver flood = new ControlObserver() {
            @Override
            public void sourceFault(SourceFault fault) {
                flooded.countDown();
                sink.getFirst().fault(fault.equals(other) ? BAD_FILE : other);
            }
        };
        try (Reconciler flooding = new Reconciler(applier, flood, Ticker.SYSTEM, Duration.ofMillis(300))) {
            sink.add(flooding);
            doors.stick(door(1), "Address already in use");
            flooding.offer(at(1));
            flooding.start();
            flooding.fault(other);
            flooded.await();
            doors.loosen(door(1));

            await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(1))));
        }
    }

    @Test
    void aFirstTableThatCannotBeMadeAtOnceIsAFirstSyncLater() throws InterruptedException {
        failingBalancers.set(3);
        startWith(at(1));

        assertThat(failingBalancers.get()).isNegative();
        assertThat(doors.opened()).containsExactly(door(1));
    }

    @Test
    void aFaultKeepsTheLastStateAndIsToldOnceUntilTheSourceRecovers() throws InterruptedException {
        startWith(at(1));
        RoutingTable before = published.current();
        reconciler.fault(BAD_FILE);
        await().atMost(SOON).until(() -> reconciler.view().fault().isPresent());
        reconciler.fault(BAD_FILE);
        reconciler.offer(at(1));
        await().atMost(SOON).until(() -> reconciler.view().fault().isEmpty());

        assertThat(published.current()).isSameAs(before);
        assertThat(heard.sentences()).filteredOn(sentence -> !sentence.contains("planned"))
                .containsExactly("applied [publish table, open " + door(1) + "], now 1",
                        "fault web.yaml:3:1: no port", "recovered");
    }

    @Test
    void aSnapshotThatFollowsAFaultBeforeAnybodyReadItEndsIt() throws InterruptedException {
        reconciler.fault(BAD_FILE);
        startWith(at(1));

        assertThat(reconciler.view().fault()).isEmpty();
        assertThat(heard.sentences()).noneMatch(sentence -> sentence.startsWith("fault"));
    }

    @Test
    void aFaultThatFollowsASnapshotBeforeAnybodyReadItKeepsBoth() {
        reconciler.offer(at(1));
        reconciler.fault(BAD_FILE);
        reconciler.start();
        await().atMost(SOON).until(() -> reconciler.view().fault().isPresent());

        assertThat(doors.opened()).containsExactly(door(1));
    }

    @Test
    void theControlThreadSurvivesABugAndAnInterrupt() throws InterruptedException {
        AtomicBoolean first = new AtomicBoolean(true);
        doors.onCall(_ -> {
            if (first.getAndSet(false)) {
                Thread.currentThread().interrupt();
                throw new StackOverflowError("a bug");
            }
        });
        startWith(at(1));

        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(1))));
        reconciler.offer(at(2));
        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(2))));
    }

    @Test
    void tasksRunOnTheControlThreadAlsoAfterOneThatThrew() throws InterruptedException {
        reconciler.start();
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        reconciler.execute(() -> {
            throw new IllegalStateException("a bug");
        });
        reconciler.execute(() -> ran.add(Thread.currentThread().getName()));
        reconciler.execute(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("fairlead-control");
        assertThat(heard.sentences()).containsExactly("defect run a task: a bug");
        reconciler.offer(at(1));
        assertThat(reconciler.awaitFirstSync(SOON)).isTrue();
    }

    @Test
    void closingTheDoorsReturnsWhenTheyAreClosedAndIsForGood() throws InterruptedException {
        startWith(at(1));
        reconciler.closeDoors();
        assertThat(doors.opened()).isEmpty();
        assertThat(published.current().find(TransportAddress.tcp(IpPort.of(door(1))))).isPresent();

        reconciler.offer(at(2));
        reconciler.closeDoors();
        reconciler.close();

        assertThat(doors.calls()).containsExactly("open " + door(1), "close " + door(1));
        assertThat(reconciler.view().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void doorsClosedBeforeTheStartNeverOpen() throws InterruptedException {
        reconciler.offer(at(1));
        reconciler.closeDoors();
        reconciler.start();
        await().atMost(SOON).until(() -> reconciler.view().phase() == Phase.CLOSED);

        assertThat(doors.calls()).isEmpty();
    }

    @Test
    void closingEndsTheThreadAndMayBeRepeated() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        doors.onCall(_ -> threads.add(Thread.currentThread()));
        startWith(at(1));
        reconciler.close();
        reconciler.close();

        assertThat(threads.getFirst().isAlive()).isFalse();
        assertThat(doors.opened()).isEmpty();
        reconciler.offer(at(2));
        reconciler.closeDoors();
    }

    @Test
    void whatWasSeenAndOfferedIsPendingUntilItIsInForce() throws InterruptedException {
        Progress progress = reconciler.progress();
        progress.seen(ChangeObserver.Kind.SERVICE);
        startWith(at(1));
        await().atMost(SOON).until(() -> progress.pending(ChangeObserver.Kind.SERVICE) == 0);
        assertThat(progress.lastInForce()).isPresent();

        failingBalancers.set(Integer.MAX_VALUE);
        progress.seen(ChangeObserver.Kind.SERVICE);
        reconciler.offer(SnapshotText.parse("default/web TCP\n ClusterIP 10.96.0.1:80\n balancer round-robin\n"
                + " endpoints 10.1.2.3:8080"));
        await().atMost(SOON).until(() -> !reconciler.view().failed().isEmpty());
        assertThat(progress.pending(ChangeObserver.Kind.SERVICE)).isEqualTo(1);
        failingBalancers.set(0);
        await().atMost(SOON).until(() -> progress.pending(ChangeObserver.Kind.SERVICE) == 0);
    }

    @Test
    void manyThreadsMayOfferAtOnce() throws InterruptedException {
        int seed = Randomness.SYSTEM.nextInt(Integer.MAX_VALUE);
        System.out.println("ReconcilerTest.manyThreadsMayOfferAtOnce: seed " + seed);
        reconciler.start();
        List<Thread> offering = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Randomness dice = Randomness.seeded(seed + i);
            offering.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 500; n++) {
                    reconciler.progress().seen(ChangeObserver.Kind.SERVICE);
                    if (dice.nextInt(10) == 0) {
                        reconciler.fault(BAD_FILE);
                    } else {
                        reconciler.offer(at(1 + dice.nextInt(20)));
                    }
                }
            }));
        }
        for (Thread thread : offering) {
            thread.join();
        }
        reconciler.offer(at(99));

        await().atMost(SOON).until(() -> doors.opened().equals(List.of(door(99))));
        await().atMost(SOON).until(() -> reconciler.progress().pending(ChangeObserver.Kind.SERVICE) == 0);
        await().atMost(SOON)
                .until(() -> reconciler.view().doors().equals(List.of(TransportAddress.tcp(IpPort.of(door(99))))));
        assertThat(reconciler.view().fault()).isEmpty();
        assertThat(heard.sentences()).noneMatch(sentence -> sentence.startsWith("defect"))
                .noneMatch(sentence -> sentence.startsWith("failed"));
        assertThat(published.current().routes()).singleElement()
                .satisfies(route -> assertThat(route.spec().frontends()).containsExactly(IpPort.of(door(99))));
    }
}
