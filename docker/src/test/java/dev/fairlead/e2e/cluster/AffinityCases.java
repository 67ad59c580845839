package dev.fairlead.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Upstream's cases of ClientIP affinity, by ClusterIP, node port and load balancer. */
final class AffinityCases {
    private static final Way CLUSTER_IP = new Way("service with type clusterIP", (scene, service) -> service,
            (scene, service) -> service.address());
    private static final Way NODE_PORT = new Way("NodePort service",
            (scene, service) -> service.nodePort(scene.nodePort(0)),
            (scene, service) -> scene.at(0, scene.nodePort(0)));
    private static final Way LOAD_BALANCER = new Way("LoadBalancer service with Cluster traffic policy",
            (scene, service) -> service.loadBalanced(scene.externalIp()),
            (scene, service) -> Addresses.at(scene.externalIp(), 80));
    private static final Way LOCAL_LOAD_BALANCER = new Way("LoadBalancer service with Local traffic policy",
            (scene, service) -> service.loadBalanced(scene.externalIp()).with("externalTrafficPolicy: Local"),
            LOAD_BALANCER.address);

    /**
     * Where clients go.
     *
     * @param words upstream's
     * @param kind makes a Service of the kind
     * @param address at which it is met then
     */
    private record Way(String words, BiFunction<Scene, Service, Service> kind,
            BiFunction<Scene, Service, String> address) {
    }

    private AffinityCases() {
    }

    static Stream<Case> ofServices() {
        return Stream.of(CLUSTER_IP, NODE_PORT).flatMap(way -> Stream.of(
                Case.of(ServiceCases.AREA, "should have session affinity work for " + way.words + " [LinuxOnly]",
                        scene -> works(scene, way, Protocol.TCP)),
                Case.of(ServiceCases.AREA,
                        "should be able to switch session affinity for " + way.words + " [LinuxOnly]",
                        scene -> switches(scene, way)),
                Case.of(ServiceCases.AREA,
                        "should have session affinity timeout work for " + way.words + " [LinuxOnly]",
                        scene -> ends(scene, way)).noting("the timeout is a second")));
    }

    static Stream<Case> ofLoadBalancers(String area) {
        return Stream.of(LOCAL_LOAD_BALANCER, LOAD_BALANCER).flatMap(way -> Stream.of(
                Case.of(area, "should have session affinity work for " + way.words,
                        scene -> works(scene, way, Protocol.TCP)),
                Case.of(area, "should be able to switch session affinity for " + way.words,
                        scene -> switches(scene, way))));
    }

    /** Of "Granular Checks". */
    static void function(Scene scene, Protocol protocol) throws IOException {
        works(scene, CLUSTER_IP, protocol);
    }

    private static Endpoint[] endpoints(Scene scene) throws IOException {
        return new Endpoint[]{scene.endpoint(scene.pod(0, "a")), scene.endpoint(scene.pod(0, "b")),
                scene.endpoint(scene.pod(1, "a"))};
    }

    /** A load balancer's client is outside, and everybody may be a client of the others. */
    private static Probe probe(Scene scene, Way way, Service service, Protocol protocol) {
        Probe probe = scene.over(protocol, way.address.apply(scene, service));
        return way.equals(CLUSTER_IP) ? probe : probe.from(scene.client(0), scene.client(1), scene.outside());
    }

    private static void works(Scene scene, Way way, Protocol protocol) throws IOException {
        Endpoint[] endpoints = endpoints(scene);
        Service service = way.kind.apply(scene, scene.service().over(protocol)).with("sessionAffinity: ClientIP");
        scene.apply(service, Slice.of(service).ready(endpoints));

        probe(scene, way, service, protocol).sticks(endpoints);
    }

    private static void switches(Scene scene, Way way) throws IOException {
        Endpoint[] endpoints = endpoints(scene);
        Service service = way.kind.apply(scene, scene.service());
        Service sticky = service.with("sessionAffinity: ClientIP");
        scene.apply(sticky, Slice.of(service).ready(endpoints));
        probe(scene, way, service, Protocol.TCP).sticks(endpoints);

        scene.apply(service.with("sessionAffinity: None"));
        Probe spread = probe(scene, way, service, Protocol.TCP);
        if (way.equals(LOCAL_LOAD_BALANCER)) {
            // The load balancer comes to the first node, whose pods are two; pods take the short circuit.
            spread.from(scene.outside()).answers(endpoints[0], endpoints[1]);
            spread.from(scene.client(0)).answers(endpoints);
        } else {
            spread.answers(endpoints);
        }

        scene.apply(sticky);
        probe(scene, way, service, Protocol.TCP).sticks(endpoints);
    }

    private static void ends(Scene scene, Way way) throws IOException {
        Endpoint[] endpoints = endpoints(scene);
        Service service = way.kind.apply(scene, scene.service()).with("sessionAffinity: ClientIP")
                .with("sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}");
        scene.apply(service, Slice.of(service).ready(endpoints));
        Probe probe = probe(scene, way, service, Protocol.TCP).from(scene.client(0));
        String first = probe.first(endpoints);
        probe.sticks(endpoints);

        // Who stays away for longer than the timeout may meet another pod: two times of three, each time.
        await("another than " + first).atMost(Duration.ofSeconds(40)).pollDelay(Duration.ofMillis(1100))
                .pollInterval(Duration.ofMillis(1100)).until(() -> !probe.ask("hostname").equals(first));
    }
}
