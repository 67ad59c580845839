package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.service;
import static dev.fairlead.discovery.kubernetes.Given.slice;
import static dev.fairlead.discovery.kubernetes.Given.triggered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.ServiceSnapshot;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What who counts is told. */
class SourceObserverTest {
    private static final String LONG_AGO = "2020-01-01T00:00:00Z";
    private static final String LATER = "2999-12-31T23:59:59.123456789Z";

    private record Taken(ServiceSnapshot snapshot, Changes changes) {
    }

    private final SourceStory story = new SourceStory();
    private final ScriptedApiServer server = story.server;
    private final AtomicInteger services = new AtomicInteger();
    private final AtomicInteger slices = new AtomicInteger();
    private final List<Taken> taken = new CopyOnWriteArrayList<>();

    SourceObserverTest() throws IOException {
        story.observer(new SourceObserver() {
            @Override
            public void serviceChanged() {
                services.incrementAndGet();
            }

            @Override
            public void sliceChanged() {
                slices.incrementAndGet();
            }

            @Override
            public void taken(ServiceSnapshot snapshot, Changes changes) {
                taken.add(new Taken(snapshot, changes));
                throw new IllegalStateException("an observer that fails");
            }
        });
    }

    @AfterEach
    void close() {
        story.close();
    }

    @Test
    void allThatIsSeenIsTakenOnceAndNothingThatAnObserverThrowsGetsInTheWay() {
        server.put(service("shop", "web", "10.96.0.1"), slice("shop", "web", "web-1", "10.1.0.1"));
        story.start().serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");
        for (int i = 2; i < 30; i++) {
            server.put(slice("shop", "web", "web-1", "10.1.0." + i));
        }
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.29:8080");

        assertThat(services).hasValue(1);
        assertThat(slices).hasValue(29);
        assertThat(taken.stream().mapToInt(one -> one.changes().services()).sum()).isEqualTo(1);
        assertThat(taken.stream().mapToInt(one -> one.changes().slices()).sum()).isEqualTo(29);
        assertThat(taken).extracting(Taken::snapshot).containsExactlyElementsOf(story.heard.offers());
    }

    @Test
    void aBurstBecomesFewOffers() {
        server.put(service("shop", "web", "10.96.0.1"));
        story.coalescing(new Coalescing(Duration.ofMillis(200), Duration.ofSeconds(5))).start()
                .serves("shop/web:http 10.96.0.1:80 -> ");
        story.watches(2);
        for (int i = 0; i < 200; i++) {
            server.put(slice("shop", "web", "web-1", "10.1.0." + i));
        }
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.199:8080");

        assertThat(story.heard.offers()).as("the first, perhaps one at once, and one for the rest")
                .hasSizeBetween(2, 3);
    }

    @Test
    void triggersOfChangedSlicesComeWithTheOfferAndOldOnesDoNot() {
        EndpointSlice slice = slice("shop", "web", "web-1", "10.1.0.1");
        server.put(service("shop", "web", "10.96.0.1"), triggered(slice, LONG_AGO));
        story.start().serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");
        assertThat(taken).flatExtracting(one -> one.changes().triggers()).isEmpty();

        server.put(triggered(slice("shop", "web", "web-1", "10.1.0.2"), LATER));
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.2:8080");
        server.put(triggered(slice("shop", "web", "web-1", "10.1.0.3"), "yesterday"));
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.3:8080");

        assertThat(taken).flatExtracting(one -> one.changes().triggers())
                .containsExactly(Instant.parse(LATER));
    }

    @Test
    void aTriggerTimeAloneMakesNoOffer() {
        EndpointSlice slice = slice("shop", "web", "web-1", "10.1.0.1");
        server.put(service("shop", "web", "10.96.0.1"), slice);
        story.start().serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");
        story.watches(2);
        server.put(triggered(slice, LATER));
        await().untilAsserted(() -> assertThat(taken).hasSize(2));

        assertThat(story.heard.offers()).hasSize(1);
        assertThat(taken.getLast().snapshot()).isSameAs(taken.getFirst().snapshot());
        assertThat(taken.getLast().changes().slices()).isEqualTo(1);
        assertThat(taken.getLast().changes().triggers()).as("nothing came of it").isEmpty();
    }
}
