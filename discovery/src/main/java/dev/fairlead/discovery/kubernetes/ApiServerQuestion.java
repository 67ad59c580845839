package dev.fairlead.discovery.kubernetes;

import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks the API server one thing, for whoever wants to know whether it can be asked. */
public final class ApiServerQuestion {
    private final ApiClients clients;

    /** @param calls counts the question */
    public ApiServerQuestion(ApiCalls calls, Ticker ticker) {
        clients = new ApiClients(new ClientConfig(name -> Optional.ofNullable(System.getenv(name)), Pace.DEFAULT),
                calls, ticker);
    }

    /** What came of it. */
    public sealed interface Answer {
        /**
         * It lists Services.
         *
         * @param url where it is
         */
        record Serves(String url) implements Answer {
        }

        /**
         * It does not.
         *
         * @param why for a reader, with the place that was asked or read
         */
        record Refuses(String why) implements Answer {
        }
    }

    /**
     * Lists one Service, as the proxy would list all; the access decides where.
     *
     * @param patience for each of connecting and answering
     */
    public Answer ask(ClusterAccess access, Duration patience) {
        try {
            Config config = clients.read(access.server(), false);
            config.setRequestRetryBackoffLimit(0);
            config.setConnectionTimeout((int) patience.toMillis());
            config.setRequestTimeout((int) patience.toMillis());
            return ask(access, config);
        } catch (UnusableAccess unusable) {
            return new Answer.Refuses(String.valueOf(unusable.getMessage()));
        }
    }

    private Answer ask(ClusterAccess access, Config config) {
        String url = config.getMasterUrl();
        try (KubernetesClient client = clients.open(config, _ -> {
        })) {
            if (access.namespace().isPresent()) {
                client.services().inNamespace(access.namespace().get()).list(one());
            } else {
                client.services().inAnyNamespace().list(one());
            }
            return new Answer.Serves(url);
        } catch (KubernetesClientException refused) {
            String why = refused.getCode() > 0
                    ? "it answers " + refused.getCode() + ": "
                            + Optional.ofNullable(refused.getStatus()).map(status -> status.getMessage())
                                    .orElse(FailureWords.of(refused))
                    : FailureWords.of(cause(refused));
            return new Answer.Refuses(url + ": " + why);
        }
    }

    /** Below what only says that something failed. */
    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && (cause instanceof KubernetesClientException
                || cause.getClass().equals(IOException.class))) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static ListOptions one() {
        return new ListOptionsBuilder().withLimit(1L).build();
    }
}
