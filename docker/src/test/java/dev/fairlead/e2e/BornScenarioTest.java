package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.ConnectionStorm;
import dev.fairlead.loadtest.StormPlan;
import dev.fairlead.loadtest.StormReport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An nginx StatefulSet of two pods behind one service address: what Fairlead was made for. */
@Timeout(120)
class BornScenarioTest {
    private static final int PORT = 8000;
    private static final int CONNECTIONS = 2000;
    /** Of a binomial distribution with p = 1/2: sqrt(2000 / 4) is 22.4. */
    private static final long FIVE_SIGMA = 112;

    @TempDir
    Path directory;

    private final Opened open = new Opened();
    private Nginx web0;
    private Nginx web1;
    private FairleadSetup setup;
    private String vip;

    @BeforeEach
    void twoPods() throws IOException {
        Requires.nginx();
        web0 = open.keep(Nginx.start(directory, "web-0"));
        web1 = open.keep(Nginx.start(directory, "web-1"));
        setup = FairleadSetup.in(directory);
        vip = Addresses.next();
    }

    @AfterEach
    void closeAll() throws Exception {
        open.closeAll();
    }

    @Test
    void randomGivesEachPodHalfOfTheConnectionsWithinFiveSigma() throws Exception {
        fairlead("random");

        StormReport report = storm();

        assertThat(report.failed()).isEmpty();
        assertThat(report.answeredBy("web-0") + report.answeredBy("web-1")).isEqualTo(CONNECTIONS);
        assertThat(report.answeredBy("web-0")).isBetween(CONNECTIONS / 2 - FIVE_SIGMA, CONNECTIONS / 2 + FIVE_SIGMA);
    }

    @Test
    void roundRobinGivesEachPodExactlyHalfOfTheConnections() throws Exception {
        FairleadProcess fairlead = fairlead("round-robin");

        StormReport report = storm();

        assertThat(report.failed()).isEmpty();
        assertThat(report.answeredBy("web-0")).isEqualTo(CONNECTIONS / 2);
        assertThat(report.answeredBy("web-1")).isEqualTo(CONNECTIONS / 2);
        await().untilAsserted(() -> assertThat(fairlead.accessLog()).hasSize(CONNECTIONS));
        assertThat(fairlead.accessLog()).allSatisfy(line -> {
            assertThat(line.service()).isEqualTo("default/web:main");
            assertThat(line.frontend()).isEqualTo(vip + ":" + PORT);
            assertThat(line.endpoint()).isIn(web0.address(), web1.address());
            assertThat(line.field("picked")).isEqualTo("round-robin");
            assertThat(line.field("attempts")).isEqualTo("1");
        });
    }

    @Test
    void withBothPodsDownAConnectionIsTriedThenResetAndWithBothGoneItIsRefused() throws Exception {
        FairleadProcess fairlead = fairlead("round-robin");
        web0.kill();
        web1.kill();

        assertThatThrownBy(this::readOnce).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        await().untilAsserted(() -> assertThat(fairlead.accessLog()).isNotEmpty());
        AccessLine line = fairlead.accessLog().getLast();
        assertThat(line.endpoint()).isEqualTo("-");
        assertThat(line.field("attempts")).isEqualTo("2");
        assertThat(line.field("failed").split(",", -1)).containsExactlyInAnyOrder(web0.address() + "/REFUSED",
                web1.address() + "/REFUSED");
        assertThat(line.end()).contains("/CONNECT/");

        setup.write(KubernetesYaml.service("web", vip, PORT, "round-robin"),
                KubernetesYaml.slice("web", Nginx.PORT, List.of()));
        await("refused").atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThatThrownBy(this::readOnce)
                .isInstanceOf(ConnectException.class).hasMessageContaining("refused"));

        web0.startAgain();
        web1.startAgain();
        setup.write(documents("round-robin"));
        await("both answer again").atMost(Duration.ofSeconds(15)).ignoreExceptions()
                .until(() -> storm(20).endpoints().size() == 2);
        assertThat(storm().failed()).isEmpty();
    }

    private FairleadProcess fairlead(String balancer) throws IOException {
        return open.keep(setup.start(documents(balancer)));
    }

    private String[] documents(String balancer) {
        return new String[]{KubernetesYaml.service("web", vip, PORT, balancer),
                KubernetesYaml.slice("web", Nginx.PORT, List.of(web0.ip(), web1.ip()))};
    }

    private StormReport storm() throws InterruptedException {
        return storm(CONNECTIONS);
    }

    private StormReport storm(int connections) throws InterruptedException {
        return new ConnectionStorm(
                StormPlan.to(Addresses.socket(vip + ":" + PORT), ThreadLocalRandom.current().nextLong())
                        .withTalk(StormPlan.Talk.HTTP).withConnections(connections).withConcurrency(16))
                .run();
    }

    private int readOnce() throws IOException {
        try (Socket client = new Socket()) {
            client.connect(Addresses.socket(vip + ":" + PORT), 5000);
            client.setSoTimeout(20_000);
            return client.getInputStream().read();
        }
    }
}
