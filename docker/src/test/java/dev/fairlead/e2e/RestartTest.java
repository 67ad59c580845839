package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.cluster.NetworkNamespace;
import dev.fairlead.loadtest.EndpointPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that take over from each other under load. How often and with how many doors may be said
 * ({@code -Dfairlead.restarts=50 -Dfairlead.restart.doors=2000}).
 */
@Timeout(3600)
class RestartTest {
    private static final int RESTARTS = Integer.getInteger("fairlead.restarts", 2);
    private static final int DOORS = Integer.getInteger("fairlead.restart.doors", 100);
    private static final int FIRST_PORT = 20_000;
    private static final int FLOWS = 100;
    private static final int LOOPS = 2;

    @TempDir
    Path directory;

    private final String ip = Addresses.next();
    private final String vip = Addresses.next();
    private final List<FairleadProcess> processes = new ArrayList<>();
    private final Deque<AutoCloseable> around = new ArrayDeque<>();
    private Place place = Place.HERE;

    @BeforeEach
    void needs() {
        Requires.linux();
    }

    /** A program that the kernel asks is attached where it serves: in a namespace of its own. */
    private void begin(String oneDoor) throws IOException {
        if (oneDoor.equals("on")) {
            NetworkNamespace alone = NetworkNamespace.alone();
            around.push(alone);
            place = alone;
        }
        around.push(place.call(() -> ToolProcess.endpoint("web-0", ip + ":8080", EndpointPlan.Mode.GREET)));
    }

    private FairleadSetup setup(String settings) throws IOException {
        FairleadSetup setup = FairleadSetup.in(directory).withSettings(settings);
        return setup.at(place, setup.admin());
    }

    @AfterEach
    void end() throws Exception {
        for (FairleadProcess process : processes) {
            process.close();
        }
        for (AutoCloseable one : around) {
            one.close();
        }
    }

    private String services() {
        return "services:\n"
                + IntStream.range(0, DOORS).mapToObj(i -> "- {name: s%d, listen: \"%s:%d\", endpoints: [\"%s:8080\"]}\n"
                        .formatted(i, vip, FIRST_PORT + i, ip)).collect(Collectors.joining());
    }

    /** A Service of UDP with three endpoints, which {@link #around} closes. */
    private String datagrams(DatagramService service) throws IOException {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "dns-" + i;
            DatagramPod pod = place.call(() -> DatagramPod.start(name, Addresses.next(), 5353));
            around.push(pod);
            pods.add(Addresses.at(pod.ip(), pod.port()));
        }
        return service.yaml("") + "---\n" + service.ready(pods);
    }

    private String door(Random dice) {
        return vip + ":" + (FIRST_PORT + dice.nextInt(DOORS));
    }

    private static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @ParameterizedTest(name = "one door {0}")
    @ValueSource(strings = {"off", "on"})
    void nobodyIsRefusedAndNobodyIsCutOffWhileProcessesTakeOverFromEachOther(String oneDoor) throws Exception {
        begin(oneDoor);
        Path meeting = directory.resolve("handover.sock");
        FairleadSetup setup = setup("handover: \"" + meeting + "\"\noneDoor: \"" + oneDoor
                + "\"\neventLoops: " + LOOPS + "\ndrain: {grace: 5s, deadline: 60s}\n" + services());
        DatagramService service = DatagramService.of(Family.IPV4);
        String datagrams = datagrams(service);
        processes.add(setup.start(datagrams));
        RestartFlows flows = RestartFlows.start(place, service.address(), FLOWS);
        around.push(flows::end);
        assertThat(flows.met()).as("who answers").hasSize(3);
        RestartLoad load = RestartLoad.start(place, this::door);
        around.push(load::end);
        patiently("load").until(() -> load.connections() > 500 && load.echoes() > 500);

        for (int restart = 0; restart < RESTARTS; restart++) {
            FairleadSetup next = setup.successor();
            next.write(datagrams);
            processes.add(FairleadProcess.launch(next));
            patiently("restart " + restart).until(() -> !next.logLines("ready  ").isEmpty());
            assertThat(next.logLines("handover")).first().asString()
                    .contains(((oneDoor.equals("on") ? LOOPS : DOORS) + LOOPS) + " sockets from the process that runs");
            int now = load.connections();
            long answered = flows.answers();
            patiently("the new one serves")
                    .until(() -> load.connections() > now + 500 && flows.answers() > answered + FLOWS);
        }

        for (FairleadProcess old : processes.subList(0, RESTARTS)) {
            assertThat(old.exitCode(Duration.ofSeconds(60))).as("it said: %s", old.said()).isZero();
            assertThat(old.said()).contains("0 connections reset");
        }
        // It looks every 50 ms whether the old one has let go of the admin address.
        patiently("the last one answers at the admin address").until(() -> processes.getLast().readiness() == 200);
        System.out.printf("%d restarts, %d doors, one door %s: %s%n", RESTARTS, DOORS, oneDoor,
                load.report() + "; " + flows.report());
        assertThat(load.failures()).isEmpty();
        assertThat(flows.failures()).isEmpty();
    }

    @Test
    void aProcessThatIsKilledLeavesASocketThatTheNextOneReplaces() throws Exception {
        begin("off");
        Path meeting = directory.resolve("handover.sock");
        FairleadSetup setup = setup("handover: \"" + meeting + "\"\n" + services());
        FairleadProcess killed = setup.start();
        processes.add(killed);
        Signal.KILL.to(killed.pid());
        killed.exitCode(Duration.ofSeconds(10));
        assertThat(meeting).exists();

        FairleadSetup next = setup.successor();
        next.write();
        processes.add(FairleadProcess.start(next));

        try (Greeted client = Greeted.open(vip + ":" + FIRST_PORT)) {
            assertThat(client.name()).isEqualTo("web-0");
        }
        assertThat(next.logLines("handover")).isEmpty();
    }
}
