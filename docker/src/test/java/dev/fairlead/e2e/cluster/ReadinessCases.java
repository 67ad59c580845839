package dev.fairlead.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.Addresses;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Upstream's service.go and endpointslice.go: which endpoints a Service leads to, by readiness, policy and slices. What
 * a controller would write into slices is written by hand.
 */
final class ReadinessCases {
    private static final String AREA = ServiceCases.AREA;
    private static final String FALLBACK = "should fallback to terminating endpoints when there are no ready endpoints"
            + " with ";
    private static final String LOCAL_FALLBACK = "should fallback to local terminating endpoints when there are no"
            + " ready endpoints with ";

    private ReadinessCases() {
    }

    static Stream<Case> all() {
        return Stream.of(
                of("should create endpoints for unready pods", ReadinessCases::unreadyPods),
                of("should be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is true",
                        ReadinessCases::publishedAreReached),
                of("should not be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is"
                        + " false", ReadinessCases::unpublishedAreNot),
                of("should respect internalTrafficPolicy=Local Pod to Pod",
                        scene -> internalLocal(scene, scene.pod(0, "a"), List.of(scene.client(0)),
                                List.of(scene.client(1)))),
                of("should respect internalTrafficPolicy=Local Pod (hostNetwork: true) to Pod",
                        scene -> internalLocal(scene, scene.pod(0, "a"), List.of(scene.node(0)),
                                List.of(scene.node(1)))),
                of("should respect internalTrafficPolicy=Local Pod and Node, to Pod (hostNetwork: true)",
                        scene -> internalLocal(scene, scene.node(0), List.of(scene.client(0), scene.node(0)),
                                List.of(scene.client(1), scene.node(1)))),
                of("should fail health check node port if there are only terminating endpoints",
                        ReadinessCases::healthCheckNodePort),
                of(FALLBACK + "internalTrafficPolicy=Cluster", ReadinessCases::fallbackInternalCluster),
                of(LOCAL_FALLBACK + "internalTrafficPolicy=Local", ReadinessCases::fallbackInternalLocal),
                of(FALLBACK + "externallTrafficPolicy=Cluster", ReadinessCases::fallbackExternalCluster),
                of(LOCAL_FALLBACK + "externalTrafficPolicy=Local", ReadinessCases::fallbackExternalLocal),
                slices("EndpointSlice", "should support a Service with multiple ports specified in multiple"
                        + " EndpointSlices", ReadinessCases::portsInSlices),
                slices("EndpointSlice", "should support a Service with multiple endpoint IPs specified in multiple"
                        + " EndpointSlices", ReadinessCases::addressesInSlices),
                slices("EndpointSliceMirroring", "should mirror a custom Endpoint with multiple subsets and same IP"
                        + " address", ReadinessCases::subsetsOfOneAddress));
    }

    private static Case of(String name, Case.Script script) {
        return Case.of(AREA, name, script);
    }

    private static Case slices(String sig, String name, Case.Script script) {
        return Case.of("[sig-network] " + sig, name, script);
    }

    private static void unreadyPods(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service();
        scene.apply(service.with("publishNotReadyAddresses: true"), Slice.of(service).ready(one));
        scene.tcp(service.address()).answers(one);

        scene.apply(service, Slice.of(service).unready(one));
        scene.tcp(service.address()).fails();

        scene.apply(service.with("publishNotReadyAddresses: true"), Slice.of(service).published(one));
        scene.tcp(service.address()).answers(one);
    }

    private static void publishedAreReached(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        Service service = scene.service().nodePort(port).with("publishNotReadyAddresses: true");
        scene.apply(service, Slice.of(service).published(one));

        scene.tcp(service.address()).answers(one);
        scene.tcp(scene.at(0, port)).answers(one);
        scene.tcp(scene.at(1, port)).answers(one);
    }

    private static void unpublishedAreNot(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        Service service = scene.service().nodePort(port);
        scene.apply(service, Slice.of(service).ready(one));
        scene.tcp(scene.at(0, port)).answers(one);
        scene.tcp(scene.at(1, port)).answers(one);

        scene.apply(Slice.of(service).unready(one));

        scene.tcp(scene.at(0, port)).fails();
        scene.tcp(scene.at(1, port)).fails();
        scene.tcp(service.address()).fails();
    }

    private static void internalLocal(Scene scene, Host where, List<Host> near, List<Host> far) throws IOException {
        Endpoint one = scene.endpoint(where);
        Service service = scene.service().with("internalTrafficPolicy: Local");
        scene.apply(service, Slice.of(service).ready(one));

        scene.tcp(service.address()).from(near.toArray(Host[]::new)).answers(one);
        scene.tcp(service.address()).from(far.toArray(Host[]::new)).fails();
    }

    private static void healthCheckNodePort(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        int health = scene.nodePort(1);
        Service service = scene.service();
        service = service.withPorts(service.ports().getFirst().withNodePort(port)).loadBalanced(scene.externalIp())
                .with("externalTrafficPolicy: Local").with("healthCheckNodePort: " + health);
        scene.apply(service, Slice.of(service).ready(one));
        scene.tcp(scene.at(0, port)).answers(one);
        String address = Addresses.at(scene.node(0).ip(scene.family()), health);
        healthIs(scene, address, "200");

        scene.apply(Slice.of(service).terminating(one));

        healthIs(scene, address, "503");
        scene.tcp(scene.at(0, port)).answers(one);
    }

    /** What a health check's port says, asked by the other node. */
    static void healthIs(Scene scene, String address, String status) {
        await(status + " at " + address).atMost(scene.patience())
                .until(() -> new Client(scene.node(1)).head(address, "/healthz").startsWith("HTTP/1.1 " + status));
    }

    private static void fallbackInternalCluster(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = scene.service();
        scene.apply(service, Slice.of(service).terminating(one).ready(two));
        scene.tcp(service.address()).answers(two);

        scene.apply(Slice.of(service).terminating(one));
        scene.tcp(service.address()).answers(one);
    }

    private static void fallbackInternalLocal(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service().with("internalTrafficPolicy: Local");
        scene.apply(service, Slice.of(service).terminating(one));

        scene.tcp(service.address()).from(scene.client(0), scene.node(0)).answers(one);
        scene.tcp(service.address()).from(scene.client(1), scene.node(1)).fails();
    }

    private static void fallbackExternalCluster(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        Service service = scene.service().nodePort(port);
        scene.apply(service, Slice.of(service).terminating(one));

        scene.tcp(scene.at(0, port)).answers(one);
        scene.tcp(scene.at(1, port)).answers(one);
        scene.tcp(scene.at(1, port)).from(scene.outside()).answers(one);
    }

    private static void fallbackExternalLocal(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        Service service = scene.service().nodePort(port).with("externalTrafficPolicy: Local");
        scene.apply(service, Slice.of(service).terminating(one));

        scene.tcp(scene.at(0, port)).from(scene.node(1), scene.outside()).answers(one);
        scene.tcp(scene.at(1, port)).from(scene.node(0), scene.outside()).fails();
    }

    private static void portsInSlices(Scene scene) throws IOException {
        Service.Port first = scene.port(0, "first-port", 8090);
        Service.Port second = scene.port(1, "second-port", 8091);
        Endpoint one = scene.endpoint(scene.pod(0, "a"), 0);
        Endpoint two = scene.endpoint(scene.pod(1, "a"), 1);
        Service service = scene.service().withPorts(first, second);
        scene.apply(service, Slice.of(service).withPorts(first).ready(one),
                Slice.of(service).named("2").withPorts(second).ready(two));

        scene.tcp(service.address(first)).answers(one);
        scene.tcp(service.address(second)).answers(two);
    }

    private static void addressesInSlices(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = scene.service();
        scene.apply(service, Slice.of(service).ready(one), Slice.of(service).named("2").ready(two));

        scene.tcp(service.address()).answers(one, two);
    }

    private static void subsetsOfOneAddress(Scene scene) throws IOException {
        Service.Port first = scene.port(0, "port80", 80);
        Service.Port second = scene.port(1, "port81", 81);
        Endpoint one = scene.endpoint(scene.pod(0, "a"), 0);
        Endpoint two = scene.endpoint(one.host(), 1);
        Endpoint three = scene.endpoint(scene.pod(1, "a"), 1);
        Service service = scene.service().withPorts(first, second);
        scene.apply(service, Slice.of(service).withPorts(first).ready(one),
                Slice.of(service).named("2").withPorts(second).ready(two, three));

        scene.tcp(service.address(first)).answers(one);
        scene.tcp(service.address(second)).answers(two, three);
    }
}
