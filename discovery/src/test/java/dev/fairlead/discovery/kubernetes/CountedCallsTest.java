package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.discovery.kubernetes.ScriptedApiServer.Refusal;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.source.ApiCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server is asked while it is followed, counted. */
class CountedCallsTest {
    private static final String SERVED = "shop/web:http 10.96.0.1:80 -> ";

    private record Call(String method, String host, String code, long nanos) {
    }

    private final SourceStory story = new SourceStory();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    CountedCallsTest() throws IOException {
        story.server.put(service("shop", "web", "10.96.0.1"));
        story.calls((method, host, code, nanos) -> calls.add(new Call(method, host, code, nanos)));
    }

    @AfterEach
    void close() {
        story.close();
    }

    private long count(String code) {
        return calls.stream().filter(call -> call.code.equals(code)).count();
    }

    @Test
    void everyListAndEveryWatchCountsWithMethodHostStatusAndTime() {
        story.start().serves(SERVED);
        story.watches(2);

        await().untilAsserted(() -> assertThat(calls).hasSize(4));
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.method).isEqualTo("GET");
            assertThat("http://" + call.host).isEqualTo(story.server.url());
            assertThat(call.code).isEqualTo("200");
            assertThat(call.nanos).isBetween(1L, Duration.ofSeconds(20).toNanos());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void aRefusalCountsUnderItsStatus(int status) {
        story.server.refuse((kind, verb) -> kind == Watched.SLICES && verb == Verb.LIST
                ? Optional.of(new Refusal(status, "no"))
                : Optional.empty());
        story.start();

        await().atMost(Duration.ofSeconds(20)).until(() -> count(Integer.toString(status)) > 0);
    }

    @Test
    void aWatchOverAWebSocketCountsToo() {
        story.server.webSocketsOnly(true);
        story.start().serves(SERVED);

        await().atMost(Duration.ofSeconds(20)).until(() -> count("101") > 0);
    }

    @Test
    void aServerThatIsAwayCountsAsNoAnswer() {
        story.server.stop();
        story.start();

        await().atMost(Duration.ofSeconds(20)).until(() -> count(ApiCalls.NO_ANSWER) > 0);
    }
}
