package dev.fairlead.model;

import java.util.Comparator;

/**
 * What we balance: one port of one Service in one IP family, written {@code ns/name:port} (kube-proxy's form; an
 * unnamed port leaves the colon out).
 *
 * @param port the port's name, {@code ""} where it has none
 */
public record ServicePortName(ServiceName service, String port, Protocol protocol, IpFamily family)
        implements
            Comparable<ServicePortName> {
    private static final Comparator<ServicePortName> ORDER = Comparator.comparing(ServicePortName::service)
            .thenComparing(ServicePortName::port).thenComparing(ServicePortName::protocol)
            .thenComparing(ServicePortName::family);

    @Override
    public int compareTo(ServicePortName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return port.isEmpty() ? service.toString() : service + ":" + port;
    }
}
