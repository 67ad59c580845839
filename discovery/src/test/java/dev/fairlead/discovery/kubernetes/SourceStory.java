package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A source at work between a scripted server and an ear. */
final class SourceStory implements AutoCloseable {
    /** Everything a tenth and less of what it is in earnest. */
    static final Pace FAST = new Pace(Duration.ofMillis(20), Duration.ofSeconds(20), Duration.ofMillis(300),
            Duration.ofSeconds(5), Duration.ofMillis(400), Duration.ofMillis(40), Duration.ofMillis(50));
    static final PolicyWords WORDS = new PolicyWords(new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(List.of("round-robin"));
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return Optional.empty();
        }
    });

    final ScriptedApiServer server;
    final Heard heard = new Heard();
    private TranslationSettings settings = TranslationSettings.DEFAULTS;
    private Optional<String> namespace = Optional.empty();
    private Optional<ApiServer> access = Optional.empty();
    private Coalescing coalescing = Coalescing.DEFAULT;
    private SourceObserver observer = SourceObserver.NONE;
    private ApiCalls calls = ApiCalls.NONE;
    private LocalAddresses interfaces = LocalAddresses.UNKNOWN;
    private Pace pace = FAST;
    private Map<String, String> environment = Map.of();
    private Optional<KubernetesSource> source = Optional.empty();

    SourceStory() throws IOException {
        server = new ScriptedApiServer();
    }

    SourceStory settings(TranslationSettings value) {
        settings = value;
        return this;
    }

    SourceStory namespace(String value) {
        namespace = Optional.of(value);
        return this;
    }

    SourceStory access(ApiServer value) {
        access = Optional.of(value);
        return this;
    }

    SourceStory environment(Map<String, String> value) {
        environment = value;
        return this;
    }

    SourceStory coalescing(Coalescing value) {
        coalescing = value;
        return this;
    }

    SourceStory observer(SourceObserver value) {
        observer = value;
        return this;
    }

    SourceStory calls(ApiCalls value) {
        calls = value;
        return this;
    }

    SourceStory interfaces(LocalAddresses value) {
        interfaces = value;
        return this;
    }

    SourceStory pace(Pace value) {
        pace = value;
        return this;
    }

    SourceStory start() {
        ClusterAccess where = new ClusterAccess(access.orElseGet(() -> new ApiServer.Address(server.url())), namespace);
        KubernetesSource started = new KubernetesSource(where, settings, WORDS, interfaces, coalescing,
                observer, calls, Ticker.SYSTEM, pace, name -> Optional.ofNullable(environment.get(name)));
        source = Optional.of(started);
        started.start(heard);
        return this;
    }

    /** Waits until the state served is this and no fault is in force. */
    void serves(String... lines) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(heard.offers()).isNotEmpty();
            assertThat(heard.served()).containsExactly(lines);
            assertThat(heard.fault()).isEmpty();
        });
    }

    /** Waits until a number of watches are open, each of which has told what it had to. */
    void watches(int number) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.openWatches()).isEqualTo(number));
    }

    /** Nothing is delivered for a while. */
    void staysSilent() {
        int before = heard.offers().size() + heard.faults().size();
        await().pollInterval(Duration.ofMillis(20)).during(Duration.ofMillis(250)).atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(heard.offers().size() + heard.faults().size()).isEqualTo(before));
    }

    void closeSource() {
        source.ifPresent(KubernetesSource::close);
    }

    @Override
    public void close() {
        closeSource();
        server.close();
    }
}
