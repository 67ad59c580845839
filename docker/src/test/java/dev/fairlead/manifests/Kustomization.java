package dev.fairlead.manifests;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As much of Kustomize as the overlays use: resources, a namespace, ConfigMaps of files (without the hash behind their
 * names), and tags of images. Anything else in a kustomization is refused.
 */
final class Kustomization {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Set<String> KNOWN = Set.of("apiVersion", "kind", "namespace", "resources",
            "configMapGenerator", "images");

    private Kustomization() {
    }

    /** The objects of a folder, and of those that it builds on. */
    static List<HasMetadata> build(Path folder) throws IOException {
        Map<?, ?> kustomization = YAML.unmarshal(Files.readString(folder.resolve("kustomization.yaml")), Map.class);
        for (Object key : kustomization.keySet()) {
            if (!KNOWN.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(folder + ": " + key + " is not known here");
            }
        }
        List<HasMetadata> objects = new ArrayList<>();
        for (Object resource : list(kustomization.get("resources"))) {
            Path path = folder.resolve(String.valueOf(resource)).normalize();
            objects.addAll(Files.isDirectory(path) ? build(path) : documents(path));
        }
        for (Object generator : list(kustomization.get("configMapGenerator"))) {
            objects.add(configMap(folder, (Map<?, ?>) generator));
        }
        if (kustomization.get("namespace") instanceof String namespace) {
            objects.forEach(object -> object.getMetadata().setNamespace(namespace));
        }
        return objects;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static List<HasMetadata> documents(Path file) throws IOException {
        return Pattern.compile("^---$", Pattern.MULTILINE).splitAsStream(Files.readString(file))
                .<HasMetadata>map(YAML::unmarshal).collect(Collectors.toList());
    }

    private static HasMetadata configMap(Path folder, Map<?, ?> generator) throws IOException {
        Map<String, String> data = new TreeMap<>();
        for (Object file : list(generator.get("files"))) {
            data.put(String.valueOf(file), Files.readString(folder.resolve(String.valueOf(file))));
        }
        return new ConfigMapBuilder().withNewMetadata().withName(String.valueOf(generator.get("name"))).endMetadata()
                .withData(data).build();
    }
}
