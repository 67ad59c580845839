package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Upstream's test/e2e/network/service.go: what becomes of a Service that is made, changed and deleted. */
final class ServiceCases {
    static final String AREA = "[sig-network] Services";

    private ServiceCases() {
    }

    static Stream<Case> all() {
        return Stream.of(
                of("should serve a basic endpoint from pods", ServiceCases::basicEndpoint),
                of("should serve multiport endpoints from pods", ServiceCases::multiport),
                of("should be updated after adding or deleting ports", ServiceCases::portsComeAndGo),
                of("should preserve source pod IP for traffic thru service cluster IP [LinuxOnly]",
                        ServiceCases::sourceAddress).noting("with `transparent`"),
                of("should allow pods to hairpin back to themselves through services", ServiceCases::hairpin),
                of("should be able to up and down services", ServiceCases::upAndDown),
                of("should work after the service has been recreated", ServiceCases::recreated),
                Case.alone(AREA, "should work after restarting kube-proxy [Disruptive]", ServiceCases::proxyRestarts),
                Case.alone(AREA, "should work after restarting apiserver [Disruptive]", ServiceCases::apiRestarts)
                        .noting("the nodes are cut off from the API server's double, and find it again"),
                of("should be able to create a functioning NodePort service", ServiceCases::nodePort),
                of("should be possible to connect to a service via ExternalIP when the external IP is not assigned to a"
                        + " node", ServiceCases::externalIp),
                of("should be able to update service type to NodePort listening on same port number but different"
                        + " protocols", ServiceCases::protocolsAtOnePort),
                of("should be able to change the type from ExternalName to ClusterIP",
                        scene -> fromExternalName(scene, scene.service())),
                of("should be able to change the type from ExternalName to NodePort",
                        scene -> fromExternalName(scene, scene.service().nodePort(scene.nodePort(0)))),
                of("should be able to change the type from ClusterIP to ExternalName",
                        scene -> toExternalName(scene, scene.service())),
                of("should be able to change the type from NodePort to ExternalName",
                        scene -> toExternalName(scene, scene.service().nodePort(scene.nodePort(0)))),
                of("should release NodePorts on delete", ServiceCases::releasesNodePorts),
                of("should implement service.kubernetes.io/service-proxy-name",
                        scene -> label(scene, "service.kubernetes.io/service-proxy-name: foo-bar")),
                of("should implement service.kubernetes.io/headless",
                        scene -> label(scene, "service.kubernetes.io/headless: \"\"")),
                of("should be rejected when no endpoints exist", scene -> rejected(scene, "")),
                of("should be rejected for evicted pods (no endpoints exist)",
                        scene -> rejected(scene, "publishNotReadyAddresses: true")),
                of("should serve endpoints on same port and different protocols", ServiceCases::bothProtocols));
    }

    private static Case of(String name, Case.Script script) {
        return Case.of(AREA, name, script);
    }

    private static void basicEndpoint(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = scene.service();
        Slice slice = Slice.of(service);
        scene.apply(service, slice.ready(one));
        scene.tcp(service.address()).answers(one);

        scene.apply(slice.ready(one, two));
        scene.tcp(service.address()).answers(one, two);

        scene.apply(slice.ready(two));
        scene.tcp(service.address()).answers(two);

        scene.apply(slice);
        scene.tcp(service.address()).refuses();
    }

    private static void multiport(Scene scene) throws IOException {
        Service.Port first = scene.port(0, "portname1", 80);
        Service.Port second = scene.port(1, "portname2", 81);
        Endpoint one = scene.endpoint(scene.pod(0, "a"), 0);
        Endpoint two = scene.endpoint(scene.pod(1, "a"), 1);
        Service service = scene.service().withPorts(first, second);
        Slice ofOne = Slice.of(service).withPorts(first).ready(one);
        Slice ofTwo = Slice.of(service).named("2").withPorts(second).ready(two);
        scene.apply(service, ofOne, ofTwo);
        scene.tcp(service.address(first)).answers(one);
        scene.tcp(service.address(second)).answers(two);

        scene.delete(ofOne);
        scene.tcp(service.address(first)).refuses();
        scene.tcp(service.address(second)).answers(two);

        scene.delete(ofTwo);
        scene.tcp(service.address(second)).refuses();
    }

    private static void portsComeAndGo(Scene scene) throws IOException {
        Service.Port first = scene.port(0, "p1", 80);
        Service.Port second = scene.port(1, "p2", 81);
        Endpoint one = scene.endpoint(scene.pod(0, "a"), 0);
        Endpoint two = scene.endpoint(scene.pod(0, "a"), 1);
        Service service = scene.service().withPorts(first);
        scene.apply(service, Slice.of(service).withPorts(first, second).ready(one));
        scene.tcp(service.address(first)).answers(one);

        scene.apply(service.withPorts(first, second));
        scene.tcp(service.address(second)).answers(two);
        scene.tcp(service.address(first)).answers(one);

        scene.apply(service.withPorts(second));
        scene.tcp(service.address(first)).refuses();
        scene.tcp(service.address(second)).answers(two);
    }

    private static void sourceAddress(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service().transparent("all");
        scene.apply(service, Slice.of(service).ready(one));
        scene.tcp(service.address()).answers(one);
        for (Host client : List.of(scene.client(0), scene.client(1))) {
            assertThat(scene.tcp(service.address()).from(client).ask("clientip"))
                    .isEqualTo(client.ip(scene.family()));
        }
    }

    private static void hairpin(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service();
        scene.apply(service, Slice.of(service).ready(one));

        scene.tcp(service.address()).from(one.host()).answers(one);
    }

    private static Endpoint[] threeEndpoints(Scene scene, int index) throws IOException {
        return new Endpoint[]{scene.endpoint(scene.pod(0, "a"), index), scene.endpoint(scene.pod(1, "a"), index),
                scene.endpoint(scene.pod(1, "b"), index)};
    }

    private static Service behind(Scene scene, int index) {
        return scene.service().withPorts(scene.port(index, "http", 80));
    }

    private static void upAndDown(Scene scene) throws IOException {
        Endpoint[] ofFirst = threeEndpoints(scene, 0);
        Endpoint[] ofSecond = threeEndpoints(scene, 1);
        Endpoint[] ofThird = threeEndpoints(scene, 2);
        Service first = behind(scene, 0);
        Service second = behind(scene, 1);
        Service third = behind(scene, 2);
        scene.apply(first, Slice.of(first).ready(ofFirst), second, Slice.of(second).ready(ofSecond));
        scene.tcp(first.address()).answers(ofFirst);
        scene.tcp(second.address()).answers(ofSecond);

        scene.delete(Slice.of(first), first);
        scene.tcp(first.address()).fails();
        scene.tcp(second.address()).answers(ofSecond);

        scene.apply(third, Slice.of(third).ready(ofThird));
        scene.tcp(third.address()).answers(ofThird);
        scene.tcp(second.address()).answers(ofSecond);
        scene.tcp(first.address()).fails();
    }

    private static void recreated(Scene scene) throws IOException {
        Endpoint[] endpoints = threeEndpoints(scene, 0);
        Service service = scene.service();
        scene.apply(service, Slice.of(service).ready(endpoints));
        scene.tcp(service.address()).answers(endpoints);

        scene.delete(service);
        scene.tcp(service.address()).fails();

        scene.apply(service);
        scene.tcp(service.address()).answers(endpoints);
    }

    private static void proxyRestarts(Scene scene) throws IOException {
        Endpoint[] ofFirst = threeEndpoints(scene, 0);
        Endpoint[] ofSecond = threeEndpoints(scene, 1);
        Service first = behind(scene, 0);
        Service second = behind(scene, 1);
        scene.apply(first, Slice.of(first).ready(ofFirst));
        scene.tcp(first.address()).answers(ofFirst);

        scene.cluster().stopProxies();
        scene.tcp(first.address()).fails();
        scene.apply(second, Slice.of(second).ready(ofSecond));
        scene.cluster().startProxies();

        scene.tcp(first.address()).answers(ofFirst);
        scene.tcp(second.address()).answers(ofSecond);
    }

    private static void apiRestarts(Scene scene) throws IOException {
        Endpoint[] ofFirst = threeEndpoints(scene, 0);
        Endpoint[] ofSecond = threeEndpoints(scene, 1);
        Service first = behind(scene, 0);
        Service second = behind(scene, 1);
        scene.apply(first, Slice.of(first).ready(ofFirst));
        scene.tcp(first.address()).answers(ofFirst);

        scene.cluster().loseApi();
        scene.tcp(first.address()).answers(ofFirst);
        scene.apply(second, Slice.of(second).ready(ofSecond));
        scene.cluster().findApi();

        scene.tcp(first.address()).answers(ofFirst);
        scene.tcp(second.address()).answers(ofSecond);
    }

    private static void nodePort(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = scene.service().nodePort(scene.nodePort(0));
        scene.apply(service, Slice.of(service).ready(one, two));

        scene.tcp(service.address()).answers(one, two);
        for (String address : scene.everyNode(scene.nodePort(0))) {
            scene.tcp(address).answers(one, two);
            scene.tcp(address).from(scene.outside()).answers(one, two);
        }
    }

    private static void externalIp(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        String external = scene.family() == IpFamily.IPV4 ? "203.0.113.250" : "2001:db8:113::250";
        Service service = scene.service().with("externalIPs: [\"" + external + "\"]");
        scene.apply(service, Slice.of(service).ready(one, two));

        scene.tcp(service.address()).answers(one, two);
        scene.tcp(Addresses.at(external, 80)).answers(one, two);
        scene.tcp(Addresses.at(external, 80)).from(scene.outside()).answers(one, two);
    }

    private static void protocolsAtOnePort(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service service = scene.service();
        Service.Port tcp = service.ports().getFirst().as("tcp-port", Protocol.TCP);
        Service.Port udp = tcp.as("udp-port", Protocol.UDP);
        Slice slice = Slice.of(service).withPorts(tcp, udp).ready(one, two);
        service = service.withPorts(tcp);
        scene.apply(service, slice);
        scene.tcp(service.address()).answers(one, two);

        service = service.nodePort(scene.nodePort(0));
        scene.apply(service);
        scene.tcp(service.address()).answers(one, two);
        scene.tcp(scene.at(0, scene.nodePort(0))).answers(one, two);

        scene.apply(service.withPorts(tcp.withNodePort(scene.nodePort(0)), udp.withNodePort(scene.nodePort(1))));
        for (String address : List.of(service.address(), scene.at(0, scene.nodePort(1)),
                scene.at(1, scene.nodePort(1)))) {
            scene.udp(address).answers(one, two);
        }
        scene.tcp(scene.at(1, scene.nodePort(0))).answers(one, two);
    }

    private static Service externalName(Service service) {
        return new Service(service.name(), service.family(), service.ip(), "", "", "",
                service.ports().stream().map(port -> port.withNodePort(0)).toList(),
                "type: ExternalName\nexternalName: example.com\n", "");
    }

    private static void fromExternalName(Scene scene, Service service) throws IOException {
        Endpoint[] endpoints = threeEndpoints(scene, 0);
        scene.apply(externalName(service), Slice.of(service).ready(endpoints));
        scene.tcp(service.address()).fails();

        scene.apply(service);
        scene.tcp(service.address()).answers(endpoints);
        for (Service.Port port : service.ports()) {
            if (port.nodePort() != 0) {
                scene.tcp(scene.at(0, port.nodePort())).answers(endpoints);
                scene.tcp(scene.at(1, port.nodePort())).answers(endpoints);
            }
        }
    }

    private static void toExternalName(Scene scene, Service service) throws IOException {
        Endpoint[] endpoints = threeEndpoints(scene, 0);
        scene.apply(service, Slice.of(service).ready(endpoints));
        scene.tcp(service.address()).answers(endpoints);

        scene.apply(externalName(service));
        scene.tcp(service.address()).refuses();
        for (Service.Port port : service.ports()) {
            if (port.nodePort() != 0) {
                scene.tcp(scene.at(0, port.nodePort())).refuses();
            }
        }
    }

    private static void releasesNodePorts(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        int port = scene.nodePort(0);
        Service service = scene.service().nodePort(port);
        scene.apply(service, Slice.of(service).ready(one));
        scene.tcp(scene.at(0, port)).answers(one);
        if (scene.cluster().mode() == Mode.FILES) { // behind the one door it has no socket of its own
            assertThat(listening(scene, port)).contains(":" + port);
        }

        scene.delete(service);
        scene.tcp(scene.at(0, port)).refuses();
        assertThat(listening(scene, port)).doesNotContain(":" + port);

        scene.apply(service);
        scene.tcp(scene.at(0, port)).answers(one);
    }

    private static String listening(Scene scene, int port) throws IOException {
        return scene.node(0).namespace().run("ss", "-Hltn", "sport = :" + port);
    }

    private static void label(Scene scene, String label) throws IOException {
        Endpoint[] endpoints = threeEndpoints(scene, 0);
        Endpoint[] ofOther = threeEndpoints(scene, 1);
        Service service = scene.service();
        Service other = behind(scene, 1);
        scene.apply(other, Slice.of(other).ready(ofOther), service.labelled(label),
                Slice.of(service).ready(endpoints));
        scene.tcp(other.address()).answers(ofOther);
        scene.tcp(service.address()).fails();

        scene.apply(service);
        scene.tcp(service.address()).answers(endpoints);

        scene.apply(service.labelled(label));
        scene.tcp(service.address()).fails();
        scene.tcp(other.address()).answers(ofOther);
    }

    /** Upstream's Service never had an endpoint; ours had one, so that the refusal is known to be the proxy's doing. */
    private static void rejected(Scene scene, String spec) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service().nodePort(scene.nodePort(0)).with(spec);
        scene.apply(service, Slice.of(service).ready(one));
        scene.tcp(service.address()).answers(one);

        scene.apply(Slice.of(service));
        scene.tcp(service.address()).refuses();
        scene.tcp(scene.at(0, scene.nodePort(0))).refuses();
        scene.tcp(scene.at(1, scene.nodePort(0))).from(scene.outside()).refuses();
    }

    private static void bothProtocols(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service();
        Service.Port tcp = service.ports().getFirst().as("tcp", Protocol.TCP);
        Service.Port udp = tcp.as("udp", Protocol.UDP);
        scene.apply(service.withPorts(tcp, udp), Slice.of(service).withPorts(tcp, udp).ready(one));
        scene.tcp(service.address()).answers(one);
        scene.udp(service.address()).answers(one);

        scene.apply(service.withPorts(tcp));
        scene.udp(service.address()).fails();
        scene.tcp(service.address()).answers(one);
    }
}
