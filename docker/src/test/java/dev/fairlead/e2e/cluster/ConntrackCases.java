package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * Upstream's conntrack.go, and its twins of load balancers: a UDP client that keeps its port is answered whatever
 * becomes of pods. A pod that goes keeps its socket: of one whose address is gone with it no ICMP tells, either.
 */
final class ConntrackCases {
    private static final String AREA = "[sig-network] Conntrack";
    private static final String PRESERVE = "should be able to preserve UDP traffic when ";
    private static final String CYCLES = PRESERVE + "server pod cycles for a ";

    private static final int REQUESTS = 25;

    private ConntrackCases() {
    }

    static Stream<Case> all() {
        return Stream.of(
                of(CYCLES + "NodePort service", scene -> {
                    Service service = datagrams(scene).nodePort(scene.nodePort(0));
                    cycles(scene, service, scene.client(1), scene.pod(0, "a"), scene.pod(0, "b"),
                            scene.at(0, scene.nodePort(0)));
                }),
                of(CYCLES + "ClusterIP service", scene -> clusterIp(scene, scene.client(1), "")),
                of(CYCLES + "ClusterIP service and client is hostNetwork",
                        scene -> clusterIp(scene, scene.node(1), "")),
                of(CYCLES + "ClusterIP service with InternalTrafficPolicy set to Local",
                        scene -> clusterIp(scene, scene.client(0), "internalTrafficPolicy: Local")),
                of(PRESERVE + "initial unready endpoints get ready", ConntrackCases::unreadyGetReady),
                of("should be able to cleanup conntrack entries when UDP service target port changes for a NodePort"
                        + " service", ConntrackCases::portBehindChanges),
                of("should drop INVALID conntrack entries [Privileged]", ConntrackCases::outOfWindow)
                        .noting("a connection of Fairlead's own takes them for what they are; nothing is translated"));
    }

    static Stream<Case> ofLoadBalancers(String area) {
        return Stream.of("on different nodes", "on the same nodes").map(nodes -> Case.of(area,
                CYCLES + "LoadBalancer service " + nodes, scene -> {
                    Service service = datagrams(scene).loadBalanced(scene.externalIp());
                    Host second = nodes.contains("different") ? scene.pod(1, "a") : scene.pod(0, "b");
                    cycles(scene, service, scene.outside(), scene.pod(0, "a"), second,
                            Addresses.at(scene.externalIp(), 80));
                }));
    }

    private static Case of(String name, Case.Script script) {
        return Case.of(AREA, name, script);
    }

    private static Service datagrams(Scene scene) {
        return scene.service().over(Protocol.UDP);
    }

    private static void clusterIp(Scene scene, Host client, String spec) throws IOException {
        Service service = datagrams(scene).with(spec);
        cycles(scene, service, client, scene.pod(0, "a"), scene.pod(0, "b"), service.address());
    }

    private static void cycles(Scene scene, Service service, Host client, Host first, Host second, String address)
            throws IOException {
        DatagramFlow flow = scene.flow(client, address);
        Endpoint one = scene.endpoint(first);
        scene.apply(service, Slice.of(service).ready(one));
        flow.comesTo(one);

        Endpoint two = scene.endpoint(second);
        scene.apply(Slice.of(service).ready(two));

        flow.comesTo(two);
    }

    private static void unreadyGetReady(Scene scene) throws IOException {
        Service service = datagrams(scene).nodePort(scene.nodePort(0));
        DatagramFlow flow = scene.flow(scene.client(1), scene.at(0, scene.nodePort(0)));
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        scene.apply(service, Slice.of(service).unready(one));
        flow.isRefused();

        scene.apply(Slice.of(service).ready(one));

        flow.comesTo(one);
    }

    private static void portBehindChanges(Scene scene) throws IOException {
        Service service = datagrams(scene).nodePort(scene.nodePort(0));
        DatagramFlow flow = scene.flow(scene.client(1), scene.at(0, scene.nodePort(0)));
        Endpoint one = scene.endpoint(scene.pod(0, "a"), 0);
        Endpoint two = scene.endpoint(one.host(), 1);
        scene.apply(service, Slice.of(service).ready(one));
        flow.comesTo(one);

        Service.Port other = scene.port(1, "http", 80).as("http", Protocol.UDP);
        scene.apply(Slice.of(service).withPorts(other).ready(two));

        flow.comesTo(two);
    }

    /** Kernels that let such a segment through untranslated had clients reset their connections. */
    private static void outOfWindow(Scene scene) throws IOException {
        Service service = scene.service();
        Endpoint endpoint = scene.endpoint(scene.pod(1, "a"));
        scene.apply(service, Slice.of(service).ready(endpoint));
        Probe probe = scene.tcp(service.address());
        probe.answers(endpoint);
        try (OutOfWindow booms = OutOfWindow.beside(endpoint.host(), scene.family(), endpoint.port())) {
            for (Host client : scene.everywhere()) {
                for (int i = 0; i < REQUESTS; i++) {
                    String said = client.name() + "-" + i;
                    assertThat(probe.from(client).ask("echo?msg=" + said)).isEqualTo(said);
                }
            }
            // A raw socket that is not read in time misses some.
            assertThat(booms.sent()).isGreaterThan(REQUESTS);
        }
    }
}
