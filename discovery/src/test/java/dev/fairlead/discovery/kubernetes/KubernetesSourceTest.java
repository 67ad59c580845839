package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.labelled;
import static dev.fairlead.discovery.kubernetes.Given.node;
import static dev.fairlead.discovery.kubernetes.Given.service;
import static dev.fairlead.discovery.kubernetes.Given.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.discovery.kubernetes.ScriptedApiServer.Refusal;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.TranslationSettings;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that follows a server which is well. */
class KubernetesSourceTest {
    private static final Service WEB = service("shop", "web", "10.96.0.1");
    private static final EndpointSlice WEB_1 = slice("shop", "web", "web-1", "10.1.0.1");
    private static final String SERVED = "shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080";

    private final SourceStory story = new SourceStory();
    private final ScriptedApiServer server = story.server;
    private final Heard heard = story.heard;

    KubernetesSourceTest() throws IOException {
    }

    @AfterEach
    void close() {
        story.close();
    }

    @Test
    void theFirstOfferIsComplete() {
        server.put(WEB, WEB_1, slice("shop", "web", "web-2", "10.1.0.2"), service("shop", "db", "10.96.0.2"));
        story.start().serves("shop/db:http 10.96.0.2:80 -> ", "shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, "
                + "10.1.0.2:8080");

        assertThat(heard.offers()).hasSize(1);
        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void nodePortsFollowTheAddressesOfTheInterfaces() {
        Interfaces interfaces = new Interfaces("192.168.0.1");
        server.put(new ServiceBuilder(WEB).editSpec().withType("NodePort").editFirstPort().withNodePort(30080).endPort()
                .endSpec().build(), WEB_1);
        story.interfaces(interfaces).start();
        await().untilAsserted(() -> assertThat(nodePorts()).containsExactly("127.0.0.1:30080", "192.168.0.1:30080"));

        interfaces.become("192.168.0.9");

        await().untilAsserted(() -> assertThat(nodePorts()).containsExactly("127.0.0.1:30080", "192.168.0.9:30080"));
    }

    /** Interfaces with one address. */
    private static final class Interfaces implements LocalAddresses {
        private final List<Runnable> ears = new CopyOnWriteArrayList<>();
        private volatile InetAddress address;

        Interfaces(String address) {
            this.address = IpText.parse(address).orElseThrow();
        }

        void become(String other) {
            address = IpText.parse(other).orElseThrow();
            ears.forEach(Runnable::run);
        }

        @Override
        public Optional<List<InetAddress>> now() {
            return Optional.of(List.of(address));
        }

        @Override
        public void onChange(Runnable told) {
            ears.add(told);
        }
    }

    private List<String> nodePorts() {
        assertThat(heard.offers()).isNotEmpty();
        return heard.offers().getLast().ports().stream().flatMap(port -> port.frontends().stream())
                .filter(frontend -> frontend.kind() == FrontendKind.NODE_PORT)
                .map(frontend -> frontend.address().toString()).toList();
    }

    @Test
    void anEmptyClusterIsAnOfferToo() {
        story.start().serves();
    }

    @Test
    void nothingIsOfferedWhileOneKindIsMissing() {
        server.put(WEB, WEB_1);
        server.refuse((kind, verb) -> kind == Watched.SLICES && verb == Verb.LIST
                ? Optional.of(new Refusal(503, "starting"))
                : Optional.empty());
        story.start();
        await().untilAsserted(() -> assertThat(heard.fault()).isPresent());
        assertThat(heard.offers()).isEmpty();

        server.refuse((_, _) -> Optional.empty());
        story.serves(SERVED);
        assertThat(heard.offers()).hasSize(1);
    }

    @Test
    void whatChangesIsFollowed() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        server.put(slice("shop", "web", "web-1", "10.1.0.1", "10.1.0.9"));
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.9:8080");
        server.put(service("shop", "web", "10.96.0.7"));
        story.serves("shop/web:http 10.96.0.7:80 -> 10.1.0.1:8080, 10.1.0.9:8080");
        server.delete(WEB_1);
        story.serves("shop/web:http 10.96.0.7:80 -> ");
        server.delete(WEB);
        story.serves();
    }

    @Test
    void slicesMayComeBeforeTheirService() {
        story.start().serves();
        server.put(WEB_1);
        story.staysSilent();
        server.put(WEB);

        story.serves(SERVED);
    }

    @Test
    void anEndpointThatMovesToAnotherSliceStays() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        server.put(slice("shop", "web", "web-2", "10.1.0.1"));
        server.delete(WEB_1);

        await().untilAsserted(() -> assertThat(server.openWatches()).isEqualTo(2));
        story.staysSilent();
        story.serves(SERVED);
    }

    @Test
    void eventsThatComeTwiceOrInAnotherOrderLeadToTheSameState() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        story.watches(2);
        EndpointSlice more = slice("shop", "web", "web-1", "10.1.0.1", "10.1.0.9");
        more.getMetadata().setResourceVersion("200");
        server.say(Watched.SLICES, ApiObjects.event("MODIFIED", more));
        server.say(Watched.SLICES, ApiObjects.event("MODIFIED", more));
        server.say(Watched.SLICES, ApiObjects.event("ADDED", more));
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.9:8080");

        Service unknown = service("shop", "unknown", "10.96.0.9");
        unknown.getMetadata().setResourceVersion("201");
        server.say(Watched.SERVICES, ApiObjects.event("DELETED", unknown));
        server.say(Watched.SERVICES, ApiObjects.event("MODIFIED", unknown));
        story.serves("shop/unknown:http 10.96.0.9:80 -> ",
                "shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.9:8080");
        unknown.getMetadata().setResourceVersion("202");
        server.say(Watched.SERVICES, ApiObjects.event("DELETED", unknown));
        server.say(Watched.SERVICES, ApiObjects.event("DELETED", unknown));
        // The two watches are read side by side.
        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.9:8080");
        server.say(Watched.SLICES, ApiObjects.event("DELETED", more));
        server.say(Watched.SLICES, ApiObjects.event("DELETED", more));

        story.serves("shop/web:http 10.96.0.1:80 -> ");
        story.staysSilent();
    }

    @Test
    void bookmarksAreNoNews() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        story.watches(2);
        server.say(Watched.SERVICES, "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Service\",\"apiVersion\":\"v1\","
                + "\"metadata\":{\"resourceVersion\":\"999\"}}}");

        story.staysSilent();
        assertThat(heard.offers()).hasSize(1);
    }

    @Test
    void anEventThatCannotBeReadLeadsToANewList() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        story.watches(2);
        server.say(Watched.SLICES, "}{ this is no JSON");
        server.put(slice("shop", "web", "web-1", "10.1.0.1", "10.1.0.9"));

        story.serves("shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080, 10.1.0.9:8080");
    }

    @ParameterizedTest(name = "web sockets: {0}")
    @ValueSource(booleans = {false, true})
    void textThatIsNotAsciiDoesNotBreakTheWatch(boolean webSockets) {
        server.webSocketsOnly(webSockets);
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        story.watches(2);
        server.forgetRequests();
        server.put(Given.annotated(WEB, "owner", "Jürgen Größe, 東京, \uD83D\uDE80"));
        server.put(service("shop", "db", "10.96.0.2"));
        story.serves("shop/db:http 10.96.0.2:80 -> ", SERVED);

        assertThat(server.requests()).as("nothing was listed or watched anew").isEmpty();
    }

    @Test
    void labelsThatAreSetAndTakenAwayRemoveTheServiceAndBringItBack() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        for (String label : new String[]{Given.PROXY_NAME, Given.HEADLESS}) {
            server.put(labelled(WEB, label, "other"));
            story.serves();
            server.put(WEB);
            story.serves(SERVED);
        }
    }

    @Test
    void aSliceThatBecomesHeadlessIsNotUsed() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        EndpointSlice headless = slice("shop", "web", "web-1", "10.1.0.1");
        headless.getMetadata().getLabels().put(Given.HEADLESS, "");
        server.put(headless);

        story.serves("shop/web:http 10.96.0.1:80 -> ");
    }

    @Test
    void withANameOfItsOwnItServesOnlyServicesThatBearIt() {
        server.put(WEB, WEB_1, labelled(service("shop", "ours", "10.96.0.2"), Given.PROXY_NAME, "fairlead"),
                slice("shop", "ours", "ours-1", "10.1.0.2"),
                labelled(service("shop", "theirs", "10.96.0.3"), Given.PROXY_NAME, "cilium"));
        story.settings(TranslationSettings.DEFAULTS.withServiceProxyName(Optional.of("fairlead"))).start()
                .serves("shop/ours:http 10.96.0.2:80 -> 10.1.0.2:8080");
    }

    @Test
    void oneNamespaceIsAllThatASidecarAsksFor() {
        server.put(WEB, WEB_1, service("bank", "web", "10.96.0.2"), slice("bank", "web", "web-1", "10.1.0.2"));
        story.namespace("shop").start().serves(SERVED);
        story.watches(2);
        server.put(service("bank", "more", "10.96.0.3"), service("shop", "db", "10.96.0.4"));
        story.serves("shop/db:http 10.96.0.4:80 -> ", SERVED);
    }

    @Test
    void selectorsKeepAwayWhatIsNotForUs() {
        story.start().serves();
        story.watches(2);

        assertThat(server.requests())
                .anySatisfy(request -> assertThat(request).startsWith("list services").contains(
                        "labelSelector=!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless",
                        "fieldSelector=spec.clusterIP!=None"))
                .anySatisfy(request -> assertThat(request).startsWith("list endpointslices")
                        .contains("labelSelector=!service.kubernetes.io/headless"))
                .noneSatisfy(request -> assertThat(request).contains("nodes"));
    }

    @Test
    void aServerThatIgnoresTheFieldSelectorIsFilteredHere() {
        server.clusterIpSelector("ignore");
        server.put(WEB, WEB_1, service("shop", "headless", "None"));
        story.start().serves(SERVED);

        assertThat(heard.offers().getLast().skipped()).hasSize(1);
    }

    @Test
    void aServerThatRefusesTheFieldSelectorIsAskedWithoutIt() {
        server.clusterIpSelector("refuse");
        server.put(WEB, WEB_1, service("shop", "headless", "None"));
        story.start().serves(SERVED);
        story.watches(2);

        assertThat(heard.faults()).isEmpty();
        server.delete(WEB);
        story.serves();
    }

    @Test
    void theOwnNodeIsPartOfTheFirstOfferAndIsFollowed() {
        server.put(WEB, WEB_1, node("n1", "zone-a"), node("n2", "zone-b"));
        story.settings(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))).start().serves(SERVED);

        assertThat(heard.offers()).hasSize(1);
        NodeIdentity first = heard.offers().getFirst().node();
        assertThat(first.zone()).contains("zone-a");
        assertThat(first.addresses()).extracting(Object::toString).containsExactly("/192.168.0.2");

        server.put(node("n1", "zone-c"));
        await().untilAsserted(() -> assertThat(heard.offers().getLast().node().zone()).contains("zone-c"));
        server.delete(node("n1", "zone-c"));
        await().untilAsserted(() -> assertThat(heard.offers().getLast().notes())
                .contains("node n1 is gone from the API server; what was last known of it stays in use"));
        assertThat(heard.offers().getLast().node().zone()).contains("zone-c");
        assertThat(heard.offers().getLast().network().nodeLeaving()).isTrue();

        server.put(node("n1", "zone-c"));
        await().untilAsserted(() -> assertThat(heard.offers().getLast().network().nodeLeaving()).isFalse());
        assertThat(heard.offers().getLast().notes()).isEmpty();
    }

    @Test
    void aNodeThatDoesNotComeIsWaitedForAWhileOnly() {
        server.put(WEB, WEB_1, new NodeBuilder(node("n1", "zone-a")).withStatus(null).build());
        story.settings(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))).start();
        story.watches(3);
        assertThat(heard.offers()).isEmpty();
        story.serves(SERVED);
        assertThat(heard.offers().getLast().notes())
                .containsExactly("node n1 has no address yet (expected: an InternalIP"
                        + " or ExternalIP in its status, or nodeAddresses): node ports have none either");

        server.put(node("n1", "zone-a"));
        await().untilAsserted(() -> assertThat(heard.offers().getLast().node().addresses()).hasSize(1));
        assertThat(heard.offers().getLast().notes()).isEmpty();
    }

    @Test
    void anUnknownNodeIsNoted() {
        story.settings(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))).start().serves();

        assertThat(heard.offers().getFirst().notes()).containsExactly("node n1 is not known to the API server: nothing"
                + " is known of its zone, nor of addresses that are not configured");
    }

    @Test
    void noOfferComesAfterClose() {
        server.put(WEB, WEB_1);
        story.start().serves(SERVED);
        story.watches(2);
        story.closeSource();
        server.delete(WEB);

        story.staysSilent();
        story.watches(0);
    }
}
