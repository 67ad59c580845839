package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.service;
import static dev.fairlead.discovery.kubernetes.Given.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.discovery.kubernetes.ScriptedApiServer.Refusal;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.SourceFault;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that goes away, forgets, falls silent and comes back; watched over web sockets, and over plain HTTP. */
@ParameterizedClass(name = "web sockets: {0}")
@ValueSource(booleans = {false, true})
class KubernetesOutageTest {
    private static final Service WEB = service("shop", "web", "10.96.0.1");
    private static final Service DB = service("shop", "db", "10.96.0.2");
    private static final EndpointSlice WEB_1 = slice("shop", "web", "web-1", "10.1.0.1");
    private static final String SERVED = "shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080";
    private static final String DB_SERVED = "shop/db:http 10.96.0.2:80 -> ";

    private final SourceStory story = new SourceStory();
    private final ScriptedApiServer server = story.server;
    private final Heard heard = story.heard;

    KubernetesOutageTest(boolean webSockets) throws IOException {
        server.webSocketsOnly(webSockets);
    }

    @BeforeEach
    void put() {
        server.put(WEB, WEB_1);
    }

    @AfterEach
    void close() {
        story.close();
    }

    private void following() {
        story.start().serves(SERVED);
        story.watches(2);
    }

    private SourceFault fault() {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard.fault()).isPresent());
        return heard.fault().orElseThrow();
    }

    @Test
    void aServerThatIsAwayAtStartIsToldAndWaitedFor() throws IOException {
        server.stop();
        story.start();

        assertThat(fault().summary()).startsWith(server.url() + ": cannot list ").contains("connection refused",
                "tried again by itself", "is the API server running");
        assertThat(fault().sinceEpochMillis()).isPresent();
        assertThat(heard.offers()).isEmpty();

        server.startAgain();
        story.serves(SERVED);
    }

    @Test
    void whileTheServerIsAwayTheLastStateStaysAndIsOfferedAgainWhenItIsBack() throws IOException {
        following();
        server.stop();
        assertThat(fault()).isInstanceOf(SourceFault.Unreachable.class);
        ServiceSnapshot before = heard.offers().getLast();
        assertThat(heard.offers()).hasSize(1);

        server.startAgain();
        story.serves(SERVED);
        assertThat(heard.offers()).hasSize(2);
        assertThat(heard.offers().getLast()).isSameAs(before);
        assertThat(heard.faults()).hasSize(1);
    }

    @Test
    void whatHappenedWhileTheServerWasAwayIsCaughtUpWith() throws IOException {
        following();
        server.stop();
        fault();
        server.put(DB);
        server.delete(WEB_1);
        server.startAgain();

        story.serves(DB_SERVED, "shop/web:http 10.96.0.1:80 -> ");
    }

    @Test
    void whatWasDeletedIsGoneAlsoWhenTheServerHasForgottenThatItWas() throws IOException {
        following();
        server.stop();
        fault();
        server.delete(WEB);
        server.put(DB);
        server.forgetHistory();
        server.startAgain();

        story.serves(DB_SERVED);
    }

    @Test
    void connectionsThatAreCutLoseNothing() {
        following();
        for (int i = 2; i < 7; i++) {
            server.cutConnections();
            server.put(slice("shop", "web", "web-1", "10.1.0." + i));
            story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0." + i + ":8080");
        }
    }

    @Test
    void watchesThatTheServerEndsAreTakenUpAgainWithoutAList() {
        following();
        // A watch that ends at once is taken for a refusal of its version, so let it have said something.
        server.put(DB, slice("shop", "db", "db-1"));
        story.serves(DB_SERVED, SERVED);
        server.forgetRequests();
        server.endWatches();
        await().untilAsserted(() -> assertThat(server.requests()).filteredOn(r -> r.startsWith("watch")).hasSize(2));
        server.delete(DB);
        story.serves(SERVED);

        assertThat(server.requests()).noneMatch(request -> request.startsWith("list"));
    }

    @Test
    void aVersionThatIsTooOldLeadsToAListAndNothingNewToNoOffer() {
        following();
        server.forgetRequests();
        server.forgetHistory();
        server.tellGone();
        await().untilAsserted(() -> assertThat(server.requests()).filteredOn(r -> r.startsWith("list")).hasSize(2));
        story.watches(2);
        story.staysSilent();

        assertThat(heard.offers()).hasSize(1);
        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void aVersionThatIsTooOldLeadsToAListAndWhatIsNewToAnOffer() {
        following();
        server.cutConnections();
        server.put(DB);
        server.delete(WEB_1);
        server.forgetHistory();

        story.serves(DB_SERVED, "shop/web:http 10.96.0.1:80 -> ");
    }

    @Test
    void aWatchThatIsAnswered410IsNoTrouble() {
        following();
        server.goneAsStatus(true);
        server.cutConnections();
        server.put(DB);
        server.forgetHistory();
        story.serves(DB_SERVED, SERVED);

        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void errorsOfTheServerAreToldUntilTheyEnd() {
        following();
        server.refuse((_, _) -> Optional.of(new Refusal(503, "etcd has no leader")));
        server.cutConnections();
        assertThat(fault().summary()).startsWith(server.url() + ": cannot ").contains("the server answers 503");

        server.refuse((_, _) -> Optional.empty());
        story.serves(SERVED);
    }

    @Test
    void aServerThatFallsSilentIsNoticedAndLeft() {
        story.pace(new Pace(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofMillis(300),
                Duration.ofSeconds(5), Duration.ofMillis(400), Duration.ofMillis(40), Duration.ofMillis(50)));
        following();
        long before = System.currentTimeMillis();
        server.silent(true);
        server.put(DB);
        SourceFault fault = fault();
        assertThat(fault.summary()).startsWith(server.url() + ": ").contains("does not answer");
        assertThat(fault.sinceEpochMillis().orElseThrow()).as("the last sign of life").isLessThan(before + 300);
        assertThat(heard.offers()).hasSize(1);

        server.delete(WEB_1);
        server.silent(false);
        story.serves(DB_SERVED, "shop/web:http 10.96.0.1:80 -> ");
    }

    @Test
    void aQuietClusterIsNoSilentServer() {
        story.pace(new Pace(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(5),
                Duration.ofSeconds(5), Duration.ofMillis(400), Duration.ofMillis(40), Duration.ofMillis(50)));
        following();
        server.forgetRequests();
        await().untilAsserted(() -> assertThat(server.requests()).hasSizeGreaterThan(3));

        assertThat(server.requests()).containsOnly("/version");
        assertThat(heard.offers()).hasSize(1);
        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void anOfferDuringAnOutageDoesNotEndItsFault() {
        following();
        server.refuse((kind, verb) -> kind == Watched.SERVICES && verb == Verb.WATCH
                ? Optional.of(new Refusal(500, "broken"))
                : Optional.empty());
        server.cutConnections();
        SourceFault fault = fault();
        await().untilAsserted(() -> assertThat(server.openWatches()).isEqualTo(1));
        server.put(slice("shop", "web", "web-1", "10.1.0.9"));

        await().untilAsserted(() -> assertThat(heard.served())
                .containsExactly("shop/web:http 10.96.0.1:80 -> 10.1.0.9:8080"));
        assertThat(fault()).isEqualTo(fault);
    }
}
