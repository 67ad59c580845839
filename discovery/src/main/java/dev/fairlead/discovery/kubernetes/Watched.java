package dev.fairlead.discovery.kubernetes;

import dev.fairlead.source.Permission;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/** What is listed and watched, as the API spells it. */
enum Watched {
    SERVICES("", "services"), SLICES("discovery.k8s.io", "endpointslices"), NODE("", "nodes");

    /** How it is asked for. */
    enum Verb {
        LIST("list"), WATCH("watch");

        private final String word;

        Verb(String word) {
            this.word = word;
        }

        static Verb of(URI request) {
            String query = request.getRawQuery();
            return query != null && Arrays.asList(query.split("&")).contains("watch=true") ? WATCH : LIST;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private final String group;
    private final String resource;

    Watched(String group, String resource) {
        this.group = group;
        this.resource = resource;
    }

    /** What a request asks for; empty where for something else. */
    static Optional<Watched> of(URI request) {
        String path = request.getPath();
        return Arrays.stream(values()).filter(one -> path.endsWith("/" + one.resource)).findFirst();
    }

    /**
     * What must be granted for it.
     *
     * @param namespace where we look; Nodes are in none
     */
    Permission permission(Verb verb, Optional<String> namespace) {
        return new Permission(verb.word, group, resource, this == NODE ? Optional.empty() : namespace);
    }

    @Override
    public String toString() {
        return resource;
    }
}
