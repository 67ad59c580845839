package dev.fairlead.manifests;

import dev.fairlead.repository.Repository;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What an overlay of {@code docker/kubernetes} makes.
 *
 * @param objects all of it
 * @param pod what each of its pods is
 * @param fairlead the container of that name, wherever it stands in the pod
 */
public record Workload(List<HasMetadata> objects, PodSpec pod, Container fairlead) {
    private static final Path FOLDER = Repository.root().resolve("docker/kubernetes");

    /**
     * Reads it.
     *
     * @param overlay the name of its folder
     */
    public static Workload of(String overlay) throws IOException {
        List<HasMetadata> objects = Kustomization.build(FOLDER.resolve(overlay));
        PodSpec pod = objects.stream().<PodSpec>mapMulti((object, sink) -> {
            switch (object) {
                case DaemonSet set -> sink.accept(set.getSpec().getTemplate().getSpec());
                case Deployment deployment -> sink.accept(deployment.getSpec().getTemplate().getSpec());
                default -> {
                }
            }
        }).findFirst().orElseThrow();
        return new Workload(objects, pod,
                Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                        .filter(container -> container.getName().equals("fairlead")).findFirst().orElseThrow());
    }

    /** Its one object of a kind; none or several are a defect. */
    public <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " of " + kind.getSimpleName());
        }
        return found.getFirst();
    }

    /** What its service account may do, in the cluster or in a namespace; nothing where it has no role. */
    public List<PolicyRule> rules() {
        return objects.stream().<PolicyRule>mapMulti((object, sink) -> {
            switch (object) {
                case ClusterRole role -> role.getRules().forEach(sink);
                case Role role -> role.getRules().forEach(sink);
                default -> {
                }
            }
        }).toList();
    }

    /**
     * The container's variables.
     *
     * @param fields what a field of the pod is, by its path
     */
    public Map<String, String> environment(UnaryOperator<String> fields) {
        Map<String, String> all = new TreeMap<>();
        for (EnvVar variable : fairlead.getEnv()) {
            all.put(variable.getName(), variable.getValueFrom() == null
                    ? variable.getValue()
                    : fields.apply(variable.getValueFrom().getFieldRef().getFieldPath()));
        }
        return all;
    }

    /** Which files, by name, are mounted at which path: those of ConfigMaps, all of which are read-only. */
    public Map<String, Map<String, String>> files() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (VolumeMount mount : fairlead.getVolumeMounts()) {
            Volume volume = volume(mount);
            if (volume.getEmptyDir() == null) {
                all.put(mount.getMountPath(),
                        objects.stream().filter(ConfigMap.class::isInstance).map(ConfigMap.class::cast)
                                .filter(map -> map.getMetadata().getName().equals(volume.getConfigMap().getName()))
                                .findFirst().orElseThrow().getData());
            }
        }
        return all;
    }

    /** The paths at which there is an empty directory that everybody may write to. */
    public List<String> empty() {
        return fairlead.getVolumeMounts().stream().filter(mount -> volume(mount).getEmptyDir() != null)
                .map(VolumeMount::getMountPath).toList();
    }

    Volume volume(VolumeMount mount) {
        return pod.getVolumes().stream().filter(one -> one.getName().equals(mount.getName())).findFirst()
                .orElseThrow();
    }
}
