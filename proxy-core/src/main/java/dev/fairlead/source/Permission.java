package dev.fairlead.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that an API server must allow.
 *
 * @param verb {@code list}, {@code watch} or {@code create}
 * @param group the API group, {@code ""} for the core one
 * @param resource in the plural: {@code endpointslices}
 * @param namespace where; absent = in all of them, or the resource has none
 */
public record Permission(String verb, String group, String resource, Optional<String> namespace) {
    private static final String CREATE = "create";

    /**
     * The roles that grant all of these, as lines of YAML: a ClusterRole, or a Role for each namespace. Who may list
     * may watch too and the other way round, since nobody here needs one without the other. What may be created has a
     * role of its own: roles of one name replace each other, and this one may be granted long after the other.
     */
    public static List<String> roles(List<Permission> permissions) {
        Map<Role, Set<Resource>> rules = new LinkedHashMap<>();
        for (Permission one : permissions) {
            rules.computeIfAbsent(new Role(one.verb.equals(CREATE), one.namespace), _ -> new LinkedHashSet<>())
                    .add(new Resource(one.group, one.resource));
        }
        List<String> lines = new ArrayList<>();
        rules.forEach((role, resources) -> {
            if (!lines.isEmpty()) {
                lines.add("---");
            }
            lines.add("apiVersion: rbac.authorization.k8s.io/v1");
            lines.add("kind: " + (role.namespace.isPresent() ? "Role" : "ClusterRole"));
            lines.add("metadata: {name: " + (role.creates ? "fairlead-events" : "fairlead-discovery")
                    + role.namespace.map(where -> ", namespace: " + where).orElse("") + "}");
            lines.add("rules:");
            for (Resource resource : resources) {
                lines.add("- apiGroups: [\"" + resource.group + "\"]");
                lines.add("  resources: [" + resource.name + "]");
                lines.add("  verbs: [" + (role.creates ? CREATE : "list, watch") + "]");
            }
        });
        return lines;
    }

    private record Role(boolean creates, Optional<String> namespace) {
    }

    private record Resource(String group, String name) {
    }

    /** In words: {@code list endpointslices.discovery.k8s.io in namespace shop}. */
    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group)
                + namespace.map(where -> " in namespace " + where).orElse("");
    }
}
