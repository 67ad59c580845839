package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Upstream's loadbalancer.go. The load balancer is a route: what is sent to its address comes to the first node, as it
 * is. Its controller, which writes the address into the Service, is the test.
 */
final class LoadBalancerCases {
    private static final String AREA = "[sig-network] LoadBalancers [Feature:LoadBalancer]";
    private static final String LOCAL = "[sig-network] LoadBalancers ExternalTrafficPolicy: Local"
            + " [Feature:LoadBalancer]";
    private static final int ANSWERS_OF_HUNDRED = 95;

    private LoadBalancerCases() {
    }

    static Stream<Case> all() {
        return Stream.of(Stream.of(
                Case.of(AREA, "should be able to change the type and ports of a TCP service [Slow]",
                        scene -> typeAndPorts(scene, Protocol.TCP)),
                Case.of(AREA, "should be able to change the type and ports of a UDP service [Slow]",
                        scene -> typeAndPorts(scene, Protocol.UDP)),
                Case.of(AREA, "should only allow access from service loadbalancer source ranges [Slow]",
                        LoadBalancerCases::sourceRanges),
                Case.of(AREA, "should be able to create LoadBalancer Service without NodePort and change it [Slow]",
                        LoadBalancerCases::withoutNodePort),
                Case.of(AREA, "should not have connectivity disruption during rolling update with"
                        + " externalTrafficPolicy=Cluster [Slow]", scene -> rollingUpdate(scene, "Cluster")),
                Case.of(AREA, "should not have connectivity disruption during rolling update with"
                        + " externalTrafficPolicy=Local [Slow]", scene -> rollingUpdate(scene, "Local"))),
                AffinityCases.ofLoadBalancers(AREA), ConntrackCases.ofLoadBalancers(AREA),
                Stream.of(
                        Case.of(LOCAL, "should work for type=LoadBalancer", LoadBalancerCases::sourceOfLoadBalancer)
                                .noting("with `transparent`"),
                        Case.of(LOCAL, "should work for type=NodePort", LoadBalancerCases::sourceOfNodePort)
                                .noting("with `transparent`"),
                        Case.of(LOCAL, "should only target nodes with endpoints",
                                LoadBalancerCases::onlyNodesWithEndpoints),
                        Case.of(LOCAL, "should target all nodes with endpoints",
                                LoadBalancerCases::allNodesWithEndpoints)
                                .noting("the node port of each node stands in for the load balancer"),
                        Case.of(LOCAL, "should work from pods", LoadBalancerCases::sourceFromPods)
                                .noting("with `transparent`"),
                        Case.notRun(AREA, "should handle load balancer cleanup finalizer for service [Slow]",
                                "about a controller")))
                .flatMap(cases -> cases);
    }

    private static void typeAndPorts(Scene scene, Protocol protocol) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Endpoint two = scene.endpoint(scene.pod(1, "a"));
        Service plain = scene.service().over(protocol);
        Service.Port port = plain.ports().getFirst();
        Slice slice = Slice.of(plain).ready(one, two);
        scene.apply(plain.nodePort(scene.nodePort(0)), slice);
        scene.over(protocol, scene.at(0, scene.nodePort(0))).answers(one, two);

        String vip = Addresses.at(scene.externalIp(), 80);
        Service balanced = plain.withPorts(port.withNodePort(scene.nodePort(0))).loadBalanced(scene.externalIp());
        scene.apply(balanced);
        scene.over(protocol, vip).from(scene.outside(), scene.client(0), scene.client(1)).answers(one, two);
        scene.over(protocol, scene.at(0, scene.nodePort(0))).answers(one, two);

        Service moved = balanced.withPorts(port.withNodePort(scene.nodePort(1)));
        scene.apply(moved);
        scene.over(protocol, scene.at(0, scene.nodePort(1))).answers(one, two);
        scene.over(protocol, scene.at(0, scene.nodePort(0))).fails();
        scene.over(protocol, vip).from(scene.outside()).answers(one, two);

        Service.Port next = new Service.Port(port.name(), 81, protocol, port.behind(), scene.nodePort(1));
        String nextVip = Addresses.at(scene.externalIp(), 81);
        scene.apply(balanced.withPorts(next));
        scene.over(protocol, nextVip).from(scene.outside()).answers(one, two);
        scene.over(protocol, vip).from(scene.outside()).fails();
        scene.over(protocol, scene.at(0, scene.nodePort(1))).answers(one, two);

        scene.apply(Slice.of(plain));
        scene.over(protocol, scene.at(0, scene.nodePort(1))).refuses();
        scene.over(protocol, nextVip).from(scene.outside(), scene.client(0)).refuses();
        scene.apply(slice);
        scene.over(protocol, nextVip).from(scene.outside()).answers(one, two);

        scene.apply(plain);
        scene.over(protocol, scene.at(0, scene.nodePort(1))).fails();
        scene.over(protocol, nextVip).from(scene.outside()).fails();
        scene.over(protocol, plain.address()).answers(one, two);
    }

    private static void sourceRanges(Scene scene) throws IOException {
        boolean six = scene.family() == IpFamily.IPV6;
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Host allowed = scene.client(0);
        Host dropped = scene.client(1);
        Service service = scene.service().loadBalanced(scene.externalIp());
        String vip = Addresses.at(scene.externalIp(), 80);
        scene.apply(service.with("loadBalancerSourceRanges: [\"" + allowed.ip(scene.family()) + (six ? "/128" : "/32")
                + "\"]"), Slice.of(service).ready(one));
        scene.tcp(vip).from(allowed).answers(one);
        scene.tcp(vip).from(dropped).fails();

        scene.apply(service.with("loadBalancerSourceRanges: ["
                + (six ? "\"::/1\", \"8000::/1\"" : "\"0.0.0.0/1\", \"128.0.0.0/1\"") + "]"));
        scene.tcp(vip).from(allowed, dropped).answers(one);

        scene.apply(service.with("loadBalancerSourceRanges: ["
                + (six ? "\"2001:db8:ffff::1/128\"" : "\"192.0.2.254/32\"") + "]"));
        scene.tcp(vip).from(allowed, dropped).fails();

        scene.apply(service);
        scene.tcp(vip).from(allowed, dropped, scene.outside()).answers(one);
    }

    private static void withoutNodePort(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service();
        Service balanced = service.loadBalanced(scene.externalIp()).with("allocateLoadBalancerNodePorts: false");
        String vip = Addresses.at(scene.externalIp(), 80);
        scene.apply(balanced, Slice.of(service).ready(one));
        scene.tcp(vip).from(scene.outside()).answers(one);

        scene.apply(service.withPorts(service.ports().getFirst().withNodePort(scene.nodePort(0)))
                .loadBalanced(scene.externalIp()));
        scene.tcp(scene.at(1, scene.nodePort(0))).answers(one);
        scene.tcp(vip).from(scene.outside()).answers(one);
    }

    /** Three pods are replaced, one by one, while somebody asks all the time. */
    private static void rollingUpdate(Scene scene, String policy) throws Exception {
        Service service = scene.service().loadBalanced(scene.externalIp()).with("externalTrafficPolicy: " + policy);
        Probe probe = scene.tcp(Addresses.at(scene.externalIp(), 80)).from(scene.outside());
        List<Endpoint> serving = new ArrayList<>();
        for (String letter : Network.PODS) {
            serving.add(scene.endpoint(scene.pod(0, letter), 0));
        }
        Slice before = Slice.of(service);
        Slice after = before.named("2").withPorts(scene.port(1, "http", 80));
        scene.apply(service, before.ready(serving.toArray(Endpoint[]::new)));
        probe.answers(serving.toArray(Endpoint[]::new));

        Queue<String> met = new ConcurrentLinkedQueue<>();
        Thread client = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    met.add(probe.ask("hostname"));
                } catch (IOException failed) {
                    met.add(failed.toString());
                }
            }
        });
        try {
            List<Endpoint> fresh = new ArrayList<>();
            for (Endpoint old : List.copyOf(serving)) {
                fresh.add(scene.endpoint(old.host(), 1));
                serving.remove(old);
                scene.apply(after.ready(fresh.toArray(Endpoint[]::new)),
                        before.terminating(old).ready(serving.toArray(Endpoint[]::new)));
                probe.answers(Stream.concat(fresh.stream(), serving.stream()).toArray(Endpoint[]::new));
                scene.apply(before.ready(serving.toArray(Endpoint[]::new)));
                old.server().close();
            }
        } finally {
            client.interrupt();
            client.join();
        }
        assertThat(met.stream().filter(Client::answered).count() * 100).as("answers of %s", met.size())
                .isGreaterThanOrEqualTo(met.size() * (long) ANSWERS_OF_HUNDRED);
    }

    private static Service local(Scene scene) {
        Service service = scene.service();
        return service.withPorts(service.ports().getFirst().withNodePort(scene.nodePort(0)))
                .loadBalanced(scene.externalIp()).with("externalTrafficPolicy: Local")
                .with("healthCheckNodePort: " + scene.nodePort(1));
    }

    private static String health(Scene scene, int node) {
        return scene.at(node, scene.nodePort(1));
    }

    private static void sourceOfLoadBalancer(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = local(scene).transparent("local");
        Probe probe = scene.tcp(Addresses.at(scene.externalIp(), 80)).from(scene.outside());
        scene.apply(service, Slice.of(service).ready(one));
        probe.answers(one);

        assertThat(probe.ask("clientip")).isEqualTo(scene.outside().ip(scene.family()));
    }

    private static void sourceOfNodePort(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = scene.service().nodePort(scene.nodePort(0)).with("externalTrafficPolicy: Local")
                .transparent("local");
        Probe probe = scene.tcp(scene.at(0, scene.nodePort(0))).from(scene.outside());
        scene.apply(service, Slice.of(service).ready(one));
        probe.answers(one);

        assertThat(probe.ask("clientip")).isEqualTo(scene.outside().ip(scene.family()));
    }

    private static void onlyNodesWithEndpoints(Scene scene) throws IOException {
        for (int node = 0; node < Network.NODES; node++) {
            Endpoint one = scene.endpoint(scene.pod(node, "a"), node);
            Service service = local(scene).withPorts(
                    scene.port(node, "http", 80).withNodePort(scene.nodePort(0)));
            scene.apply(service, Slice.of(service).ready(one));
            scene.tcp(scene.at(node, scene.nodePort(0))).from(scene.outside()).answers(one);
            ReadinessCases.healthIs(scene, health(scene, node), "200");
            ReadinessCases.healthIs(scene, health(scene, 1 - node), "503");
            scene.delete(service, Slice.of(service));
        }
    }

    private static void allNodesWithEndpoints(Scene scene) throws IOException {
        Service service = scene.service().nodePort(scene.nodePort(0)).with("externalTrafficPolicy: Local");
        Endpoint[] each = {scene.endpoint(scene.pod(0, "a")), scene.endpoint(scene.pod(1, "a"))};
        scene.apply(service, Slice.of(service).ready(each));

        for (int node = 0; node < Network.NODES; node++) {
            scene.tcp(scene.at(node, scene.nodePort(0))).from(scene.outside()).answers(each[node]);
        }
    }

    private static void sourceFromPods(Scene scene) throws IOException {
        Endpoint one = scene.endpoint(scene.pod(0, "a"));
        Service service = local(scene).transparent("local");
        Probe probe = scene.tcp(Addresses.at(scene.externalIp(), 80)).from(scene.client(0));
        scene.apply(service, Slice.of(service).ready(one));
        probe.answers(one);

        assertThat(probe.ask("clientip")).isEqualTo(scene.client(0).ip(scene.family()));
    }
}
