package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Upstream's networking.go: every kind of client reaches every endpoint by every kind of address. */
final class GranularCases {
    private static final String AREA = "[sig-network] Networking Granular Checks: Services";
    /** Upstream's large UDP request, in bytes. */
    private static final int LARGE = 2000;
    private static final int TRIES_AFTER_DELETION = 10;

    private GranularCases() {
    }

    static Stream<Case> all() {
        return Stream.concat(Stream.of(Protocol.TCP, Protocol.UDP).flatMap(GranularCases::of), Stream.of(
                Case.of(AREA, "should function for multiple endpoint-Services with same selector",
                        GranularCases::sameSelector),
                Case.of(AREA, "should support basic nodePort: udp functionality",
                        scene -> function(scene, Protocol.UDP, List.of(scene.client(0)))),
                Case.of(AREA, "should function for service endpoints using hostNetwork", GranularCases::hostNetwork)));
    }

    private static Stream<Case> of(Protocol protocol) {
        String word = protocol == Protocol.UDP ? "udp" : "http";
        return Stream.of(
                Case.of(AREA, "should function for pod-Service: " + word,
                        scene -> function(scene, protocol, List.of(scene.client(0), scene.client(1)))),
                Case.of(AREA, "should function for node-Service: " + word,
                        scene -> function(scene, protocol, List.of(scene.node(0), scene.node(1)))),
                Case.of(AREA, "should function for endpoint-Service: " + word,
                        scene -> function(scene, protocol, List.of(scene.pod(0, "a")))),
                Case.of(AREA, "should update endpoints: " + word, scene -> updateEndpoints(scene, protocol)),
                Case.of(AREA, "should update nodePort: " + word + " [Slow]",
                        scene -> updateNodePort(scene, protocol)),
                Case.of(AREA, "should function for client IP based session affinity: " + word + " [LinuxOnly]",
                        scene -> AffinityCases.function(scene, protocol)),
                Case.of(AREA, "should be able to handle large requests: " + word,
                        scene -> largeRequests(scene, protocol)));
    }

    private static Service nodePortService(Scene scene, Protocol protocol) {
        return scene.service().over(protocol).nodePort(scene.nodePort(0));
    }

    private static void function(Scene scene, Protocol protocol, List<Host> clients) throws IOException {
        Endpoint[] endpoints = scene.endpoints().toArray(Endpoint[]::new);
        Service service = nodePortService(scene, protocol);
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

    private static void updateEndpoints(Scene scene, Protocol protocol) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>(scene.endpoints());
        Service service = nodePortService(scene, protocol);
        scene.apply(service, Slice.of(service).ready(endpoints.toArray(Endpoint[]::new)));
        Probe probe = scene.over(protocol, service.address()).from(scene.client(0), scene.node(1));
        probe.answers(endpoints.toArray(Endpoint[]::new));

        endpoints.removeFirst().server().close();
        scene.apply(Slice.of(service).ready(endpoints.toArray(Endpoint[]::new)));

        probe.answers(endpoints.toArray(Endpoint[]::new));
    }

    private static void updateNodePort(Scene scene, Protocol protocol) throws IOException {
        Endpoint[] endpoints = scene.endpoints().toArray(Endpoint[]::new);
        Service service = nodePortService(scene, protocol);
        scene.apply(service, Slice.of(service).ready(endpoints));
        Probe probe = scene.over(protocol, scene.at(0, scene.nodePort(0))).from(scene.client(0), scene.node(1));
        probe.answers(endpoints);

        scene.delete(service);

        probe.fails(TRIES_AFTER_DELETION);
    }

    private static void largeRequests(Scene scene, Protocol protocol) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = nodePortService(scene, protocol);
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
