package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.node;
import static dev.fairlead.discovery.kubernetes.Given.service;
import static dev.fairlead.discovery.kubernetes.Given.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.discovery.kubernetes.ScriptedApiServer.Refusal;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.source.Permission;
import dev.fairlead.source.SourceFault;
import dev.fairlead.source.TranslationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is there, but not for us; and descriptions of it that lead nowhere. */
class KubernetesRefusalTest {
    private static final String SERVED = "shop/web:http 10.96.0.1:80 -> 10.1.0.1:8080";
    private static final Refusal FORBIDDEN = new Refusal(403, "User \"system:serviceaccount:infra:fairlead\" cannot");

    private final SourceStory story = new SourceStory();
    private final ScriptedApiServer server = story.server;
    private final Heard heard = story.heard;

    @TempDir
    private Path directory;

    KubernetesRefusalTest() throws IOException {
    }

    @BeforeEach
    void put() {
        server.put(service("shop", "web", "10.96.0.1"), slice("shop", "web", "web-1", "10.1.0.1"),
                node("n1", "zone-a"));
    }

    @AfterEach
    void close() {
        story.close();
    }

    private <T extends SourceFault> T fault(Class<T> kind, String words) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard.fault()).containsInstanceOf(kind)
                        .hasValueSatisfying(fault -> assertThat(fault.lines()).anyMatch(l -> l.contains(words))));
        return kind.cast(heard.fault().orElseThrow());
    }

    private void grantAll() {
        server.refuse((_, _) -> Optional.empty());
    }

    @Test
    void whatMayNotBeListedIsToldWithTheRuleThatIsMissing() {
        server.refuse((_, _) -> Optional.of(FORBIDDEN));
        story.start();
        SourceFault.Forbidden fault = fault(SourceFault.Forbidden.class, "endpointslices]");
        assertThat(fault.missing()).containsExactly(new Permission("list", "", "services", Optional.empty()),
                new Permission("list", "discovery.k8s.io", "endpointslices", Optional.empty()));
        await().untilAsserted(() -> assertThat(heard.fault().orElseThrow().summary())
                .isEqualTo(server.url() + ": may not list services, may not list endpointslices.discovery.k8s.io; grant"
                        + " it with RBAC (User \"system:serviceaccount:infra:fairlead\" cannot)"));
        assertThat(fault.lines().subList(1, fault.lines().size())).containsExactly("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: fairlead-discovery}
                rules:
                - apiGroups: [""]
                  resources: [services]
                  verbs: [list, watch]
                - apiGroups: ["discovery.k8s.io"]
                  resources: [endpointslices]
                  verbs: [list, watch]""".split("\n"));
        assertThat(heard.offers()).isEmpty();

        grantAll();
        story.serves(SERVED);
    }

    @Test
    void inOneNamespaceARoleIsWhatIsMissing() {
        server.refuse((kind, _) -> kind == Watched.SLICES ? Optional.of(FORBIDDEN) : Optional.empty());
        story.namespace("shop").start();

        assertThat(fault(SourceFault.Forbidden.class, "endpointslices]").lines()).contains("kind: Role",
                "metadata: {name: fairlead-discovery, namespace: shop}");
    }

    @Test
    void aWatchThatIsRefusedIsToldWhileTheListIsServed() {
        server.refuse((kind, verb) -> kind == Watched.SERVICES && verb == Verb.WATCH
                ? Optional.of(FORBIDDEN)
                : Optional.empty());
        story.start();
        assertThat(fault(SourceFault.Forbidden.class, "services]").missing())
                .containsExactly(new Permission("watch", "", "services", Optional.empty()));
        await().untilAsserted(() -> assertThat(heard.served()).containsExactly(SERVED));

        grantAll();
        story.serves(SERVED);
    }

    @Test
    void rightsThatAreTakenAwayLaterLeaveTheStateInForce() {
        story.start().serves(SERVED);
        server.refuse((_, _) -> Optional.of(FORBIDDEN));
        server.cutConnections();
        fault(SourceFault.Forbidden.class, "services]");
        assertThat(heard.offers()).hasSize(1);

        grantAll();
        story.serves(SERVED);
    }

    @Test
    void aNodeThatMayNotBeReadDoesNotKeepTheRestFromBeingServed() {
        server.refuse((kind, _) -> kind == Watched.NODE ? Optional.of(FORBIDDEN) : Optional.empty());
        story.settings(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))).start();
        fault(SourceFault.Forbidden.class, "nodes]");
        await().untilAsserted(() -> assertThat(heard.served()).containsExactly(SERVED));
        assertThat(heard.offers().getLast().notes()).anyMatch(note -> note.startsWith("node n1 may not be read"));

        grantAll();
        await().untilAsserted(() -> assertThat(heard.offers().getLast().node().zone()).contains("zone-a"));
        story.serves(SERVED);
    }

    @Test
    void aSidecarNeedNotSeeNodes() {
        server.refuse((kind, _) -> kind == Watched.NODE ? Optional.of(FORBIDDEN) : Optional.empty());
        story.namespace("shop").settings(TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))).start()
                .serves(SERVED);
        assertThat(heard.offers().getLast().notes()).anyMatch(note -> note.startsWith("node n1 may not be read"));
        story.staysSilent();

        assertThat(heard.faults()).isEmpty();
    }

    @Test
    void aTokenThatIsRenewedIsTaken() throws IOException {
        Path token = directory.resolve("token");
        Files.writeString(token, "one\n");
        server.requireToken("one");
        story.access(new ApiServer.InCluster(directory, Optional.of(server.url()))).start().serves(SERVED);

        server.requireToken("two");
        server.cutConnections();
        assertThat(fault(SourceFault.Unreachable.class, "401").summary()).contains("check the token");
        Files.writeString(token, "two\n");
        story.serves(SERVED);
    }

    @Test
    void inAPodTheServerIsThatOfTheEnvironmentAndAMissingOneIsTold() throws IOException {
        Files.writeString(directory.resolve("token"), "one");
        story.access(new ApiServer.InCluster(directory, Optional.empty())).start();

        assertThat(fault(SourceFault.Unreachable.class, "KUBERNETES_SERVICE_HOST").summary())
                .isEqualTo("KUBERNETES_SERVICE_HOST: is not set, so this is no pod (expected: a kubeconfig, or the API"
                        + " server's URL)");
    }

    @Test
    void theServiceAddressOfAPodThatIsNotReachedIsNamedAsWhatItIs() throws IOException {
        Files.writeString(directory.resolve("token"), "one");
        int port = Integer.parseInt(server.url().replaceAll(".*:", ""));
        server.stop();
        story.access(new ApiServer.InCluster(directory, Optional.empty()))
                .environment(Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT",
                        Integer.toString(port)))
                .start();

        assertThat(fault(SourceFault.Unreachable.class, "connection refused").summary())
                .startsWith("https://127.0.0.1:" + port + ": cannot list ")
                .contains("this is the address of the kubernetes Service", "name the API server's own URL");
    }

    @Test
    void aKubeconfigMayComeLaterAndItsTokenFileIsRead() throws IOException {
        Path file = directory.resolve("kubeconfig");
        server.requireToken("one");
        story.access(new ApiServer.Kubeconfig(file, Optional.empty())).start();
        assertThat(fault(SourceFault.Unreachable.class, "no such file").summary()).isEqualTo(
                file + ": this kubeconfig cannot be read (no such file); it is looked for again by itself");

        Files.writeString(directory.resolve("token"), "one\n");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: default
                contexts: [{name: default, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {tokenFile: token}}]
                """.formatted(server.url()));
        story.serves(SERVED);
    }

    @Test
    void aKubeconfigWithoutAServerIsToldAndLeadsNowhereElse() throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), "apiVersion: v1\nkind: Config\n");
        story.access(new ApiServer.Kubeconfig(file, Optional.empty())).start();

        assertThat(fault(SourceFault.Unreachable.class, "kubeconfig").summary()).isEqualTo(file
                + ": this kubeconfig names no API server (expected: a current-context whose cluster has a server)");
    }

    @Test
    void aFileThatIsNoKubeconfigIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), "{{{ not yaml");
        story.access(new ApiServer.Kubeconfig(file, Optional.empty())).start();

        assertThat(fault(SourceFault.Unreachable.class, "kubeconfig").summary())
                .startsWith(file + ": this is no usable kubeconfig (");
    }

    @Test
    void anotherServerThanTheKubeconfigsCanBeNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: default
                contexts: [{name: default, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: u, user: {token: secret}}]
                """);
        server.requireToken("secret");
        story.access(new ApiServer.Kubeconfig(file, Optional.of(server.url()))).start().serves(SERVED);
    }
}
