package dev.fairlead.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the API client must be told. Nothing is taken from the surroundings that was not asked for: no
 * {@code ~/.kube/config}, no system property, no {@code kubernetes.default.svc}.
 */
final class ClientConfig {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    // A list of a large cluster takes more than the 10 s that fabric8 allows.
    private static final int REQUEST_TIMEOUT_MILLIS = 60_000;
    private static final int RETRY_MILLIS = 100;
    private static final String USER_AGENT = "fairlead";

    private final Function<String, Optional<String>> environment;
    private final Pace pace;

    /** @param environment the process's variables */
    ClientConfig(Function<String, Optional<String>> environment, Pace pace) {
        this.environment = environment;
        this.pace = pace;
    }

    /**
     * Reads what there is to read; may run the command that a kubeconfig names.
     *
     * @param webSockets whether watches go over a web socket each, instead of over the one HTTP/2 connection of lists
     */
    Config read(ApiServer server, boolean webSockets) throws UnusableAccess {
        Config config = switch (server) {
            case ApiServer.Address(String url) -> at(url);
            case ApiServer.Kubeconfig(Path file, Optional<String> url) -> kubeconfig(file, url);
            case ApiServer.InCluster(Path account, Optional<String> url) -> inCluster(account, url);
        };
        config.setUserAgent(USER_AGENT);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
        // One repetition, since only with one are failures to connect told; beyond that the informers try again.
        config.setRequestRetryBackoffLimit(1);
        config.setRequestRetryBackoffInterval(RETRY_MILLIS);
        config.setWatchReconnectInterval(Math.max(1, (int) pace.reconnect().toMillis()));
        config.setWatchReconnectLimit(-1);
        config.setOnlyHttpWatches(!webSockets);
        return config;
    }

    private static Config at(String url) {
        Config config = Config.empty();
        config.setMasterUrl(url);
        return config;
    }

    private static Config kubeconfig(Path file, Optional<String> url) throws UnusableAccess {
        try {
            Context context = context(file);
            if (url.isEmpty() && context.server().isEmpty()) {
                throw new UnusableAccess(file.toString(), "this kubeconfig names no API server (expected: a"
                        + " current-context whose cluster has a server)");
            }
            Config config = Config.fromKubeconfig(file.toFile());
            url.ifPresent(config::setMasterUrl);
            // What fabric8 leaves out.
            context.tokenFile()
                    .map(name -> new TokenFile(file.toAbsolutePath().resolveSibling(name)))
                    .ifPresent(config::setOauthTokenProvider);
            return config;
        } catch (IOException unreadable) {
            throw new UnusableAccess(file.toString(), "this kubeconfig cannot be read (" + FailureWords.of(unreadable)
                    + "); it is looked for again by itself");
        } catch (RuntimeException notUnderstood) {
            throw new UnusableAccess(file.toString(), "this is no usable kubeconfig ("
                    + FailureWords.of(notUnderstood) + "); it is read again by itself");
        }
    }

    /** What the current context of a kubeconfig says; each part empty where it says nothing. */
    private record Context(Optional<String> server, Optional<String> tokenFile) {
    }

    private static Context context(Path file) throws IOException {
        io.fabric8.kubernetes.api.model.Config text = Serialization.unmarshal(Files.readString(file),
                io.fabric8.kubernetes.api.model.Config.class);
        Optional<io.fabric8.kubernetes.api.model.Context> current = text == null
                ? Optional.empty()
                : named(text.getContexts(), NamedContext::getName, text.getCurrentContext())
                        .map(NamedContext::getContext);
        if (text == null || current.isEmpty()) {
            return new Context(Optional.empty(), Optional.empty());
        }
        return new Context(
                named(text.getClusters(), NamedCluster::getName, current.get().getCluster())
                        .map(NamedCluster::getCluster).map(Cluster::getServer).filter(one -> !one.isEmpty()),
                named(text.getUsers(), NamedAuthInfo::getName, current.get().getUser()).map(NamedAuthInfo::getUser)
                        .map(AuthInfo::getTokenFile).filter(one -> !one.isEmpty()));
    }

    private static <T> Optional<T> named(@Nullable List<T> all, Function<T, String> name, @Nullable String wanted) {
        return all == null || wanted == null
                ? Optional.empty()
                : all.stream().filter(one -> wanted.equals(name.apply(one))).findFirst();
    }

    private Config inCluster(Path account, Optional<String> url) throws UnusableAccess {
        String server = url.isPresent() ? url.get() : fromEnvironment();
        Path token = account.resolve("token");
        if (!Files.isReadable(token)) {
            throw new UnusableAccess(token.toString(), "there is no service account token here (expected: in a pod,"
                    + " with automountServiceAccountToken); elsewhere name a kubeconfig");
        }
        Config config = at(server);
        config.setOauthTokenProvider(new TokenFile(token));
        Path authority = account.resolve("ca.crt");
        if (Files.isReadable(authority)) {
            config.setCaCertFile(authority.toString());
        }
        return config;
    }

    private String fromEnvironment() throws UnusableAccess {
        String host = environment.apply("KUBERNETES_SERVICE_HOST").orElse("");
        if (host.isEmpty()) {
            throw new UnusableAccess("KUBERNETES_SERVICE_HOST",
                    "is not set, so this is no pod (expected: a kubeconfig, or the API server's URL)");
        }
        String port = environment.apply("KUBERNETES_SERVICE_PORT").orElse("443");
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** What to try where the server cannot be reached, beyond what anybody would try. */
    static String advice(ApiServer server) {
        return switch (server) {
            case ApiServer.InCluster(Path _, Optional<String> url) when url.isEmpty() ->
                "this is the address of the kubernetes Service, which on a node only works once a proxy serves it:"
                        + " there, name the API server's own URL";
            case ApiServer.Address _,ApiServer.Kubeconfig _,ApiServer.InCluster _ ->
                "is the API server running, and may this host reach it?";
        };
    }
}
