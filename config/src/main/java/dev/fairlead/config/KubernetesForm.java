package dev.fairlead.config;

import dev.fairlead.config.Form.Group;
import dev.fairlead.config.Form.Meaning;
import dev.fairlead.config.Form.Text;
import dev.fairlead.config.ProxyConfig.Kubernetes;
import dev.fairlead.source.DurationText;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys that say where the cluster is and how its changes are followed. */
final class KubernetesForm {
    private static final Kubernetes DEFAULTS = Kubernetes.DEFAULTS;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final Key<Optional<Path>> KUBECONFIG = Key.absent("kubeconfig",
            "How to reach the API server; no default: as a pod does, else as kubectl does.",
            new Text<>("a path", List.of("/etc/fairlead/kubeconfig"), KubernetesForm::path));
    private static final Key<Optional<URI>> SERVER = Key.absent("server",
            "The API server's own address, which must not be the Service kubernetes, since this proxy serves that.",
            new Text<>("a URL such as https://192.168.1.2:6443", List.of("https://192.168.1.2:6443"),
                    KubernetesForm::url));
    private static final Key<Optional<String>> NAMESPACE = Key.absent("namespace",
            "Follow one namespace only, as a sidecar does with a Role; no default: the whole cluster.",
            new Text<>("the name of a namespace", List.of("shop"), NodeForm::nodeName));
    private static final Key<Duration> QUIET = Key.optional("quiet",
            "After a first change: how long no further one may come before both are acted upon together.",
            duration(), DEFAULTS.quiet(), DurationText.format(DEFAULTS.quiet()));
    private static final Key<Duration> AT_MOST = Key.optional("atMost",
            "How long a change may wait for others at most.", duration(), DEFAULTS.atMost(),
            DurationText.format(DEFAULTS.atMost()));

    static final Key<Optional<Kubernetes>> KEY = Key.absent("kubernetes",
            "Follow a cluster's Services and EndpointSlices; {} is enough where the API server is found by itself.",
            Group.of(List.of(KUBECONFIG, SERVER, NAMESPACE, QUIET, AT_MOST), KubernetesForm::make));

    private KubernetesForm() {
    }

    private static Kubernetes make(Section section) {
        return new Kubernetes(section.value(KUBECONFIG), section.value(SERVER), section.value(NAMESPACE),
                section.value(QUIET), section.value(AT_MOST));
    }

    private static Form<Duration> duration() {
        return new Text<>("a duration such as 10ms", List.of("10ms", "100ms"), text -> DurationText.parse(text)
                .filter(d -> d.compareTo(LONGEST) <= 0).<Meaning<Duration>>map(Meaning.Value::new)
                .orElseGet(() -> new Meaning.Wrong<>(Words.quote(text)
                        + " is not a duration up to 1m (expected: such as 10ms or 0s)"
                        + (text.matches("\\d{1,4}") ? " - did you mean \"" + text + "ms\"?" : ""))));
    }

    private static Meaning<Path> path(String text) {
        try {
            return new Meaning.Value<>(Path.of(text));
        } catch (InvalidPathException e) {
            return new Meaning.Wrong<>(
                    Words.quote(text) + " is not a path: " + e.getReason() + " (expected: the path of a kubeconfig)");
        }
    }

    private static Meaning<URI> url(String text) {
        try {
            URI uri = URI.create(text);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                return new Meaning.Value<>(uri);
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        return new Meaning.Wrong<>(Words.quote(text) + " is not a URL (expected: such as https://192.168.1.2:6443)");
    }
}
