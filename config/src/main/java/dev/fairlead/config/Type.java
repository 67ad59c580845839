package dev.fairlead.config;

import java.util.Map;
import java.util.Optional;

/**
 * What a document says it is.
 *
 * @param apiVersion {@code ""} where it does not say
 * @param kind {@code ""} where it does not say
 */
record Type(String apiVersion, String kind) {
    static final Type NONE = new Type("", "");
    static final Type SERVICE = new Type("v1", "Service");
    static final Type SLICE = new Type("discovery.k8s.io/v1", "EndpointSlice");
    static final Type NODE = new Type("v1", "Node");

    private static final Map<Type, Type> LISTS = Map.of(new Type("v1", "List"), NONE, new Type("v1", "ServiceList"),
            SERVICE, new Type("discovery.k8s.io/v1", "EndpointSliceList"), SLICE, new Type("v1", "NodeList"), NODE);

    /** As the object says, or as the list around it does where the object says nothing. */
    static Type of(Fields object, Type fallback) {
        return new Type(object.optionalText("apiVersion").orElse(fallback.apiVersion()),
                object.optionalText("kind").orElse(fallback.kind()));
    }

    /** What the items of this kind of list are; empty where it is no list. */
    Optional<Type> itemsOfList() {
        return Optional.ofNullable(LISTS.get(this));
    }
}
