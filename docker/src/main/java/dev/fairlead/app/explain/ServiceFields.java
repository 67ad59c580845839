package dev.fairlead.app.explain;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.source.ServiceObject;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Service says in words that the model has no place for, by service port. */
final class ServiceFields {
    private final Map<ServiceName, ServiceObject> services = new HashMap<>();

    /** @param services of two of one name the later counts, as in translation */
    ServiceFields(List<ServiceObject> services) {
        services.forEach(service -> this.services.put(service.name(), service));
    }

    /** The port's {@code nodePort}, 0 where it has none. */
    int nodePort(ServicePortName name) {
        return service(name).stream().flatMap(service -> service.ports().stream())
                .filter(port -> port.name().equals(name.port())
                        && (port.protocol().isEmpty() ? "TCP" : port.protocol()).equals(name.protocol().name()))
                .findFirst().map(ServiceObject.Port::nodePort).orElse(0);
    }

    /** The Service's address in the port's family, {@code ""} where none is readable. */
    String clusterIp(ServicePortName name) {
        return service(name).stream().flatMap(s -> Stream.concat(s.clusterIPs().stream(), Stream.of(s.clusterIP())))
                .flatMap(text -> readable(text, name.family())).findFirst().orElse("");
    }

    List<String> externalIps(ServicePortName name) {
        return sorted(service(name).stream().flatMap(service -> service.externalIPs().stream()), name.family());
    }

    /** Addresses of the load balancer that the proxy serves; with ipMode Proxy it serves them itself. */
    List<String> loadBalancerVips(ServicePortName name) {
        return sorted(service(name).stream().flatMap(service -> service.loadBalancerIngress().stream())
                .filter(ingress -> ingress.ipMode().isEmpty() || ingress.ipMode().equals("VIP"))
                .map(ServiceObject.Ingress::ip), name.family());
    }

    int healthCheckNodePort(ServicePortName name) {
        return service(name).map(ServiceObject::healthCheckNodePort).orElse(0);
    }

    private Optional<ServiceObject> service(ServicePortName name) {
        return Optional.ofNullable(services.get(name.service()));
    }

    private static List<String> sorted(Stream<String> texts, IpFamily family) {
        return texts.flatMap(text -> readable(text, family)).distinct().sorted().toList();
    }

    private static Stream<String> readable(String text, IpFamily family) {
        Optional<InetAddress> ip = IpText.parse(text.strip()).filter(address -> IpFamily.of(address) == family);
        return ip.map(IpText::format).stream();
    }
}
