package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that starts its successor itself: at SIGHUP, and when {@code fairlead upgrade} asks it to. */
@Timeout(120)
class UpgradeTest {
    private static final Pattern STARTS = Pattern.compile("upgrade    process (\\d+) starts");

    @TempDir
    Path directory;

    private final String ip = Addresses.next();
    private final String door = Addresses.next() + ":8000";
    private final DatagramService service = DatagramService.of(Family.IPV4);
    private ToolProcess web0;
    private DatagramPod one;
    private DatagramPod two;

    @BeforeEach
    void endpoints() throws IOException {
        Requires.linux();
        web0 = ToolProcess.endpoint("web-0", ip + ":8080", EndpointPlan.Mode.GREET);
        one = DatagramPod.start("one", Addresses.next(), 5353);
        two = DatagramPod.start("two", Addresses.next(), 5353);
    }

    @AfterEach
    void close() {
        web0.close();
        one.close();
        two.close();
    }

    private Path meeting() {
        return directory.resolve("handover.sock");
    }

    private FairleadSetup setup(String settings) throws IOException {
        FairleadSetup setup = FairleadSetup.in(directory).hearingHangUp();
        return setup.withSettings("oneDoor: \"off\"\ndrain: {grace: 0s, deadline: 60s}\n" + settings
                + "\nservices: [{name: web, listen: \"" + door + "\", endpoints: [\"" + ip + ":8080\"]}]\n");
    }

    private FairleadProcess start(FairleadSetup setup) throws IOException {
        return setup.start(service.yaml("") + "---\n" + service.ready(List.of(Addresses.at(one.ip(), one.port()),
                Addresses.at(two.ip(), two.port()))));
    }

    private String handover() {
        return "handover: \"" + meeting() + "\"";
    }

    private static ConditionFactory patiently(String what) {
        return await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    /** The process that a log says has been started. */
    private static ProcessHandle successor(FairleadProcess old) throws IOException {
        patiently("it says whom it starts").until(() -> STARTS.matcher(old.said()).find());
        Matcher starts = STARTS.matcher(old.said());
        assertThat(starts.find()).isTrue();
        return ProcessHandle.of(Long.parseLong(starts.group(1))).orElseThrow();
    }

    /** A command of Fairlead; what it said and how it ended. */
    private Said command(String... words) throws Exception {
        return ended(new ProcessBuilder(FairleadProcess.command(words)));
    }

    private static Said ended(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), said);
    }

    private record Said(int status, String text) {
    }

    /** Somebody who gives the word to a process. */
    @FunctionalInterface
    private interface Word {
        void to(FairleadProcess process) throws Exception;
    }

    private void replacedInPlace(Word word) throws Exception {
        List<ProcessHandle> started = new ArrayList<>();
        FairleadSetup setup = setup(handover());
        try (FairleadProcess old = start(setup);
                Greeted transfer = Greeted.open(door);
                DatagramClient client = DatagramClient.to(service.address())) {
            String name = client.ask();

            word.to(old);

            ProcessHandle successor = successor(old);
            started.add(successor);
            patiently("both have said so").until(() -> setup.logLines("ready  ").size() == 2
                    && !setup.logLines("stopping   on a successor").isEmpty());
            assertThat(old.alive()).as("it has a connection left").isTrue();
            assertThat(transfer.echo("still here")).isEqualTo("still here");
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask()).isEqualTo(name);
            }
            try (Greeted fresh = Greeted.open(door)) {
                assertThat(fresh.name()).isEqualTo("web-0");
            }
            transfer.finish();
            assertThat(old.exitCode(Duration.ofSeconds(20))).isZero();
            assertThat(successor.isAlive()).isTrue();
            assertThat(old.readiness()).as("at the same admin address").isEqualTo(200);
            assertThat(client.ask()).isEqualTo(name);
        } finally {
            for (ProcessHandle one : started) {
                Signal.KILL.to(one.pid());
                patiently("it is gone").until(() -> !one.isAlive());
            }
        }
    }

    @Test
    void sighupReplacesItInPlaceAndNobodyNotices() throws Exception {
        replacedInPlace(old -> Signal.HUP.to(old.pid()));
    }

    @Test
    void theCommandReplacesItInPlaceAndSaysWhoComes() throws Exception {
        replacedInPlace(old -> {
            Said said = command("upgrade", "--handover", meeting().toString());
            assertThat(said.status()).as(said.text()).isZero();
            assertThat(said.text()).contains("process " + successor(old).pid() + " starts and takes over");
        });
    }

    @Test
    void whatIsDrainedStaysDrainedInItsSuccessor() throws Exception {
        FairleadSetup setup = setup(handover());
        try (FairleadProcess old = start(setup)) {
            String drained = Addresses.at(one.ip(), one.port());
            assertThat(ended(old.asking("drain", "endpoint", "default/" + service.name(), drained)).status()).isZero();

            Signal.HUP.to(old.pid());
            ProcessHandle successor = successor(old);
            try {
                patiently("it serves").until(() -> setup.logLines("ready  ").size() == 2);
                assertThat(old.exitCode(Duration.ofSeconds(20))).isZero();

                assertThat(old.said()).contains(" sockets and 1 drain from the process that runs")
                        .doesNotContain("ended without a word");
                for (int i = 0; i < 20; i++) {
                    assertThat(DatagramClient.once(service.address())).isEqualTo("two");
                }
                assertThat(ended(old.asking("get", "endpoints", service.name())).text())
                        .containsPattern(drained + " +drained");
            } finally {
                Signal.KILL.to(successor.pid());
                patiently("it is gone").until(() -> !successor.isAlive());
            }
        }
    }

    @Test
    void aSuccessorThatCannotStartLeavesItServingAndTheNextOneMayCome() throws Exception {
        FairleadSetup setup = setup(handover());
        try (FairleadProcess old = start(setup)) {
            setup.replace("kind: Nonsense\n");
            Signal.HUP.to(old.pid());
            patiently("its end is told")
                    .until(() -> !setup.logLines("before it served; this process goes on").isEmpty());

            try (Greeted client = Greeted.open(door)) {
                assertThat(client.name()).isEqualTo("web-0");
            }
            assertThat(old.readiness()).isEqualTo(200);
            assertThat(command("upgrade", "--handover", meeting().toString()).status()).isZero();
        }
    }

    @Test
    void withoutAPlaceToHandOverItStopsAtSighupAndSaysWhatIsMissing() throws Exception {
        try (FairleadProcess alone = start(setup(""))) {
            Signal.HUP.to(alone.pid());

            assertThat(alone.exitCode(Duration.ofSeconds(20))).isZero();
            assertThat(alone.said())
                    .contains(
                            "stopping   on SIGHUP, since there is no `handover` at which a new process could take over");
        }
    }
}
