package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import dev.fairlead.transport.linux.DescriptorSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes between two processes, one of them listens in the end. */
@Timeout(120)
class HalfDoneHandoverTest {
    /** What the sockets change hands by. */
    private static final String VERSION = "fairlead-handover 3";

    @TempDir
    Path directory;

    private final String ip = Addresses.next();
    private final String door = Addresses.next() + ":8000";
    private final DatagramService service = DatagramService.of(Family.IPV4);
    private final List<FairleadProcess> processes = new ArrayList<>();
    private ToolProcess web0;
    private DatagramPod one;

    @BeforeEach
    void endpoints() throws IOException {
        Requires.linux();
        web0 = ToolProcess.endpoint("web-0", ip + ":8080", EndpointPlan.Mode.GREET);
        one = DatagramPod.start("one", Addresses.next(), 5353);
    }

    @AfterEach
    void close() throws IOException {
        for (FairleadProcess process : processes) {
            process.close();
        }
        web0.close();
        one.close();
    }

    private Path meeting() {
        return directory.resolve("handover.sock");
    }

    private FairleadSetup setup(String settings) throws IOException {
        return FairleadSetup.in(directory).withSettings("oneDoor: \"off\"\nhandover: \"" + meeting()
                + "\"\ndrain: {grace: 0s, deadline: 60s}\n" + settings);
    }

    private FairleadSetup serving() throws IOException {
        return setup("services: [{name: web, listen: \"" + door + "\", endpoints: [\"" + ip + ":8080\"]}]\n");
    }

    private FairleadProcess start(FairleadSetup setup) throws IOException {
        setup.write(service.yaml("") + "---\n" + service.ready(List.of(Addresses.at(one.ip(), one.port()))));
        FairleadProcess process = FairleadProcess.launch(setup);
        processes.add(process);
        return process;
    }

    private static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    private static void awaitLine(FairleadSetup setup, String part) {
        patiently(part).until(() -> !setup.logLines(part).isEmpty());
    }

    private void served() throws IOException {
        try (Greeted client = Greeted.open(door)) {
            assertThat(client.name()).isEqualTo("web-0");
        }
        assertThat(DatagramClient.once(service.address())).isEqualTo("one");
    }

    /** A new process takes over, and the one that had it all ends. */
    private void takenOverFrom(FairleadProcess old) throws Exception {
        FairleadSetup next = serving();
        start(next);
        awaitLine(next, "ready  ");
        assertThat(next.logLines("handover")).first().asString().contains(" sockets from the process that runs");
        assertThat(old.exitCode(Duration.ofSeconds(20))).isZero();
        served();
    }

    @Test
    void aSuccessorThatIsKilledWithAllSocketsInHandLeavesTheOldOneServing() throws Exception {
        FairleadSetup first = serving();
        FairleadProcess old = start(first);
        awaitLine(first, "ready  ");
        try (Greeted transfer = Greeted.open(door);
                DatagramClient client = DatagramClient.to(service.address())) {
            assertThat(client.ask()).isEqualTo("one");
            // A cluster that nobody answers for: it has the sockets and waits to hear what to do with them.
            FairleadSetup waiting = setup(
                    "nodeName: n1\nkubernetes: {server: \"http://" + Addresses.next() + ":1\"}\n");
            waiting.write();
            FairleadProcess killed = FairleadProcess.launch(waiting);
            processes.add(killed);
            awaitLine(waiting, " sockets from the process that runs");
            served();

            Signal.KILL.to(killed.pid());
            killed.exitCode(Duration.ofSeconds(10));

            awaitLine(first, "a successor came and did not take over");
            served();
            assertThat(transfer.echo("still here")).isEqualTo("still here");
            assertThat(client.ask()).isEqualTo("one");
            transfer.finish();
            takenOverFrom(old);
            assertThat(client.ask()).isEqualTo("one");
        }
    }

    @Test
    void aSuccessorOfAnotherVersionIsToldSoAndTheOldOneServesOn() throws Exception {
        FairleadSetup first = serving();
        FairleadProcess old = start(first);
        awaitLine(first, "ready  ");

        try (DescriptorSocket older = DescriptorSocket.connect(meeting()).orElseThrow()) {
            older.send("fairlead-handover 1", List.of());
            assertThat(older.receive().text())
                    .isEqualTo("refused it speaks " + VERSION + ", not \"fairlead-handover 1\"");
        }

        awaitLine(first, "a successor came and did not take over: it says \"fairlead-handover 1\"");
        served();
        takenOverFrom(old);
    }

    @Test
    void oneThatFindsAnotherVersionRunningSaysSoAndOpensTheDoorsThatAreFree() throws Exception {
        FairleadSetup setup = serving();
        try (DescriptorSocket running = DescriptorSocket.listen(meeting())) {
            FairleadProcess starting = start(setup);
            try (DescriptorSocket peer = running.accept()) {
                assertThat(peer.receive().text()).isEqualTo(VERSION);
                peer.send("refused it speaks fairlead-handover 1, not \"" + VERSION + "\"", List.of());
                awaitLine(setup, "ready  ");
            }
            assertThat(starting.said()).contains("handover   none: the running process does not hand over: it speaks"
                    + " fairlead-handover 1, not \"" + VERSION + "\"; starting as if nothing ran");
            served();
        }
    }

    @Test
    void oneWhosePredecessorIsKilledMidwayOpensTheDoorsItself() throws Exception {
        FairleadSetup first = serving();
        FairleadProcess old = start(first);
        awaitLine(first, "ready  ");
        // It answers no more, and the kernel takes the successor's call for it.
        Signal.STOP.to(old.pid());
        FairleadSetup next = serving();
        start(next);
        patiently("it has called").until(() -> connections(meeting()) > 1);

        Signal.KILL.to(old.pid());
        old.exitCode(Duration.ofSeconds(10));

        awaitLine(next, "ready  ");
        assertThat(next.logLines("handover")).first().asString().contains("starting as if nothing ran");
        served();
    }

    /** Sockets of a path: the one that listens, and one for each call that it has not taken. */
    private static long connections(Path path) throws IOException {
        return Files.readString(Path.of("/proc/net/unix")).lines()
                .filter(line -> line.endsWith(" " + path)).count();
    }
}
