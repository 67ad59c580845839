package dev.fairlead.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an API server holds: objects, the versions they went through, and who may see them by a request's selectors. Not
 * a copy of the real one, but the same where a watcher can tell. Guarded by its user.
 */
final class ApiObjects {
    /** What a request asks for. */
    record Query(Watched kind, String namespace, String labels, String fields, String clusterIpRule) {
        boolean sees(HasMetadata object) {
            if (!namespace.isEmpty() && !namespace.equals(object.getMetadata().getNamespace())) {
                return false;
            }
            return terms(labels).allMatch(term -> label(term, object)) && terms(fields).allMatch(t -> field(t, object));
        }

        private static Stream<String> terms(String selector) {
            return Arrays.stream(selector.split(",")).filter(term -> !term.isEmpty());
        }

        private static boolean label(String term, HasMetadata object) {
            Map<String, String> labels = Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
            if (term.startsWith("!")) {
                return !labels.containsKey(term.substring(1));
            }
            String[] pair = term.split("=", 2);
            return pair[1].equals(labels.get(pair[0]));
        }

        private boolean field(String term, HasMetadata object) {
            return switch (term.replaceAll("[!=].*", "")) {
                case "metadata.name" -> term.equals("metadata.name=" + object.getMetadata().getName());
                case "spec.clusterIP" -> clusterIpRule.equals("ignore") || !(object instanceof Service service)
                        || !Objects.equals(service.getSpec().getClusterIP(), "None");
                default -> throw new IllegalArgumentException(term);
            };
        }
    }

    private record Change(long version, Watched kind, Optional<HasMetadata> before, Optional<HasMetadata> after) {
    }

    private final Map<String, HasMetadata> objects = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long version = 100;
    private long forgotten = 0;

    static Watched kind(HasMetadata object) {
        return switch (object.getKind()) {
            case "Service" -> Watched.SERVICES;
            case "EndpointSlice" -> Watched.SLICES;
            case "Node" -> Watched.NODE;
            default -> throw new IllegalArgumentException(object.getKind());
        };
    }

    private static String key(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    HasMetadata put(HasMetadata given) {
        HasMetadata object = Serialization.clone(given);
        object.getMetadata().setResourceVersion(Long.toString(++version));
        Optional<HasMetadata> before = Optional.ofNullable(objects.put(key(object), object));
        changes.add(new Change(version, kind(object), before, Optional.of(object)));
        return object;
    }

    void delete(HasMetadata given) {
        HasMetadata before = Objects.requireNonNull(objects.remove(key(given)), () -> key(given));
        HasMetadata last = Serialization.clone(before);
        last.getMetadata().setResourceVersion(Long.toString(++version));
        changes.add(new Change(version, kind(given), Optional.of(last), Optional.empty()));
    }

    /** What happened until now can no longer be told. */
    void forget() {
        changes.clear();
        forgotten = ++version;
    }

    long version() {
        return version;
    }

    boolean remembers(long since) {
        return since >= forgotten;
    }

    /** As the API answers a list. */
    String list(Query query) {
        List<String> items = objects.values().stream().filter(one -> kind(one) == query.kind()).filter(query::sees)
                .map(ApiObjects::json).toList();
        return "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version
                + "\"},\"items\":[" + String.join(",", items) + "]}";
    }

    /** As the API tells a watch what happened after a version. */
    List<String> events(Query query, long since) {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            if (change.version > since && change.kind == query.kind()) {
                boolean saw = change.before.filter(query::sees).isPresent();
                boolean sees = change.after.filter(query::sees).isPresent();
                if (sees) {
                    lines.add(event(saw ? "MODIFIED" : "ADDED", change.after.orElseThrow()));
                } else if (saw) {
                    // Who no longer matches a selector is told as deleted, as it is now.
                    lines.add(event("DELETED", change.after.or(change::before).orElseThrow()));
                }
            }
        }
        return lines;
    }

    static String event(String type, HasMetadata object) {
        return "{\"type\":\"" + type + "\",\"object\":" + json(object) + "}";
    }

    private static String json(HasMetadata object) {
        return Serialization.asJson(object).replace("\n", "");
    }
}
