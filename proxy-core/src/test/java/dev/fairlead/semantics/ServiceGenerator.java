package dev.fairlead.semantics;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ServiceObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Services of all types, with what their authors and their clusters may have written into them. */
final class ServiceGenerator {
    private static final List<Integer> NUMBERS = List.of(80, 81, 30080);
    private static final List<Integer> NODE_PORTS = List.of(30080, 30081, 80);

    private final Dice dice;

    ServiceGenerator(Dice dice) {
        this.dice = dice;
    }

    ServiceObject service(ServiceName name, Optional<String> ourProxy) {
        String type = type();
        List<Pool> families = dice.percent(30)
                ? List.of(Pool.V4, Pool.V6)
                : dice.percent(30) ? List.of(Pool.V6, Pool.V4) : List.of(dice.percent(60) ? Pool.V4 : Pool.V6);
        List<String> clusterIps = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Pool family : families) {
            clusterIps.add(dice.percent(98) ? Pool.spelled(dice, dice.oneOf(family.clusterIps())) : "10.96.0.256");
            words.add(family.family());
        }
        String first = dice.percent(97) ? clusterIps.get(0) : dice.word("None", "");
        int shape = dice.below(100);
        if (shape < 20) {
            words.clear();
        } else if (shape < 22) {
            clusterIps.removeLast();
        }
        boolean withLoadBalancer = dice.percent(type.equals("LoadBalancer") ? 90 : 10);
        boolean timed = dice.percent(50);
        return new ServiceObject(name, labels(ourProxy), Map.of(), type, first, clusterIps, words, ports(type),
                externalIps(families), withLoadBalancer ? ingress(families) : List.of(), ranges(families),
                dice.word("", "None", "ClientIP"),
                timed ? Optional.of(1 + dice.below(86_400)) : Optional.empty(), dice.word("Cluster", "", "Local"),
                dice.word("Cluster", "", "Local", "Local", "Local"), dice.percent(50) ? 0 : 32_000);
    }

    private String type() {
        int choice = dice.below(100);
        if (choice < 50) {
            return "LoadBalancer";
        }
        if (choice < 70) {
            return "NodePort";
        }
        return choice < 90 ? "ClusterIP" : choice < 98 ? "" : "ExternalName";
    }

    private Map<String, String> labels(Optional<String> ourProxy) {
        Map<String, String> labels = new HashMap<>(Map.of("app", "any"));
        if (ourProxy.isPresent() && dice.percent(85)) {
            labels.put("service.kubernetes.io/service-proxy-name", ourProxy.get());
        } else if (dice.percent(4)) {
            labels.put("service.kubernetes.io/service-proxy-name",
                    dice.word("", SettingsGenerator.OUR_PROXY, "somebody-else"));
        }
        if (dice.percent(3)) {
            labels.put("service.kubernetes.io/headless", dice.word("", "true"));
        }
        return labels;
    }

    private List<ServiceObject.Port> ports(String type) {
        List<ServiceObject.Port> ports = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int more = dice.percent(60) ? 1 : 2 + dice.below(2); more > 0; more--) {
            String name = dice.word("", "a", "b");
            String protocol = dice.percent(6) ? "SCTP" : dice.word("TCP", "", "UDP");
            if (taken.add(name + " " + (protocol.isEmpty() ? "TCP" : protocol))) {
                boolean opened = dice.percent(type.equals("NodePort") ? 90 : type.equals("LoadBalancer") ? 60 : 10);
                ports.add(new ServiceObject.Port(name, protocol, dice.oneOf(NUMBERS),
                        opened ? dice.oneOf(NODE_PORTS) : 0));
            }
        }
        return ports;
    }

    /** Mostly a family of the Service's own. */
    private Pool pool(List<Pool> families) {
        return dice.oneOf(dice.percent(90) ? families : List.of(Pool.V4, Pool.V6));
    }

    private List<String> externalIps(List<Pool> families) {
        List<String> ips = new ArrayList<>();
        if (dice.percent(40)) {
            for (int more = 1 + dice.below(3); more > 0; more--) {
                ips.add(externalIp(pool(families)));
            }
        }
        return ips;
    }

    private String externalIp(Pool pool) {
        int choice = dice.below(100);
        if (choice < 65) {
            return Pool.spelled(dice, dice.oneOf(pool.externalIps()));
        }
        if (choice < 77) {
            return dice.oneOf(pool.node());
        }
        if (choice < 87) {
            return Pool.spelled(dice, dice.oneOf(pool.vips()));
        }
        return choice < 94 ? dice.oneOf(pool.clusterIps()) : dice.word("203.0.113", "203.0.113.300", "host", "");
    }

    private List<ServiceObject.Ingress> ingress(List<Pool> families) {
        List<ServiceObject.Ingress> ingress = new ArrayList<>();
        for (int more = 1 + dice.below(2); more > 0; more--) {
            Pool pool = pool(families);
            int choice = dice.below(100);
            String ip = choice < 85
                    ? Pool.spelled(dice, dice.oneOf(pool.vips()))
                    : choice < 90 ? dice.oneOf(pool.node()) : choice < 95 ? dice.oneOf(pool.externalIps()) : "";
            ingress.add(new ServiceObject.Ingress(ip, dice.percent(15) ? "Proxy" : dice.word("", "VIP")));
        }
        return ingress;
    }

    private List<String> ranges(List<Pool> families) {
        List<String> ranges = new ArrayList<>();
        if (dice.percent(45)) {
            for (int more = 1 + dice.below(3); more > 0; more--) {
                int choice = dice.below(100);
                if (choice < 92) {
                    ranges.add(dice.oneOf(pool(families).ranges()));
                } else {
                    ranges.add(dice.word("0.0.0.0/0", "::/0", " 0.0.0.0/0", "10.0.0.0/33", "nonsense", ""));
                }
            }
        }
        return ranges;
    }
}
