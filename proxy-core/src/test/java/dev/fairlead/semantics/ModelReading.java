package dev.fairlead.semantics;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From objects to the model's service ports: which Services count, what they ask for, and who their endpoints are. */
final class ModelReading {
    private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final List<ServiceObject> services;
    private final List<SliceObject> slices;
    private final TranslationSettings settings;
    private final ModelNode node;

    ModelReading(ObjectSet objects, TranslationSettings settings, ModelNode node) {
        Map<ServiceName, ServiceObject> latestServices = new LinkedHashMap<>();
        for (ServiceObject service : objects.services()) {
            latestServices.put(service.name(), service);
        }
        Map<String, SliceObject> latestSlices = new LinkedHashMap<>();
        for (SliceObject slice : objects.slices()) {
            latestSlices.put(slice.namespace() + "/" + slice.name(), slice);
        }
        this.services = List.copyOf(latestServices.values());
        this.slices = List.copyOf(latestSlices.values());
        this.settings = settings;
        this.node = node;
    }

    List<ModelPort> ports() {
        List<ModelPort> ports = new ArrayList<>();
        for (ServiceObject service : services) {
            for (int bits : List.of(32, 128)) {
                Optional<Ip> clusterIp = clusterIp(service, bits);
                if (!proxied(service) || clusterIp.isEmpty()) {
                    continue;
                }
                for (ServiceObject.Port port : service.ports()) {
                    if (!port.protocol().equals("SCTP")) {
                        ports.add(port(service, port, clusterIp.get()));
                    }
                }
            }
        }
        return ports;
    }

    Set<String> serviceNames() {
        Set<String> names = new LinkedHashSet<>();
        for (ServiceObject service : services) {
            names.add(service.name().namespace() + "/" + service.name().name());
        }
        return names;
    }

    private boolean proxied(ServiceObject service) {
        if (service.clusterIP().equals("None") || service.clusterIP().isEmpty()
                || service.type().equals("ExternalName") || service.labels().containsKey(HEADLESS)) {
            return false;
        }
        return Optional.ofNullable(service.labels().get(PROXY_NAME)).equals(settings.serviceProxyName());
    }

    private static Optional<Ip> clusterIp(ServiceObject service, int bits) {
        if (service.ipFamilies().isEmpty()) {
            return Ip.read(service.clusterIP()).filter(ip -> ip.bits() == bits);
        }
        // An API server fills an absent clusterIPs from clusterIP; a file may leave it out.
        List<String> all = service.clusterIPs().isEmpty() ? List.of(service.clusterIP()) : service.clusterIPs();
        for (int i = 0; i < Math.min(service.ipFamilies().size(), all.size()); i++) {
            if (service.ipFamilies().get(i).equals(bits == 32 ? "IPv4" : "IPv6")) {
                return Ip.read(all.get(i)).filter(ip -> ip.bits() == bits);
            }
        }
        return Optional.empty();
    }

    private ModelPort port(ServiceObject service, ServiceObject.Port port, Ip clusterIp) {
        int bits = clusterIp.bits();
        List<String> externalIps = settings.gates().allowServiceExternalIps() ? service.externalIPs() : List.of();
        boolean accessibleByType = switch (service.type()) {
            case "LoadBalancer", "NodePort" -> true;
            case "ClusterIP", "" -> !externalIps.isEmpty();
            default -> false;
        };
        boolean externalLocal = accessibleByType && service.externalTrafficPolicy().equals("Local");
        String affinity = service.sessionAffinity().equals("ClientIP")
                ? String.valueOf(service.affinityTimeoutSeconds().orElse(10_800))
                : "None";
        return new ModelPort(service.name().namespace(), service.name().name(), port.name(), protocol(port.protocol()),
                clusterIp, port.port(), port.nodePort(), readable(externalIps, bits), vips(service, bits),
                ranges(service, bits), service.internalTrafficPolicy().equals("Local"), externalLocal, affinity,
                service.type().equals("LoadBalancer") && externalLocal ? service.healthCheckNodePort() : 0,
                endpoints(service, port, bits));
    }

    private static String protocol(String text) {
        return text.isEmpty() ? "TCP" : text;
    }

    private static List<Ip> readable(List<String> texts, int bits) {
        Set<Ip> found = new LinkedHashSet<>();
        for (String text : texts) {
            Ip.read(text).filter(ip -> ip.bits() == bits).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    private static List<Ip> vips(ServiceObject service, int bits) {
        List<String> captured = new ArrayList<>();
        for (ServiceObject.Ingress ingress : service.loadBalancerIngress()) {
            if (ingress.ipMode().isEmpty() || ingress.ipMode().equals("VIP")) {
                captured.add(ingress.ip());
            }
        }
        return readable(captured, bits);
    }

    private static List<Block> ranges(ServiceObject service, int bits) {
        List<Block> ranges = new ArrayList<>();
        for (String text : service.loadBalancerSourceRanges()) {
            Optional<Block> block = Block.read(text).filter(b -> b.base().bits() == bits);
            if (block.isPresent() && block.get().prefix() == 0) {
                return List.of();
            }
            block.ifPresent(ranges::add);
        }
        return List.copyOf(ranges);
    }

    private List<ModelEndpoint> endpoints(ServiceObject service, ServiceObject.Port port, int bits) {
        List<ModelEndpoint> found = new ArrayList<>();
        for (SliceObject slice : slices) {
            if (!slice.labels().containsKey(HEADLESS) && slice.namespace().equals(service.name().namespace())
                    && service.name().name().equals(slice.labels().get(SERVICE_NAME))
                    && slice.addressType().equals(bits == 32 ? "IPv4" : "IPv6")) {
                for (SliceObject.Port slicePort : slice.ports()) {
                    if (slicePort.name().equals(Optional.of(port.name()))
                            && protocol(slicePort.protocol()).equals(protocol(port.protocol()))
                            && slicePort.port().orElse(0) != 0) {
                        addAll(found, slice.endpoints(), slicePort.port().orElseThrow(), bits);
                    }
                }
            }
        }
        return found;
    }

    private void addAll(List<ModelEndpoint> found, List<SliceObject.Member> members, int port, int bits) {
        for (SliceObject.Member member : members) {
            Optional<Ip> ip = member.addresses().isEmpty() ? Optional.empty() : Ip.read(member.addresses().getFirst());
            if (ip.isPresent() && ip.get().bits() == bits) {
                boolean local = node.name().isPresent() && member.nodeName().equals(node.name());
                add(found, new ModelEndpoint(ip.get(), port, member.ready().orElse(true), member.serving().orElse(true),
                        member.terminating().orElse(false), local, member.zoneHints(), member.nodeHints()));
            }
        }
    }

    /** Of several copies of one address a local one counts, otherwise the first. */
    private static void add(List<ModelEndpoint> found, ModelEndpoint endpoint) {
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).address().equals(endpoint.address())) {
                if (endpoint.local()) {
                    found.set(i, endpoint);
                }
                return;
            }
        }
        found.add(endpoint);
    }
}
