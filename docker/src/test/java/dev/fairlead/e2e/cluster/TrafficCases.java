package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.cluster.Case.Script;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * Upstream's traffic_policy.go and traffic_distribution.go. They want three zones or more, with several nodes in each;
 * what a proxy knows of other nodes is what slices say, so endpoints here are said to be on nodes that are not there.
 * Hints, the slice controller's work, are written by hand.
 */
final class TrafficCases {
    private static final String POLICY = "[sig-network] Traffic Policy [Feature:Topology Hints]";
    private static final String DISTRIBUTION = "[sig-network] Traffic Distribution";

    private TrafficCases() {
    }

    static Stream<Case> all() {
        return Stream.concat(policies(), distribution());
    }

    private static Stream<Case> policies() {
        String on = "With hints enabled ";
        String off = "With hints disabled ";
        return Stream.of(
                policy(on + "honors hints when ITP and ETP use Cluster policies", true, false, false),
                policy(on + "honors hints only for internal traffic when ETP is local", true, true, false),
                policy(on + "honors hints only for external requests when ITP is local", true, false, true),
                policy(on + "ignores hints when ITP and ETP are both local", true, true, true),
                policy(off + "balances requests across the cluster when ITP and ETP are Cluster", false, false, false),
                policy(off + "balances internal requests only when ETP is Local and ITP is Cluster", false, true,
                        false),
                policy(off + "balances external requests only when ETP is Cluster and ITP is Local", false, false,
                        true),
                policy(off + "uses the endpoint node for all requests when ITP and ETP are Local", false, true, true));
    }

    private static Case policy(String name, boolean hints, boolean externalLocal, boolean internalLocal) {
        return Case.of(POLICY, name, scene -> {
            Endpoint here = scene.endpoint(scene.pod(0, "a"));
            Endpoint zone = scene.endpoint(scene.pod(0, "b")).on("node2");
            Endpoint other = scene.endpoint(scene.pod(1, "a"));
            Service service = scene.service().nodePort(scene.nodePort(0))
                    .with("externalTrafficPolicy: " + (externalLocal ? "Local" : "Cluster"))
                    .with("internalTrafficPolicy: " + (internalLocal ? "Local" : "Cluster"));
            Slice slice = Slice.of(service);
            scene.apply(service, hints
                    ? slice.hinted("zone-a", here, zone).hinted("zone-b", other)
                    : slice.ready(here, zone, other));

            Endpoint[] cluster = hints ? new Endpoint[]{here, zone} : new Endpoint[]{here, zone, other};
            Endpoint[] local = {here};
            // Upstream's client is a pod of the other node, whose address its network hides behind the node's.
            scene.tcp(scene.at(0, scene.nodePort(0))).from(scene.node(1), scene.outside())
                    .answers(externalLocal ? local : cluster);
            scene.tcp(service.address()).from(scene.client(0)).answers(internalLocal ? local : cluster);
        });
    }

    private static Stream<Case> distribution() {
        return Stream.concat(Stream.of("PreferClose", "PreferSameZone").flatMap(word -> Stream.of(
                Case.of(DISTRIBUTION, "should route traffic to an endpoint in the same zone when using " + word,
                        scene -> sameZone(scene, word)),
                Case.of(DISTRIBUTION,
                        "should route traffic correctly between pods on multiple nodes when using " + word,
                        scene -> severalNodes(scene, word)))),
                Stream.of(
                        Case.of(DISTRIBUTION, "should route traffic to an endpoint on the same node or fall back to"
                                + " same zone when using PreferSameNode", sameNode(false)),
                        Case.of(DISTRIBUTION, "should route traffic to an endpoint on the same node when using"
                                + " PreferSameNode and fall back when the endpoint becomes unavailable",
                                sameNode(true))));
    }

    private static Service preferring(Scene scene, String word) {
        return scene.service().with("trafficDistribution: " + word);
    }

    private static void sameZone(Scene scene, String word) throws IOException {
        Endpoint near = scene.endpoint(scene.pod(0, "a"));
        Endpoint far = scene.endpoint(scene.pod(1, "a"));
        Service both = preferring(scene, word);
        scene.apply(both, Slice.of(both).hinted("zone-a", near).hinted("zone-b", far));
        scene.tcp(both.address()).from(scene.client(0)).answers(near);
        scene.tcp(both.address()).from(scene.client(1)).answers(far);

        Endpoint third = far.on("node3");
        Service one = preferring(scene, word);
        scene.apply(one, Slice.of(one).hinted("zone-a", near).hinted("zone-c", third));
        scene.tcp(one.address()).from(scene.client(0)).answers(near);
        scene.tcp(one.address()).from(scene.client(1)).answers(near, third);
    }

    private static void severalNodes(Scene scene, String word) throws IOException {
        Endpoint here = scene.endpoint(scene.pod(0, "a"));
        Endpoint zone = scene.endpoint(scene.pod(0, "b")).on("node2");
        Endpoint far = scene.endpoint(scene.pod(1, "a")).on("node3");
        Service service = preferring(scene, word);
        scene.apply(service, Slice.of(service).hinted("zone-a", here, zone).hinted("zone-b", far));
        scene.tcp(service.address()).from(scene.client(0)).answers(here, zone);
        scene.tcp(service.address()).from(scene.client(1)).answers(far);

        Service empty = preferring(scene, word);
        scene.apply(empty, Slice.of(empty).hinted("zone-a", here, zone).hinted("zone-c", far));
        scene.tcp(empty.address()).from(scene.client(1)).answers(here, zone, far);
    }

    private static Script sameNode(boolean goes) {
        return scene -> {
            Endpoint here = scene.endpoint(scene.pod(0, "a"));
            Endpoint zone = scene.endpoint(scene.pod(0, "b")).on("node2");
            Endpoint far = scene.endpoint(scene.pod(1, "a")).on("node3");
            Service service = preferring(scene, "PreferSameNode");
            Slice others = Slice.of(service).hinted("zone-a", "node2", zone).hinted("zone-b", "node3", far);
            scene.apply(service, others.hinted("zone-a", "node0", here));
            scene.tcp(service.address()).from(scene.client(0)).answers(here);
            scene.tcp(service.address()).from(scene.client(1)).answers(far);
            if (goes) {
                here.server().close();
                scene.apply(others);
                scene.tcp(service.address()).from(scene.client(0)).answers(zone);

                Endpoint back = scene.endpoint(here.host());
                scene.apply(others.hinted("zone-a", "node0", back));
                scene.tcp(service.address()).from(scene.client(0)).answers(back);
            }
        };
    }
}
