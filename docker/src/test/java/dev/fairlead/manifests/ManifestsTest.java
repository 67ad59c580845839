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
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    /** A second or two to be told, and to end when everything is over. */
    private static final long TO_END = 5;

    private static ProxyConfig settings(Workload workload) {
        ConfigReading reading = new ConfigReader(Balancers.installed()).read(List.of(
                new Text("fairlead.yaml", workload.only(ConfigMap.class).getData().getOrDefault("fairlead.yaml", ""))));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.notes()).isEmpty();
        return reading.settings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void everyFieldIsOneThatItsKindKnows(String overlay) throws IOException {
        assertThat(Workload.of(overlay).objects()).isNotEmpty()
                .allSatisfy(object -> assertThat(UnknownFields.of(object)).isEmpty());
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
        Workload workload = Workload.of(overlay);
        ProxyConfig.Drain drain = settings(workload).drain();
        long preStop = Optional.ofNullable(workload.fairlead().getLifecycle())
                .map(lifecycle -> lifecycle.getPreStop().getSleep().getSeconds()).orElse(0L);

        assertThat(workload.pod().getTerminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(preStop + drain.grace().toSeconds() + drain.deadline().toSeconds() + TO_END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void theConfigurationThatItReadsIsTheOneThatIsMounted(String overlay) throws IOException {
        Workload workload = Workload.of(overlay);
        Container fairlead = workload.fairlead();

        assertThat(fairlead.getArgs()).containsExactly("run", "-f", "/etc/fairlead/fairlead.yaml");
        assertThat(fairlead.getVolumeMounts()).hasSize(2).first().satisfies(mount -> {
            assertThat(mount.getMountPath()).isEqualTo("/etc/fairlead");
            assertThat(mount.getReadOnly()).isTrue();
            assertThat(workload.volume(mount).getConfigMap().getName())
                    .isEqualTo(workload.only(ConfigMap.class).getMetadata().getName());
        });
        assertThat(workload.empty()).as("where the socket of commands is").containsExactly("/run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemonset", "daemonset-beside-kube-proxy", "sidecar", "standalone"})
    void itHasNoMoreThanItNeeds(String overlay) throws IOException {
        var security = Workload.of(overlay).fairlead().getSecurityContext();

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
            assertThat(Workload.of(overlay).rules()).isEqualTo(written.getRules());
        }
        assertThat(Workload.of("sidecar").rules()).isEqualTo(
                written.getRules().stream().filter(rule -> !rule.getResources().contains("nodes")).toList());
    }

    @Test
    void aSidecarStartsBeforeAndEndsAfterTheOthers() throws IOException {
        PodSpec pod = Workload.of("sidecar").pod();

        assertThat(pod.getInitContainers()).singleElement().satisfies(container -> {
            assertThat(container.getRestartPolicy()).isEqualTo("Always");
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        });
    }

    @Test
    void besideKubeProxyItTakesItsLabelsServicesAndLeavesItsPorts() throws IOException {
        ProxyConfig settings = settings(Workload.of("daemonset-beside-kube-proxy"));

        assertThat(settings.services().serviceProxyName()).contains("fairlead");
        assertThat(settings.healthzDoor().toString()).doesNotContain("10256");
        assertThat(settings.metricsDoor().toString()).doesNotContain("10249");
    }
}
