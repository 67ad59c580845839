package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.Alive;
import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Event.Explained;
import dev.fairlead.discovery.kubernetes.Event.Listed;
import dev.fairlead.discovery.kubernetes.Event.NodeGone;
import dev.fairlead.discovery.kubernetes.Event.NodeIs;
import dev.fairlead.discovery.kubernetes.Event.ServiceGone;
import dev.fairlead.discovery.kubernetes.Event.ServiceIs;
import dev.fairlead.discovery.kubernetes.Event.Silent;
import dev.fairlead.discovery.kubernetes.Event.SliceGone;
import dev.fairlead.discovery.kubernetes.Event.SliceIs;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceList;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the API server: one informer each for Services, EndpointSlices and the own Node, whatever their
 * number. They list, watch, and list again where the server has forgotten the version they had (410), until they are
 * closed; what they learn is told to one ear, on threads of theirs.
 */
final class ClusterInformers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterInformers.class);
    private static final String NO_HEADLESS = "!service.kubernetes.io/headless";
    private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /**
     * What is asked for.
     *
     * @param namespace of Services and slices; absent = all
     * @param serviceProxyName Services labelled with this name; absent = those without the label
     * @param nodeName the own Node; absent = none
     * @param withoutHeadless whether the server is asked to leave out headless Services by the field selector
     *     {@code spec.clusterIP!=None}, as kube-proxy does. A server that does not know the field refuses the whole
     *     request with 400, so this is safe only where somebody then asks again without
     * @param again whether another connection has listed before: the first list may come out of the server's cache, a
     *     later one must not, since one server of several may lag behind what is known already
     */
    record Scope(Optional<String> namespace, Optional<String> serviceProxyName, Optional<String> nodeName,
            boolean withoutHeadless, boolean again) {
        Scope repeated() {
            return new Scope(namespace, serviceProxyName, nodeName, withoutHeadless, true);
        }

        Scope withHeadless() {
            return new Scope(namespace, serviceProxyName, nodeName, false, again);
        }

        /**
         * The label rules of Services (kube-proxy, cmd/kube-proxy/app/server.go). A Service whose label is set or taken
         * away arrives as deleted or added.
         */
        String serviceSelector() {
            return serviceProxyName.map(own -> PROXY_NAME + "=" + own).orElse("!" + PROXY_NAME) + "," + NO_HEADLESS;
        }

        /**
         * The label rule of slices. Whose they are is the Service's to say: slices that somebody wrote by hand need not
         * repeat its service-proxy-name.
         */
        String sliceSelector() {
            return NO_HEADLESS;
        }
    }

    private final KubernetesClient client;
    private final Consumer<Event> ear;
    private final Scope scope;
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

    /** Nothing is asked for before {@link #start}. */
    ClusterInformers(ApiClients clients, Config config, Scope scope, Consumer<Event> ear) {
        this.scope = scope;
        this.ear = ear;
        this.client = clients.open(config, this::listen);
    }

    private void listen(HttpClient.Builder builder) {
        builder.addOrReplaceInterceptor("fairlead-answers", new ServerAnswers(ear));
        builder.addOrReplaceInterceptor("fairlead-ascii", new AsciiWatch());
    }

    /** The server's address, as it is asked. */
    String url() {
        return client.getMasterUrl().toString().replaceAll("/$", "");
    }

    void start() {
        FilterWatchListDeletable<Service, ServiceList, ServiceResource<Service>> services = in(client.services())
                .withLabelSelector(scope.serviceSelector());
        follow(Watched.SERVICES, scope.withoutHeadless() ? services.withoutField("spec.clusterIP", "None") : services,
                Service::new, service -> new ServiceIs(ObjectTranslator.service(service)),
                service -> new ServiceGone(ObjectTranslator.serviceName(service)));
        follow(Watched.SLICES,
                in(client.discovery().v1().endpointSlices()).withLabelSelector(scope.sliceSelector()),
                EndpointSlice::new,
                slice -> new SliceIs(ObjectTranslator.slice(slice), ObjectTranslator.trigger(slice)),
                slice -> new SliceGone(ObjectTranslator.sliceKey(slice)));
        scope.nodeName().ifPresent(name -> follow(Watched.NODE, client.nodes().withField("metadata.name", name),
                Node::new, node -> ofOwn(name, node, () -> new NodeIs(ObjectTranslator.node(node))),
                node -> ofOwn(name, node, NodeGone::new)));
        informers.forEach(SharedIndexInformer::start);
    }

    /** A server that does not know the selector tells of other nodes too; they are nobody's business here. */
    private static Event ofOwn(String own, Node node, Supplier<Event> event) {
        return own.equals(node.getMetadata().getName()) ? event.get() : new Alive();
    }

    private <T, L, R extends Resource<T>> FilterWatchListDeletable<T, L, R> in(MixedOperation<T, L, R> all) {
        return scope.namespace().<FilterWatchListDeletable<T, L, R>>map(all::inNamespace)
                .orElseGet(all::inAnyNamespace);
    }

    private <T extends HasMetadata> void follow(Watched what, Informable<T> all, Supplier<T> blank,
            Function<T, Event> is, Function<T, Event> gone) {
        SharedIndexInformer<T> informer = all.runnableInformer(0);
        informer.removeNamespaceIndex();
        informer.itemStore(new SeenVersions<>(blank));
        if (scope.again()) {
            // Says that something was known before, and thereby that the server's cache will not do.
            informer.initialState(Stream.empty());
        }
        informer.exceptionHandler((started, thrown) -> failed(what, thrown));
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                ear.accept(is.apply(object));
            }

            @Override
            public void onUpdate(T before, T object) {
                ear.accept(is.apply(object));
            }

            @Override
            public void onDelete(T object, boolean seenByListAlone) {
                ear.accept(gone.apply(object));
            }

            @Override
            public void onList(String resourceVersion, boolean remainedEmpty) {
                ear.accept(new Listed(what));
            }
        });
        informers.add(informer);
    }

    /** A list has failed, or a watch beyond repair; it begins anew after a pause, whatever it was. */
    private boolean failed(Watched what, Throwable thrown) {
        Throwable cause = FailureWords.unwrapped(thrown);
        switch (cause) {
            case WatcherException broken ->
                LOG.debug("the watch of {} could not be followed; it is listed anew", what, broken);
            case KubernetesClientException refused when refused.getCode() != 0 ->
                // That it was refused has been heard already; whether as a list or as a watch is not said here.
                ear.accept(new Explained(what, refused.getCode(), words(refused)));
            case KubernetesClientException lost when lost.getCause() != null ->
                ear.accept(new Answered(what, Verb.LIST, new Answer.Lost(FailureWords.of(lost.getCause()))));
            default -> ear.accept(new Answered(what, Verb.LIST, new Answer.Lost(FailureWords.of(cause))));
        }
        return true;
    }

    private static String words(KubernetesClientException refused) {
        return refused.getStatus() == null ? "" : Objects.requireNonNullElse(refused.getStatus().getMessage(), "");
    }

    /**
     * Asks the server whether it is there; whatever it answers means that it is. Tells {@link Alive} or {@link Silent}.
     */
    void probe(Duration timeout) {
        HttpRequest request = client.getHttpClient().newHttpRequestBuilder().uri(URI.create(url() + "/version"))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).build();
        client.getHttpClient().sendAsync(request, String.class)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, thrown) -> ear.accept(thrown == null ? new Alive() : new Silent()));
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
        client.close();
    }
}
