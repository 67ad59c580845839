package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.labelled;
import static dev.fairlead.discovery.kubernetes.Given.node;
import static dev.fairlead.discovery.kubernetes.Given.service;
import static dev.fairlead.discovery.kubernetes.Given.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against fabric8's own double, which somebody else wrote: objects are written with its client and followed by us. */
@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesCrudTest {
    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;
    private final Heard heard = new Heard();
    private Optional<KubernetesSource> source = Optional.empty();

    private void start(TranslationSettings settings) {
        String url = client.getConfiguration().getMasterUrl();
        KubernetesSource started = new KubernetesSource(ClusterAccess.to(new ApiServer.Address(url)), settings,
                SourceStory.WORDS, LocalAddresses.UNKNOWN, Coalescing.DEFAULT, SourceObserver.NONE, ApiCalls.NONE,
                Ticker.SYSTEM,
                SourceStory.FAST,
                _ -> Optional.empty());
        source = Optional.of(started);
        started.start(heard);
    }

    @AfterEach
    void close() {
        source.ifPresent(KubernetesSource::close);
    }

    private void serves(String... lines) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(heard.offers()).isNotEmpty();
            assertThat(heard.served()).containsExactly(lines);
        });
    }

    @Test
    void objectsAreFollowedFromTheirCreationToTheirEnd() {
        client.resource(node("n1", "zone-a")).create();
        client.resource(service("shop", "web", "10.96.0.1")).create();
        start(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1")));
        serves("shop/web:http 10.96.0.1:80 -> ");
        assertThat(heard.offers().getFirst().node().zone()).contains("zone-a");

        client.resource(slice("shop", "web", "web-1", "10.1.0.1")).create();
        serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");
        client.resource(slice("shop", "web", "web-1", "10.1.0.1", "10.1.0.2")).update();
        serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.2:8080");
        client.resource(slice("shop", "web", "web-1")).delete();
        serves("shop/web:http 10.96.0.1:80 -> ");
        client.resource(service("shop", "web", "10.96.0.1")).delete();
        serves();
        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void headlessServicesAreLeftOutAlthoughTheDoubleSendsThem() {
        client.resource(service("shop", "db", "None")).create();
        client.resource(service("shop", "web", "10.96.0.1")).create();
        start(TranslationSettings.DEFAULTS);
        serves("shop/web:http 10.96.0.1:80 -> ");

        client.resource(service("shop", "cache", "None")).create();
        client.resource(service("shop", "api", "10.96.0.2")).create();
        serves("shop/api:http 10.96.0.2:80 -> ", "shop/web:http 10.96.0.1:80 -> ");
    }

    @Test
    void aLabelThatGivesAServiceToAnotherProxyTakesItAway() {
        Service web = service("shop", "web", "10.96.0.1");
        client.resource(web).create();
        client.resource(slice("shop", "web", "web-1", "10.1.0.1")).create();
        start(TranslationSettings.DEFAULTS);
        serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");

        client.resource(labelled(web, Given.PROXY_NAME, "other")).update();
        serves();
        client.resource(web).update();
        serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080");
    }
}
