package dev.fairlead.admin;

import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What load balancers are told of a Service of type LoadBalancer whose externalTrafficPolicy is Local, so that they
 * send connections only where it has endpoints (pkg/proxy/healthcheck/service_health.go).
 *
 * @param endpoints distinct addresses of the family that are on this node and ready; one that is terminating is not,
 *     though it may be served while there is no other
 */
record ServiceHealth(ServiceName service, Set<InetAddress> endpoints) {
    /** Where a snapshot wants it to be told: healthCheckNodePort, at each address where node ports are served. */
    static Map<IpPort, ServiceHealth> of(ServiceSnapshot snapshot) {
        Map<IpPort, ServiceHealth> told = new TreeMap<>();
        for (ServicePort port : snapshot.ports()) {
            if (port.healthCheckNodePort() == 0) {
                continue;
            }
            IpFamily family = IpFamily.of(port.addresses().clusterIp());
            for (InetAddress ip : snapshot.network().nodePortAddresses()) {
                if (IpFamily.of(ip) == family) {
                    ServiceHealth health = told.computeIfAbsent(new IpPort(ip, port.healthCheckNodePort()),
                            _ -> new ServiceHealth(port.name().service(), new HashSet<>()));
                    if (health.service.equals(port.name().service())) {
                        port.endpoints().stream().filter(Endpoint::ready).filter(snapshot.node()::isLocal)
                                .forEach(endpoint -> health.endpoints.add(endpoint.address().ip()));
                    }
                }
            }
        }
        return told;
    }
}
