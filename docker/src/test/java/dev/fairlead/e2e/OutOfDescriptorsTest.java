package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class OutOfDescriptorsTest {
    private static final int LIMIT = 256;
    private static final int CLIENTS = 400;
    private static final Duration WATCHED = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    @Test
    void withoutDescriptorsItWaitsAndDoesNotSpinAndServesTheWaitingWhenOthersLeave() throws Exception {
        Requires.linux();
        String ip = Addresses.next();
        String vip = Addresses.next();
        FairleadSetup setup = FairleadSetup.in(directory).withDescriptors(LIMIT);
        List<Socket> clients = new ArrayList<>();
        try (ToolProcess endpoint = ToolProcess.endpoint("web-0", ip + ":8080", EndpointPlan.Mode.GREET);
                FairleadProcess fairlead = setup.start(KubernetesYaml.service("web", vip, 8000, "random"),
                        KubernetesYaml.slice("web", 8080, List.of(ip)))) {
            for (int i = 0; i < CLIENTS; i++) {
                Socket client = new Socket();
                client.connect(Addresses.socket(vip + ":8000"), 5000);
                clients.add(client);
            }
            await("some are served").until(() -> greeted(clients) > 10);
            await("it says so").untilAsserted(() -> assertThat(setup.logLines("new connections wait")).isNotEmpty());

            Duration usedBefore = fairlead.processorTime();
            int servedBefore = greeted(clients);
            await("a few seconds pass").pollDelay(WATCHED).atMost(WATCHED.plusSeconds(5)).until(() -> true);
            assertThat(fairlead.processorTime().minus(usedBefore)).as("processor time within %s", WATCHED)
                    .isLessThan(WATCHED.dividedBy(5));
            assertThat(fairlead.alive()).isTrue();
            assertThat(servedBefore).isLessThan(CLIENTS);
            assertThat(setup.logLines("new connections wait")).hasSize(1);

            int served = 0;
            while (!clients.isEmpty()) {
                await("the next ones are served").atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(greeted(clients))
                                .as("of %d that wait; connections ended as %s", clients.size(), ends(fairlead))
                                .isPositive());
                for (Socket client : List.copyOf(clients)) {
                    if (client.getInputStream().available() > 0) {
                        assertThat(client.getInputStream().readNBytes(6))
                                .isEqualTo("web-0\n".getBytes(StandardCharsets.US_ASCII));
                        client.close();
                        clients.remove(client);
                        served++;
                    }
                }
            }
            assertThat(served).isEqualTo(CLIENTS);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(fairlead.metric("fairlead_accept_pauses_total")).isPositive());
            assertThat(fairlead.metric("fairlead_accept_paused")).isZero();
            assertThat(setup.logLines("new connections wait")).hasSize(1);
            assertThat(fairlead.accessLog()).allSatisfy(line -> assertThat(line.end()).contains("/RELAY/"));
            assertThat(endpoint.stop()).contains("\"accepted\":" + CLIENTS);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** How many connections ended how, so far. */
    private static Map<String, Long> ends(FairleadProcess fairlead) throws IOException {
        return fairlead.accessLog().stream().collect(Collectors.groupingBy(AccessLine::end, Collectors.counting()));
    }

    /** How many have something to read. */
    private static int greeted(List<Socket> clients) throws IOException {
        int count = 0;
        for (Socket client : clients) {
            if (client.getInputStream().available() > 0) {
                count++;
            }
        }
        return count;
    }
}
