package dev.fairlead.discovery.kubernetes;

import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.function.Consumer;

/** Where clients of the API server come from: all of them are told the same and counted in one place. */
final class ApiClients {
    private final ClientConfig configs;
    private final ApiCalls calls;
    private final Ticker ticker;

    /** @param calls counts what any of the clients asks */
    ApiClients(ClientConfig configs, ApiCalls calls, Ticker ticker) {
        this.configs = configs;
        this.calls = calls;
        this.ticker = ticker;
    }

    /** As {@link ClientConfig#read}. */
    Config read(ApiServer server, boolean webSockets) throws UnusableAccess {
        return configs.read(server, webSockets);
    }

    /**
     * Makes a client, which asks nothing by itself.
     *
     * @param more what else its HTTP client is to have
     */
    KubernetesClient open(Config config, Consumer<HttpClient.Builder> more) {
        // Named, since another client on the class path would be taken instead.
        return new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(builder -> {
                    builder.addOrReplaceInterceptor("fairlead-calls", new CountedCalls(calls, ticker));
                    more.accept(builder);
                }).build();
    }
}
