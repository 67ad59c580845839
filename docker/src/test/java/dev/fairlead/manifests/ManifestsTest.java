package dev.fairlead.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.repository.Repository;
import dev.fairlead.source.SnapshotReader.Text;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    private static final Path FOLDER = Repository.root().resolve("docker/kubernetes");
    /** A second or two to be told, and to end when everything is over. */
    private static final long TO_END = 5;

    private static List<HasMetadata> build(String overlay) throws IOException {
        return Kustomization.build(FOLDER.resolve(overlay));
    }

    private static <T extends HasMetadata> T only(Class<T> kind, List<HasMetadata> objects) {
        List<T> found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).as("%s of %s", kind.getSimpleName(), objects).hasSize(1);
        return found.getFirst();
    }

    private static PodSpec pod(List<HasMetadata> objects) {
        return objects.stream().<PodSpec>mapMulti((object, sink) -> {
            switch (object) {
                case DaemonSet set -> sink.accept(set.getSpec().getTemplate().getSpec());
                case Deployment deployment -> sink.accept(deployment.getSpec().getTemplate().getSpec());
                default -> {
                }
            }
        }).findFirst().orElseThrow();
    }

    private static Container fairlead(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .filter(container -> container.getName().equals("fairlead")).findFirst().orElseThrow();
    }

    private static ProxyConfig settings(List<HasMetadata> objects) {
        ConfigReading reading = new ConfigReader(Balancers.installed()).read(List.of(
                new Text("fairlead.yaml", only(ConfigMap.class, objects).getData().getOrDefault("fairlead.yaml", ""))));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.notes()).isEmpty();
        return reading.settings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void everyFieldIsOneThatItsKindKnows(String overlay) throws IOException {
        assertThat(build(overlay)).isNotEmpty().allSatisfy(object -> assertThat(UnknownFields.of(object)).isEmpty());
    }

    @Test
    void aFieldThatNoKindKnowsIsFound() {
        assertThat(UnknownFields.of(new KubernetesSerialization().unmarshal("""
                apiVersion: v1
                kind: Pod
                spec:
                  containers: [{name: a, readynessProbe: {}}]
                """))).containsExactly("Pod.Spec.Containers[].readynessProbe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void thereIsTimeForPreStopGraceAndDeadline(String overlay) throws IOException {
        List<HasMetadata> objects = build(overlay);
        PodSpec pod = pod(objects);
        ProxyConfig.Drain drain = settings(objects).drain();
        long preStop = Optional.ofNullable(fairlead(pod).getLifecycle())
                .map(lifecycle -> lifecycle.getPreStop().getSleep().getSeconds()).orElse(0L);

        assertThat(pod.getTerminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(preStop + drain.grace().toSeconds() + drain.deadline().toSeconds() + TO_END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void theConfigurationThatItReadsIsTheOneThatIsMounted(String overlay) throws IOException {
        List<HasMetadata> objects = build(overlay);
        PodSpec pod = pod(objects);
        Container fairlead = fairlead(pod);

        assertThat(fairlead.getArgs()).containsExactly("run", "-f", "/etc/fairlead/fairlead.yaml");
        assertThat(fairlead.getVolumeMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getMountPath()).isEqualTo("/etc/fairlead");
            assertThat(mount.getReadOnly()).isTrue();
            assertThat(pod.getVolumes()).anySatisfy(volume -> {
                assertThat(volume.getName()).isEqualTo(mount.getName());
                assertThat(volume.getConfigMap().getName())
                        .isEqualTo(only(ConfigMap.class, objects).getMetadata().getName());
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void itHasNoMoreThanItNeeds(String overlay) throws IOException {
        var security = fairlead(pod(build(overlay))).getSecurityContext();

        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        if (overlay.startsWith("daemonset")) {
            assertThat(security.getCapabilities().getAdd()).containsExactly("NET_ADMIN", "NET_BIND_SERVICE", "BPF");
        } else {
            assertThat(security.getCapabilities().getAdd()).isEmpty();
            assertThat(security.getRunAsNonRoot()).isTrue();
        }
    }

    /** The rules that docs/kube-proxy.md explains; a sidecar needs those about one namespace. */
    @Test
    void itMayReadWhatIsWrittenDownAndNoMore() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs/kube-proxy.md"));
        int from = page.indexOf("```yaml\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole");
        ClusterRole written = new KubernetesSerialization().unmarshal(
                page.substring(from + "```yaml\n".length(), page.indexOf("```", from + 3)), ClusterRole.class);

        for (String overlay : List.of("daemonset", "daemonset-beside-kube-proxy")) {
            assertThat(only(ClusterRole.class, build(overlay)).getRules()).isEqualTo(written.getRules());
        }
        assertThat(only(Role.class, build("sidecar")).getRules()).isEqualTo(
                written.getRules().stream().filter(rule -> !rule.getResources().contains("nodes")).toList());
    }

    @Test
    void aSidecarStartsBeforeAndEndsAfterTheOthers() throws IOException {
        PodSpec pod = pod(build("sidecar"));

        assertThat(pod.getInitContainers()).singleElement().satisfies(container -> {
            assertThat(container.getRestartPolicy()).isEqualTo("Always");
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        });
    }

    @Test
    void besideKubeProxyItTakesItsLabelsServicesAndLeavesItsPorts() throws IOException {
        ProxyConfig settings = settings(build("daemonset-beside-kube-proxy"));

        assertThat(settings.services().serviceProxyName()).contains("fairlead");
        assertThat(settings.healthzDoor().toString()).doesNotContain("10256");
        assertThat(settings.metricsDoor().toString()).doesNotContain("10249");
    }
}
