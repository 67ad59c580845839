package dev.fairlead.semantics;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * EndpointSlices of a Service. Copies of one address are equal up to how nil is written, or exactly the one on this
 * node is different: between two other copies kube-proxy itself goes by the order of arrival, so there is nothing to
 * compare.
 */
final class SliceGenerator {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final List<String> HERE_AND_THERE = List.of(SettingsGenerator.THIS_NODE,
            SettingsGenerator.OTHER_NODE);

    /** What the endpoints of one Service have in common, so that every rule has its day. */
    private enum Mood {
        MIXED, READY, LEAVING, LEAVING_HERE, UNREADY, ZONED, NODED, ELSEWHERE, NOBODY
    }

    /** One endpoint before it is written down. */
    private record Draft(String ip, boolean ready, boolean serving, boolean terminating, Optional<String> node,
            List<String> zoneHints, List<String> nodeHints) {
        Draft on(String name) {
            return new Draft(ip, ready, serving, terminating, Optional.of(name), zoneHints, nodeHints);
        }
    }

    private final Dice dice;
    private final Optional<String> thisNode;

    SliceGenerator(Dice dice, Optional<String> thisNode) {
        this.dice = dice;
        this.thisNode = thisNode;
    }

    List<SliceObject> slices(ServiceObject service) {
        Mood mood = mood();
        List<SliceObject> slices = new ArrayList<>();
        for (Pool pool : List.of(Pool.V4, Pool.V6)) {
            List<Draft> drafts = drafts(pool, mood);
            int number = mood == Mood.NOBODY
                    ? dice.below(2)
                    : dice.percent(65) ? 1 : dice.percent(10) ? 0 : 1 + dice.below(3);
            for (int i = 0; i < number; i++) {
                String name = service.name().name() + "-" + pool.family() + "-" + i;
                slices.add(slice(service, name, pool.family(), members(drafts, number)));
            }
        }
        if (dice.percent(15)) {
            slices.add(stray(service));
        }
        if (!slices.isEmpty() && dice.percent(5)) {
            // An older state of a slice, which the later object of the same name replaces.
            SliceObject slice = dice.oneOf(slices);
            slices.addFirst(new SliceObject(slice.namespace(), slice.name(), slice.labels(), slice.addressType(),
                    slice.ports(), List.of(new SliceObject.Member(List.of("10.244.9.9"), Optional.empty(),
                            Optional.empty(), Optional.empty(), thisNode, List.of(), List.of()))));
        }
        return slices;
    }

    private Mood mood() {
        int choice = dice.below(100);
        if (choice < 15) {
            return Mood.MIXED;
        }
        if (choice < 22) {
            return Mood.READY;
        }
        if (choice < 34) {
            return Mood.LEAVING;
        }
        if (choice < 46) {
            return Mood.LEAVING_HERE;
        }
        if (choice < 48) {
            return Mood.UNREADY;
        }
        if (choice < 65) {
            return Mood.ZONED;
        }
        if (choice < 84) {
            return Mood.NODED;
        }
        return choice < 97 ? Mood.ELSEWHERE : Mood.NOBODY;
    }

    private List<Draft> drafts(Pool pool, Mood mood) {
        List<Draft> drafts = new ArrayList<>();
        if (mood == Mood.NOBODY) {
            return drafts;
        }
        for (String ip : dice.atLeastOne(55, pool.pods())) {
            boolean here = pool.localPods().contains(ip);
            if (mood != Mood.ELSEWHERE || !here) {
                drafts.add(draft(ip, here, mood));
            }
        }
        if (dice.percent(12)) {
            // A pod on the node's own network.
            drafts.add(draft(pool.node().getFirst(), true, mood));
        }
        return drafts;
    }

    private Draft draft(String ip, boolean here, Mood mood) {
        Optional<String> node = Optional.of(here ? SettingsGenerator.THIS_NODE : SettingsGenerator.OTHER_NODE);
        List<String> zones = dice.percent(15) ? dice.some(50, List.of("za", "zb")) : List.of();
        List<String> nodes = dice.percent(15) ? dice.some(50, HERE_AND_THERE) : List.of();
        boolean odd = dice.percent(10);
        return switch (mood) {
            case READY, ELSEWHERE -> new Draft(ip, true, true, dice.percent(10), node, zones, nodes);
            case LEAVING -> new Draft(ip, false, !odd, true, node, zones, nodes);
            case LEAVING_HERE -> new Draft(ip, !here, !odd, here, node, zones, nodes);
            case UNREADY -> {
                boolean stopped = dice.percent(40);
                yield new Draft(ip, false, !stopped && dice.percent(50), stopped, node, zones, nodes);
            }
            case ZONED -> new Draft(ip, !odd, !odd, odd && dice.percent(50), node, zoneHints(), nodes);
            case NODED -> new Draft(ip, !odd, !odd, odd && dice.percent(50), node,
                    dice.percent(50) ? zoneHints() : List.of(), nodeHints());
            case MIXED, NOBODY -> new Draft(ip, dice.percent(45), dice.percent(70), dice.percent(50),
                    dice.percent(85) ? node : Optional.empty(), zones, nodes);
        };
    }

    private List<String> zoneHints() {
        return dice.percent(4) ? List.of() : dice.percent(3) ? List.of("") : dice.atLeastOne(45, List.of("za", "zb"));
    }

    private List<String> nodeHints() {
        return dice.percent(4) ? List.of() : dice.atLeastOne(45, HERE_AND_THERE);
    }

    /** Each in one slice of several at least, some in this one too while they move. */
    private List<SliceObject.Member> members(List<Draft> drafts, int slices) {
        List<SliceObject.Member> members = new ArrayList<>();
        for (Draft draft : drafts) {
            if (slices == 1 || dice.percent(65)) {
                members.add(member(draft));
                boolean isHere = thisNode.isPresent() && draft.node().equals(thisNode);
                if (isHere && dice.percent(15)) {
                    Draft elsewhere = new Draft(draft.ip(), false, true, false, draft.node(), List.of(), List.of())
                            .on(SettingsGenerator.OTHER_NODE);
                    members.add(dice.below(members.size() + 1), member(elsewhere));
                } else if (dice.percent(5)) {
                    members.add(member(draft));
                }
            }
        }
        if (dice.percent(3)) {
            members.add(new SliceObject.Member(dice.percent(50) ? List.of() : List.of("10.244.1"), Optional.empty(),
                    Optional.empty(), Optional.empty(), thisNode, List.of(), List.of()));
        }
        return members;
    }

    private SliceObject.Member member(Draft draft) {
        List<String> addresses = new ArrayList<>(List.of(Pool.spelled(dice, draft.ip())));
        if (dice.percent(5)) {
            // Only the first counts.
            addresses.add("10.244.9.8");
        }
        return new SliceObject.Member(addresses, written(draft.ready(), true), written(draft.serving(), true),
                written(draft.terminating(), false), draft.node(), draft.zoneHints(), draft.nodeHints());
    }

    /** What nil means may be said or left out. */
    private Optional<Boolean> written(boolean value, boolean nil) {
        return value == nil && dice.percent(50) ? Optional.empty() : Optional.of(value);
    }

    private SliceObject slice(ServiceObject service, String name, String family, List<SliceObject.Member> members) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (dice.percent(97)) {
            labels.put(SERVICE_NAME, service.name().name());
        }
        if (dice.percent(2)) {
            labels.put("service.kubernetes.io/headless", "");
        }
        Map<String, SliceObject.Port> ports = new LinkedHashMap<>();
        for (ServiceObject.Port port : service.ports()) {
            if (dice.percent(97)) {
                String protocol = dice.percent(98) ? port.protocol() : dice.word("TCP", "UDP");
                ports.put(port.name() + " " + (protocol.isEmpty() ? "TCP" : protocol), port(port.name(), protocol));
            }
        }
        if (dice.percent(20)) {
            ports.put("stray", port("stray", "TCP"));
        }
        return new SliceObject(service.name().namespace(), name, labels, family, List.copyOf(ports.values()), members);
    }

    private SliceObject.Port port(String name, String protocol) {
        Optional<Integer> number = dice.percent(97)
                ? Optional.of(dice.percent(80) ? 8080 : 8081)
                : dice.percent(50) ? Optional.empty() : Optional.of(0);
        return new SliceObject.Port(dice.percent(98) ? Optional.of(name) : Optional.empty(), protocol, number);
    }

    /** A slice that has nothing to do with the Service, whatever it looks like. */
    private SliceObject stray(ServiceObject service) {
        ServiceName name = service.name();
        List<SliceObject.Port> ports = new ArrayList<>();
        for (ServiceObject.Port port : service.ports()) {
            ports.add(new SliceObject.Port(Optional.of(port.name()), port.protocol(), Optional.of(8082)));
        }
        boolean isNamed = dice.percent(50);
        SliceObject.Member member = new SliceObject.Member(List.of(isNamed ? "pod.example.org" : "10.244.9.7"),
                Optional.of(true), Optional.of(true), Optional.of(false), thisNode, List.of(), List.of());
        if (isNamed) {
            return new SliceObject(name.namespace(), name.name() + "-fqdn", Map.of(SERVICE_NAME, name.name()), "FQDN",
                    ports, List.of(member));
        }
        return dice.percent(50)
                ? new SliceObject("elsewhere", name.name() + "-v4", Map.of(SERVICE_NAME, name.name()), "IPv4", ports,
                        List.of(member))
                : new SliceObject(name.namespace(), name.name(), Map.of(SERVICE_NAME, name.name() + "x"), "IPv4",
                        ports, List.of(member));
    }
}
