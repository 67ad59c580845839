package dev.fairlead.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The API server's double: what is applied is watched, and what is deleted too. */
public final class ApiDouble implements AutoCloseable {
    // Held, so that its level stays: it would tell of every request.
    private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

    private final KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(),
            new HashMap<>(), new KubernetesCrudDispatcher(), false);
    private final KubernetesClient client;

    /** One that listens on loopback. */
    public ApiDouble() {
        REQUESTS.setLevel(Level.WARNING);
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = server.createClient();
    }

    /** Such as {@code http://localhost:40123/}. */
    public String url() {
        return client.getConfiguration().getMasterUrl();
    }

    /** As kubectl apply. */
    public void apply(String... documents) {
        for (HasMetadata object : read(documents)) {
            client.resource(object).createOr(NonDeletingOperation::update);
        }
    }

    /** As kubectl delete. */
    public void delete(String... documents) {
        read(documents).forEach(object -> client.resource(object).delete());
    }

    /** Notes of the Events about a Service. */
    List<String> notes(String namespace, String service) {
        return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(service)).map(Event::getNote).toList();
    }

    private List<HasMetadata> read(String... documents) {
        byte[] text = String.join("---\n", documents).getBytes(StandardCharsets.UTF_8);
        return client.load(new ByteArrayInputStream(text)).items();
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
