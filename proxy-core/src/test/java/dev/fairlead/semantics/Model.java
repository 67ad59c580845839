package dev.fairlead.semantics;

import dev.fairlead.model.Cidr;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.TranslationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * kube-proxy's verdict on a flow, the slow way: every question walks over everything, nothing is looked up. It shares
 * no code with the product beyond the records that both are given, and was written from the rules, not from the
 * product.
 */
final class Model {
    static final String CLUSTER_IP = "ClusterIP";
    static final String NODE_PORT = "NodePort";
    static final String EXTERNAL_IP = "ExternalIP";
    static final String LOAD_BALANCER = "LoadBalancer";

    private final TranslationSettings settings;
    private final ModelNode node;
    private final List<ModelPort> ports;
    private final List<Hit> doors = new ArrayList<>();
    private final Set<String> serviceNames;

    Model(ObjectSet objects, TranslationSettings settings) {
        this.settings = settings;
        this.node = ModelNode.of(objects, settings);
        ModelReading reading = new ModelReading(objects, settings, node);
        this.ports = reading.ports();
        this.serviceNames = reading.serviceNames();
        for (ModelPort port : ports) {
            for (ModelPort.Door door : port.doors(node)) {
                doors.add(new Hit(port, door));
            }
        }
    }

    /**
     * What the model says.
     *
     * @param marks by which rules, for counting; no part of the comparison
     */
    record Judgement(Answer answer, List<String> marks) {
    }

    private record Hit(ModelPort port, ModelPort.Door door) {
        boolean isAt(String protocol, Ip ip, int number) {
            return port.protocol().equals(protocol) && door.ip().equals(ip) && door.number() == number;
        }
    }

    Judgement answer(Dial dial) {
        String source = node.sourceKind(dial.source());
        Optional<Hit> hit = hit(dial.protocol(), dial.destination(), dial.port());
        if (hit.isEmpty()) {
            return missed(dial, source);
        }
        ModelPort port = hit.get().port();
        String kind = hit.get().door().kind();
        List<String> marks = new ArrayList<>(List.of("policies " + port.policies(), "kind " + kind));
        ModelSets sets = sets(port);
        if (!sets.hasAny()) {
            marks.add("REJECT: no endpoint");
            return new Judgement(refused(source, "REJECT", port.label(), kind), marks);
        }
        if (kind.equals(LOAD_BALANCER) && !admits(port, dial.source())) {
            marks.add("DROP: source range");
            return new Judgement(refused(source, "DROP", port.label(), kind), marks);
        }
        boolean local = kind.equals(CLUSTER_IP)
                ? port.internalLocal()
                : port.externalLocal() && source.equals(ModelNode.EXTERNAL);
        List<ModelEndpoint> set = (local ? sets.local() : sets.cluster()).orElseThrow();
        if (set.isEmpty()) {
            marks.add(kind.equals(CLUSTER_IP) ? "DROP: internal policy" : "DROP: external policy");
            return new Judgement(refused(source, "DROP", port.label(), kind), marks);
        }
        String word = local ? "local" : "cluster";
        marks.add("set " + word + ": " + (local ? sets.localBy() : sets.clusterBy()));
        if (!kind.equals(CLUSTER_IP) && port.externalLocal() && !local) {
            marks.add("short circuit of a " + source);
        }
        boolean kept = !hairpin(set, dial.source()) && keeps(kind, port, source);
        marks.add(kept ? "source kept" : "source hidden");
        return new Judgement(
                new Answer(source, "FORWARD", port.label(), kind, word, ModelEndpoint.addresses(set), kept),
                marks);
    }

    private static Answer refused(String source, String verdict, String servicePort, String frontend) {
        return new Answer(source, verdict, servicePort, frontend, "", List.of(), false);
    }

    /** The flow dials no frontend: the addresses that belong to Services still refuse. */
    private Judgement missed(Dial dial, String source) {
        for (Cidr block : settings.serviceCidrs()) {
            if (new Block(Ip.of(block.base()), block.prefix()).contains(dial.destination())) {
                return new Judgement(refused(source, "REJECT", "", ""), List.of("REJECT: service CIDR"));
            }
        }
        boolean ofService = false;
        for (ModelPort port : ports) {
            ofService |= port.clusterIp().equals(dial.destination()) || port.vips().contains(dial.destination())
                    || port.externalIps().contains(dial.destination());
        }
        if (ofService && !node.addresses().contains(dial.destination())) {
            return new Judgement(refused(source, "REJECT", "", ""), List.of("REJECT: other port"));
        }
        return new Judgement(refused(source, "NOT_CAPTURED", "", ""), List.of());
    }

    /** The service port that has this address, of all that ask for it. */
    private Optional<Hit> hit(String protocol, Ip destination, int number) {
        Optional<Hit> best = Optional.empty();
        for (Hit door : doors) {
            if (door.isAt(protocol, destination, number) && (best.isEmpty() || before(door, best.get()))) {
                best = Optional.of(door);
            }
        }
        return best;
    }

    private static boolean before(Hit one, Hit other) {
        if (one.door().rank() != other.door().rank()) {
            return one.door().rank() < other.door().rank();
        }
        return ModelPort.ORDER.compare(one.port(), other.port()) < 0;
    }

    private ModelSets sets(ModelPort port) {
        return ModelSets.of(port, node, settings.gates().preferSameTrafficDistribution());
    }

    /** Whether the source ranges let a source in; none at all let everybody in. */
    private boolean admits(ModelPort port, Ip source) {
        boolean nodeIsIn = false;
        for (Block range : port.ranges()) {
            if (range.contains(source)) {
                return true;
            }
            List<Ip> own = node.addresses(source.bits());
            nodeIsIn |= !own.isEmpty() && range.contains(own.getFirst());
        }
        return port.ranges().isEmpty() || (nodeIsIn && port.vips().contains(source));
    }

    /** Whether every endpoint that it might get is the client itself, which must not see its own address. */
    private static boolean hairpin(List<ModelEndpoint> set, Ip source) {
        for (ModelEndpoint endpoint : set) {
            if (!endpoint.ip().equals(source)) {
                return false;
            }
        }
        return true;
    }

    private boolean keeps(String kind, ModelPort port, String source) {
        if (!kind.equals(CLUSTER_IP)) {
            return port.externalLocal() && !source.equals(ModelNode.NODE);
        }
        if (settings.masqueradeAll()) {
            return false;
        }
        return !node.tellsPods(port.clusterIp().bits()) || source.equals(ModelNode.POD);
    }

    /** What there is to say of every service port, in the order of their names. */
    List<PortAnswer> ports() {
        List<PortAnswer> answers = new ArrayList<>();
        for (ModelPort port : ports.stream().sorted(ModelPort.ORDER).toList()) {
            List<String> won = new ArrayList<>();
            for (Hit door : doors) {
                if (door.port().equals(port)
                        && hit(port.protocol(), door.door().ip(), door.door().number()).equals(Optional.of(door))) {
                    won.add(door.door().toString());
                }
            }
            won.sort(String::compareTo);
            List<String> endpoints = new ArrayList<>();
            for (ModelEndpoint endpoint : port.endpoints()) {
                endpoints.add(endpoint.described());
            }
            endpoints.sort(String::compareTo);
            ModelSets sets = sets(port);
            answers.add(new PortAnswer(port.fullName(), port.policies(), port.affinity(), port.healthCheckNodePort(),
                    won, endpoints, text(sets.cluster()), text(sets.local()), sets.hasAny()));
        }
        return answers;
    }

    private static String text(Optional<List<ModelEndpoint>> set) {
        return set.isEmpty() ? "never" : ModelEndpoint.addresses(set.get()).toString();
    }

    /** Names of the Services of which this node serves nothing at all. */
    List<String> unserved() {
        List<String> names = new ArrayList<>(serviceNames);
        for (ModelPort port : ports) {
            names.remove(port.namespace() + "/" + port.service());
        }
        names.sort(String::compareTo);
        return names;
    }
}
