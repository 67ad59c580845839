package dev.fairlead.config;

import dev.fairlead.config.Form.Placed;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import java.util.List;
import java.util.Map;

/**
 * A service in short form.
 *
 * @param annotations its policy, in the words of a Service
 */
record ShortService(String name, Place namePlace, String namespace, List<Placed<IpPort>> listen, Protocol protocol,
        String sessionAffinity, Map<String, String> annotations, List<Placed<IpPort>> endpoints) {
    ShortService {
        listen = List.copyOf(listen);
        annotations = Map.copyOf(annotations);
        endpoints = List.copyOf(endpoints);
    }
}
