package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one contender is to do.
 *
 * @param directory its own, for its configuration and what it writes
 * @param slot a small number of its own among those that run at the same time
 * @param accessLog one line per connection, or none
 */
public record Assignment(Network network, Path directory, int slot, List<Service> services, boolean accessLog) {
    private static final int FIRST_ADMIN_PORT = 9000;

    /** Services of these kinds, with frontends that belong to the slot. */
    public static Assignment of(Network network, Path directory, int slot, List<EndpointKind> kinds,
            boolean accessLog) {
        return new Assignment(network, directory, slot,
                kinds.stream().map(kind -> Service.of(kind, network, slot)).toList(), accessLog);
    }

    Path accessLogFile() {
        return directory.resolve("access.log");
    }

    Path outputFile() {
        return directory.resolve("output.log");
    }

    /** Where Fairlead's admin listens. */
    public String admin() {
        return "127.0.0.1:" + adminPort();
    }

    int adminPort() {
        return FIRST_ADMIN_PORT + slot;
    }

    /** Where its services listen. */
    public Set<Integer> ports() {
        return listeners().keySet();
    }

    Map<Integer, Integer> listeners() {
        return services.stream().collect(Collectors.toMap(Service::port, service -> 1));
    }
}
