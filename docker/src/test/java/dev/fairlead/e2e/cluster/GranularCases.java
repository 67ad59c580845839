package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Upstream's networking.go: every kind of client reaches every endpoint by every kind of address. */
final class GranularCases {
    private static final String AREA = "[sig-network] Networking Granular Checks: Services";
    /** The same of a Service with both families, at its second ClusterIP. */
    private static final String SECONDARY = "[sig-network] [Feature:IPv6DualStack] Granular Checks: Services Secondary"
            + " IP Family [LinuxOnly]";
    /** Upstream's large UDP request, in bytes. */
    private static final int LARGE = 2000;
    private static final int TRIES_AFTER_DELETION = 10;

    private GranularCases() {
    }

    static Stream<Case> all() {
        return Stream.of(Stream.of(Protocol.TCP, Protocol.UDP).flatMap(GranularCases::of),
                Stream.of(Protocol.TCP, Protocol.UDP)
                        .flatMap(protocol -> functions(SECONDARY, Scene::secondHalf, protocol)),
                Stream.of(
                        Case.of(AREA, "should function for multiple endpoint-Services with same selector",
                                GranularCases::sameSelector),
                        Case.of(AREA, "should support basic nodePort: udp functionality",
                                scene -> function(scene, nodePortService(scene, scene.service(), Protocol.UDP),
                                        List.of(scene.client(0)))),
                        Case.of(AREA, "should function for service endpoints using hostNetwork",
                                GranularCases::hostNetwork)))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> of(Protocol protocol) {
        return Stream.concat(functions(AREA, Scene::service, protocol), Stream.of(
                Case.of(AREA, "should update nodePort: " + word(protocol) + " [Slow]",
                        scene -> updateNodePort(scene, protocol)),
                Case.of(AREA, "should function for client IP based session affinity: " + word(protocol)
                        + " [LinuxOnly]", scene -> AffinityCases.function(scene, protocol))));
    }

    private static String word(Protocol protocol) {
        return protocol == Protocol.UDP ? "udp" : "http";
    }

    /** @param plain makes a Service without node ports */
    private static Stream<Case> functions(String area, Function<Scene, Service> plain, Protocol protocol) {
        String word = word(protocol);
        Function<Scene, Service> service = scene -> nodePortService(scene, plain.apply(scene), protocol);
        return Stream.of(
                Case.of(area, "should function for pod-Service: " + word,
                        scene -> function(scene, service.apply(scene), List.of(scene.client(0), scene.client(1)))),
                Case.of(area, "should function for node-Service: " + word,
                        scene -> function(scene, service.apply(scene), List.of(scene.node(0), scene.node(1)))),
                Case.of(area, "should function for endpoint-Service: " + word,
                        scene -> function(scene, service.apply(scene), List.of(scene.pod(0, "a")))),
                Case.of(area, "should update endpoints: " + word,
                        scene -> updateEndpoints(scene, service.apply(scene))),
                Case.of(area, "should be able to handle large requests: " + word,
                        scene -> largeRequests(scene, service.apply(scene))));
    }

    private static Service nodePortService(Scene scene, Service plain, Protocol protocol) {
        return plain.over(protocol).nodePort(scene.nodePort(0));
    }

    private static void function(Scene scene, Service service, List<Host> clients) throws IOException {
        Protocol protocol = service.ports().getFirst().protocol();
        Endpoint[] endpoints = scene.endpoints().toArray(Endpoint[]::new);
        scene.apply(service, Slice.of(service).ready(endpoints));

        Host[] from = clients.toArray(Host[]::new);
        scene.over(protocol, service.address()).from(from).answers(endpoints);
        scene.over(protocol, scene.at(0, scene.nodePort(0))).from(from).answers(endpoints);
        scene.over(protocol, scene.at(1, scene.nodePort(0))).from(from).answers(endpoints);
    }

    private static void sameSelector(Scene scene) throws IOException {
        Endpoint[] endpoints = scene.endpoints().toArray(Endpoint[]::new);
        Service first = scene.service().nodePort(scene.nodePort(0));
        Service second = scene.service().nodePort(scene.nodePort(1));
        scene.apply(first, Slice.of(first).ready(endpoints), second, Slice.of(second).ready(endpoints));
        Host client = scene.client(0);
        for (Service service : List.of(first, second)) {
            scene.tcp(service.address()).from(client).answers(endpoints);
            scene.tcp(scene.at(0, service.ports().getFirst().nodePort())).from(client).answers(endpoints);
        }

        scene.delete(second, Slice.of(second));
        scene.tcp(second.address()).from(client).fails();
        scene.tcp(first.address()).from(client).answers(endpoints);
    }

    private static void updateEndpoints(Scene scene, Service service) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>(scene.endpoints());
        scene.apply(service, Slice.of(service).ready(endpoints.toArray(Endpoint[]::new)));
        Probe probe = scene.over(service.ports().getFirst().protocol(), service.address()).from(scene.client(0),
                scene.node(1));
        probe.answers(endpoints.toArray(Endpoint[]::new));

        endpoints.removeFirst().server().close();
        scene.apply(Slice.of(service).ready(endpoints.toArray(Endpoint[]::new)));

        probe.answers(endpoints.toArray(Endpoint[]::new));
    }

    private static void updateNodePort(Scene scene, Protocol protocol) throws IOException {
        Endpoint[] endpoints = scene.endpoints().toArray(Endpoint[]::new);
        Service service = nodePortService(scene, scene.service(), protocol);
        scene.apply(service, Slice.of(service).ready(endpoints));
        Probe probe = scene.over(protocol, scene.at(0, scene.nodePort(0))).from(scene.client(0), scene.node(1));
        probe.answers(endpoints);

        scene.delete(service);

        probe.fails(TRIES_AFTER_DELETION);
    }

    private static void largeRequests(Scene scene, Service service) throws IOException {
        Protocol protocol = service.ports().getFirst().protocol();
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        scene.apply(service, Slice.of(service).ready(one, two));
        Probe probe = scene.over(protocol, service.address()).from(scene.client(0));
        probe.answers(one, two);

        String message = "42".repeat(LARGE / 2);
        assertThat(probe.ask("echo?msg=" + message)).isEqualTo(message);
        Probe nodePort = scene.over(protocol, scene.at(1, scene.nodePort(0))).from(scene.node(0));
        nodePort.answers(one, two);
        assertThat(nodePort.ask("echo?msg=" + message)).isEqualTo(message);
    }

    private static void hostNetwork(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.node(0));
        Endpoint two = scene.endpoint(scene.node(1));
        Service service = scene.service().nodePort(scene.nodePort(0));
        scene.apply(service, Slice.of(service).ready(one, two));
        for (String address : List.of(service.address(), scene.at(0, scene.nodePort(0)),
                scene.at(1, scene.nodePort(0)))) {
            scene.tcp(address).answers(one, two);
        }
    }
}
