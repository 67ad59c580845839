package dev.fairlead.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that an informer must remember to tell news from repetition: which objects there are and in which version. The
 * objects themselves are read once and let go; 10,000 slices of 25 endpoints would otherwise be held twice. Any thread.
 */
final class SeenVersions<T extends HasMetadata> implements ItemStore<T> {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Supplier<T> blank;

    /** @param blank makes an object for its metadata to be filled in */
    SeenVersions(Supplier<T> blank) {
        this.blank = blank;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable T put(String key, T object) {
        String version = Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
        return known(key, versions.put(key, version));
    }

    @Override
    public @Nullable T remove(String key) {
        return known(key, versions.remove(key));
    }

    @Override
    public @Nullable T get(String key) {
        return known(key, versions.get(key));
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return versions.entrySet().stream().map(entry -> object(entry.getKey(), entry.getValue()));
    }

    @Override
    public int size() {
        return versions.size();
    }

    /** The informer must not come back for the rest of an object. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private @Nullable T known(String key, @Nullable String version) {
        return version == null ? null : object(key, version);
    }

    private T object(String key, String version) {
        int slash = key.indexOf('/');
        ObjectMeta metadata = new ObjectMetaBuilder().withName(key.substring(slash + 1)).withResourceVersion(version)
                .build();
        if (slash >= 0) {
            metadata.setNamespace(key.substring(0, slash));
        }
        T object = blank.get();
        object.setMetadata(metadata);
        return object;
    }
}
