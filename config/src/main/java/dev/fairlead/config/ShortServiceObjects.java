package dev.fairlead.config;

import dev.fairlead.config.Form.Placed;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Services in short form as the objects that would say the same, so that there is one path behind them.
 *
 * <p>
 * A Service opens each of its ports on each of its addresses. So listen addresses of one port become one Service (the
 * first of a family its clusterIP, the others externalIPs), and each further port a Service of its own.
 */
final class ShortServiceObjects {
    private ShortServiceObjects() {
    }

    /** What a service in short form stands for. */
    record Made(List<ServiceReader.Found> services, List<SliceReader.Found> slices) {
    }

    static Made of(ShortService service, Optional<String> serviceProxyName) {
        Map<Integer, List<Placed<IpPort>>> byPort = new LinkedHashMap<>();
        for (Placed<IpPort> door : service.listen()) {
            byPort.computeIfAbsent(door.value().port(), _ -> new ArrayList<>()).add(door);
        }
        Made made = new Made(new ArrayList<>(), new ArrayList<>());
        byPort.forEach((port, doors) -> {
            String name = made.services().isEmpty() ? service.name() : service.name() + "-" + port;
            made.services().add(service(service, name, port, doors, serviceProxyName));
            made.slices().addAll(slices(service, name));
        });
        return made;
    }

    private static ServiceReader.Found service(ShortService service, String name, int port,
            List<Placed<IpPort>> doors, Optional<String> serviceProxyName) {
        Map<IpFamily, String> clusterIPs = new LinkedHashMap<>();
        List<String> externalIPs = new ArrayList<>();
        for (Placed<IpPort> door : doors) {
            String ip = IpText.format(door.value().ip());
            if (clusterIPs.putIfAbsent(door.value().family(), ip) != null) {
                externalIPs.add(ip);
            }
        }
        Map<String, String> labels = serviceProxyName.map(value -> Map.of(Claims.PROXY_NAME_LABEL, value))
                .orElse(Map.of());
        ServiceObject object = new ServiceObject(new ServiceName(service.namespace(), name), labels,
                service.annotations(), "ClusterIP", clusterIPs.values().iterator().next(),
                List.copyOf(clusterIPs.values()), clusterIPs.keySet().stream().map(IpFamily::toString).toList(),
                List.of(new ServiceObject.Port("", service.protocol().toString(), port, 0)), externalIPs, List.of(),
                List.of(), service.sessionAffinity(), Optional.empty(), "", "", 0);
        List<Claim> claims = doors.stream().map(
                door -> new Claim(object, service.namePlace().spot(),
                        new Claim.Door.Address(service.protocol(), door.value()), door.place()))
                .toList();
        return new ServiceReader.Found(object, service.namePlace(), claims);
    }

    private record Group(IpFamily family, int port) {
    }

    private static List<SliceReader.Found> slices(ShortService service, String name) {
        Map<Group, List<SliceObject.Member>> groups = new LinkedHashMap<>();
        for (Placed<IpPort> endpoint : service.endpoints()) {
            groups.computeIfAbsent(new Group(endpoint.value().family(), endpoint.value().port()),
                    _ -> new ArrayList<>())
                    .add(new SliceObject.Member(List.of(IpText.format(endpoint.value().ip())), Optional.of(true),
                            Optional.of(true), Optional.of(false), Optional.empty(), List.of(), List.of()));
        }
        List<SliceReader.Found> slices = new ArrayList<>();
        groups.forEach((group, members) -> {
            String family = group.family().toString();
            slices.add(new SliceReader.Found(new SliceObject(service.namespace(),
                    name + "-" + family.toLowerCase(Locale.ROOT) + "-" + group.port(),
                    Map.of(SliceReader.SERVICE_LABEL, name), family, List.of(new SliceObject.Port(Optional.of(""),
                            service.protocol().toString(), Optional.of(group.port()))),
                    members), service.namePlace()));
        });
        return slices;
    }
}
