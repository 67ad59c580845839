package dev.fairlead.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The API server's double: what is applied is watched, and what is deleted too. */
public final class ApiDouble implements AutoCloseable {
    // Held, so that its level stays: it would tell of every request.
    private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

    private final Doorman doorman = new Doorman();
    private final KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(),
            new HashMap<>(), doorman, false);
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

    /** From now on it answers Fairlead's other requests with 403. */
    public void allow(Predicate<RecordedRequest> allowed) {
        doorman.allowed = allowed;
    }

    /** What Fairlead has asked for until now, each once told. */
    public List<RecordedRequest> asked() throws InterruptedException {
        List<RecordedRequest> all = new ArrayList<>();
        for (RecordedRequest one = next(); one != null; one = next()) {
            if (isOurs(one)) {
                all.add(one);
            }
        }
        return all;
    }

    private static boolean isOurs(RecordedRequest request) {
        return "fairlead".equals(request.getHeader("User-Agent"));
    }

    private @Nullable RecordedRequest next() throws InterruptedException {
        return server.takeRequest(1, TimeUnit.MILLISECONDS);
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

    /** The part of an API server that looks at what somebody may do. */
    private static final class Doorman extends KubernetesCrudDispatcher {
        private volatile Predicate<RecordedRequest> allowed = request -> true;

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            return !isOurs(request) || allowed.test(request)
                    ? super.dispatch(request)
                    : new MockResponse().setResponseCode(HttpURLConnection.HTTP_FORBIDDEN).setBody("""
                            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden",
                             "message": "forbidden", "code": 403}""");
        }
    }
}
