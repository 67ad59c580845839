package dev.fairlead.model;

import java.util.Optional;

/**
 * One thing that an operator has taken out of service: it takes no new connections. Written {@code namespace/name}, or
 * {@code namespace/name ip:port} where it is an endpoint.
 *
 * @param endpoint absent = all endpoints of the Service, also those that come later
 */
public record Drain(ServiceName service, Optional<IpPort> endpoint) implements Comparable<Drain> {
    /**
     * What {@link #toString} wrote.
     *
     * @throws IllegalArgumentException where it says something else
     */
    public static Drain parse(String text) {
        String[] words = text.split(" ", 2);
        return new Drain(
                ServiceName.parse(words[0]).orElseThrow(() -> new IllegalArgumentException(
                        "a drain: \"" + text + "\" (expected: namespace/name, and an endpoint's ip:port)")),
                words.length == 1 ? Optional.empty() : Optional.of(IpPort.of(words[1])));
    }

    @Override
    public int compareTo(Drain other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : endpointText().compareTo(other.endpointText());
    }

    private String endpointText() {
        return endpoint.map(IpPort::toString).orElse("");
    }

    @Override
    public String toString() {
        return endpoint.map(address -> service + " " + address).orElseGet(service::toString);
    }
}
