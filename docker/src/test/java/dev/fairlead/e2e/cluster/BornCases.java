package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Fairlead was made for: two nginx behind one Service, here one on each node. */
final class BornCases {
    private static final String AREA = "The born scenario";
    private static final int CONNECTIONS = 100;
    /** Of a binomial distribution with p = 1/2: five times sqrt(100 / 4). */
    private static final long FIVE_SIGMA = 25;

    private BornCases() {
    }

    static Stream<Case> all() {
        return Stream.of(
                Case.of(AREA, "two nginx behind one Service share the connections of every client", BornCases::spread),
                Case.of(AREA, "an nginx that is killed costs no client a connection", BornCases::failover),
                Case.of(AREA, "an endpoint sees the address of the node that the client came to", BornCases::source),
                Case.of(AREA, "an endpoint sees the client's address", BornCases::clientsAddress)
                        .noting("with `transparent`"));
    }

    private static Service service(Scene scene, Endpoint... endpoints) throws IOException {
        Service service = scene.service().nodePort(scene.nodePort(0));
        scene.apply(service, Slice.of(service).ready(endpoints));
        return service;
    }

    /** From pods and nodes by the ClusterIP, from outside by the node ports. */
    private static List<Probe> ways(Scene scene, Service service) {
        List<Probe> ways = new ArrayList<>();
        scene.everywhere().forEach(host -> ways.add(scene.tcp(service.address()).from(host)));
        for (String address : scene.everyNode(scene.nodePort(0))) {
            ways.add(scene.tcp(address).from(scene.outside()));
        }
        return ways;
    }

    private static void spread(Scene scene) throws IOException {
        Endpoint one = scene.nginx(scene.pod(0, "a"));
        Endpoint two = scene.nginx(scene.pod(1, "a"));
        for (Probe way : ways(scene, service(scene, one, two))) {
            way.answers(one, two);
            Map<String, Integer> met = new LinkedHashMap<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                met.merge(way.ask("hostname"), 1, Integer::sum);
            }
            assertThat(met).containsOnlyKeys(one.name(), two.name());
            assertThat(met.get(one.name())).as("answers of one of two to %s", way)
                    .isBetween((int) (CONNECTIONS / 2 - FIVE_SIGMA), (int) (CONNECTIONS / 2 + FIVE_SIGMA));
        }
    }

    private static void failover(Scene scene) throws IOException {
        Endpoint one = scene.nginx(scene.pod(0, "a"));
        Endpoint two = scene.nginx(scene.pod(1, "a"));
        Service service = service(scene, one, two);
        for (Probe way : ways(scene, service)) {
            way.answers(one, two);
        }

        one.server().close();
        for (Probe way : ways(scene, service)) {
            for (int i = 0; i < CONNECTIONS / 10; i++) {
                assertThat(way.ask("hostname")).isEqualTo(two.name());
            }
        }

        scene.apply(Slice.of(service));
        for (Probe way : ways(scene, service)) {
            way.refuses();
        }

        Endpoint again = scene.nginx(one.host());
        scene.apply(Slice.of(service).ready(again, two));
        for (Probe way : ways(scene, service)) {
            way.answers(again, two);
        }
    }

    private static void source(Scene scene) throws IOException {
        Endpoint one = scene.nginx(scene.pod(0, "a"));
        Service service = service(scene, one);
        for (int node = 0; node < Network.NODES; node++) {
            List<Probe> through = List.of(scene.tcp(service.address()).from(scene.client(node)),
                    scene.tcp(service.address()).from(scene.node(node)),
                    scene.tcp(scene.at(node, scene.nodePort(0))).from(scene.outside()));
            for (Probe way : through) {
                way.answers(one);
                assertThat(way.ask("clientip")).isEqualTo(scene.node(node).ip(scene.family()));
            }
        }
    }

    private static void clientsAddress(Scene scene) throws IOException {
        Endpoint one = scene.nginx(scene.pod(0, "a"));
        Service service = scene.service().transparent("local");
        scene.apply(service, Slice.of(service).ready(one));
        Probe way = scene.tcp(service.address()).from(scene.client(0));
        way.answers(one);
        assertThat(way.ask("clientip")).isEqualTo(scene.client(0).ip(scene.family()));
    }
}
