package dev.fairlead.model;

/**
 * What we balance: one port of one Service in one IP family, written {@code ns/name:port} (kube-proxy's form; an
 * unnamed port leaves the colon out).
 *
 * @param port the port's name, {@code ""} where it has none
 */
public record ServicePortName(ServiceName service, String port, Protocol protocol, IpFamily family)
        implements
            Comparable<ServicePortName> {
    /** As often as that of {@link ServiceName}. */
    @Override
    public int compareTo(ServicePortName other) {
        int order = service.compareTo(other.service);
        if (order == 0) {
            order = port.compareTo(other.port);
        }
        if (order == 0) {
            order = protocol.compareTo(other.protocol);
        }
        return order != 0 ? order : family.compareTo(other.family);
    }

    @Override
    public String toString() {
        return port.isEmpty() ? service.toString() : service + ":" + port;
    }
}
