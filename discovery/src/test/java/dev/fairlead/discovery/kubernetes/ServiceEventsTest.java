package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.discovery.kubernetes.ServiceEvents.Limits;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wrong with a Service, told in Events. */
@EnableKubernetesMockClient(crud = true, https = false)
@Timeout(60)
class ServiceEventsTest {
    private static final ServiceName WEB = new ServiceName("shop", "web");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    /** Stands still unless it is moved. */
    private static final class ManualTicker implements Ticker {
        private final AtomicLong nanos = new AtomicLong();

        void advance(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public long epochMillis() {
            return 1_700_000_000_123L;
        }
    }

    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;
    private final EventDesk desk = new EventDesk();
    private final ManualTicker ticker = new ManualTicker();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private Optional<ServiceEvents> opened = Optional.empty();

    ServiceEventsTest() throws IOException {
    }

    @AfterEach
    void close() {
        opened.ifPresent(ServiceEvents::close);
        desk.close();
    }

    private ServiceEvents events(String url, int waiting) {
        ApiCalls counted = (method, host, code, _) -> calls.add(method + " " + host + " " + code);
        ServiceEvents events = new ServiceEvents(ClusterAccess.to(new ApiServer.Address(url)), "n1",
                new ApiClients(new ClientConfig(_ -> Optional.empty(), SourceStory.FAST), counted, ticker),
                new Limits(waiting, Duration.ZERO), ticker, log::add);
        opened = Optional.of(events);
        return events;
    }

    private static ServiceTrouble trouble(ServiceName service, String note) {
        return new ServiceTrouble(service, "FailedToOpenListener", "Listen", note);
    }

    private void posts(int number) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(desk.posts()).hasSize(number));
    }

    @Test
    void anEventSaysAboutWhichServiceWhoSaysWhatAndWhen() {
        client.resource(Given.service("shop", "web", "10.96.0.1")).create();
        events(client.getMasterUrl().toString(), 10).tell(trouble(WEB, "port taken"));

        var all = client.events().v1().events().inNamespace("shop");
        await().atMost(Duration.ofSeconds(20)).until(() -> !all.list().getItems().isEmpty());
        var event = all.list().getItems().getFirst();
        assertThat(event.getMetadata().getName()).startsWith("web.17979cfe");
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("FailedToOpenListener");
        assertThat(event.getAction()).isEqualTo("Listen");
        assertThat(event.getNote()).isEqualTo("port taken");
        assertThat(event.getReportingController()).isEqualTo("fairlead");
        assertThat(event.getReportingInstance()).isEqualTo("n1");
        assertThat(event.getEventTime().getTime()).isEqualTo("2023-11-14T22:13:20.123000Z");
        assertThat(event.getRegarding().getKind()).isEqualTo("Service");
        assertThat(event.getRegarding().getNamespace()).isEqualTo("shop");
        assertThat(event.getRegarding().getName()).isEqualTo("web");
        assertThat(event.getRegarding().getUid()).isNotBlank()
                .isEqualTo(client.services().inNamespace("shop").withName("web").get().getMetadata().getUid());
        assertThat(log).isEmpty();
    }

    @Test
    void theSameIsToldOnceInTenMinutesAndSomethingElseAtOnce() {
        ServiceEvents events = events(desk.url(), 10);
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "two"));
        posts(2);

        ticker.advance(TEN_MINUTES.minusNanos(1));
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "three"));
        posts(3);

        ticker.advance(Duration.ofNanos(1));
        events.tell(trouble(WEB, "one"));
        posts(4);
        assertThat(desk.posts().getLast()).contains("\"one\"");
    }

    @Test
    void twoEventsOfOneInstantHaveTwoNames() {
        ServiceEvents events = events(desk.url(), 10);
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "two"));
        posts(2);

        assertThat(desk.posts().stream().map(body -> body.replaceAll("(?s).*\"name\": *\"(web\\.[0-9a-f]+)\".*", "$1")))
                .doesNotHaveDuplicates().allMatch(name -> name.startsWith("web."));
    }

    @Test
    void aRefusalIsLoggedOnceWithTheRuleThatIsMissingAndAgainOnlyAfterItHasEnded() {
        ServiceEvents events = events(desk.url(), 10);
        desk.answers(403);
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "two"));
        posts(2);
        await().until(() -> events.dropped() == 2);
        assertThat(log).containsExactly("""
                cannot create Events about Services: the server answers 403; without Events only this log says what is \
                wrong with a Service; grant it with RBAC:
                  apiVersion: rbac.authorization.k8s.io/v1
                  kind: ClusterRole
                  metadata: {name: fairlead-events}
                  rules:
                  - apiGroups: ["events.k8s.io"]
                    resources: [events]
                    verbs: [create]""".split("\n"));

        desk.answers(201);
        events.tell(trouble(WEB, "three"));
        posts(3);
        desk.answers(403);
        events.tell(trouble(WEB, "four"));
        await().untilAsserted(() -> assertThat(log).hasSize(16));
    }

    @Test
    void whatComesFasterThanItCanBePostedIsDroppedAndCountedAndNobodyWaits() {
        CountDownLatch opens = desk.close(1);
        ServiceEvents events = events(desk.url(), 3);
        for (int i = 0; i < 10; i++) {
            events.tell(trouble(WEB, "note " + i));
        }
        assertThat(events.dropped()).isEqualTo(7);

        opens.countDown();
        posts(3);
        await().untilAsserted(() -> assertThat(log)
                .containsExactly("not told as Events, since there were too many at once: 7"));

        events.tell(trouble(WEB, "note 9"));
        posts(4);
    }

    @Test
    void aServerThatIsAwayIsToldOnceAndWhatWaitedIsDropped() {
        String nobody = desk.url();
        desk.close();
        ServiceEvents events = events(nobody, 10);
        events.tell(trouble(WEB, "one"));
        events.tell(trouble(WEB, "two"));

        await().atMost(Duration.ofSeconds(20)).until(() -> events.dropped() == 2);
        await().untilAsserted(() -> assertThat(log).singleElement().asString()
                .startsWith("cannot create Events about Services: "));
        assertThat(calls).contains("GET " + nobody.substring("http://".length()) + " " + ApiCalls.NO_ANSWER);
    }

    @Test
    void aServiceThatTheClusterDoesNotHaveGetsNone() {
        ServiceEvents events = events(desk.url(), 10);
        events.tell(trouble(new ServiceName("default", "from-a-file"), "one"));
        events.tell(trouble(WEB, "two"));

        posts(1);
        assertThat(desk.posts().getFirst()).contains("two");
    }

    @Test
    void whatTheServerIsAskedIsCounted() {
        desk.answers(403);
        events(desk.url(), 10).tell(trouble(WEB, "one"));
        posts(1);

        await().untilAsserted(() -> assertThat(calls).containsExactly("GET " + desk.host() + " 200",
                "POST " + desk.host() + " 403"));
    }

    @Test
    void afterTheEndNothingIsTold() {
        ServiceEvents events = events(desk.url(), 10);
        events.close();
        events.tell(trouble(WEB, "one"));

        await().during(Duration.ofMillis(200)).until(() -> desk.posts().isEmpty());
    }
}
