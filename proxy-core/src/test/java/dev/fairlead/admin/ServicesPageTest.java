package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.control.ControlView;
import dev.fairlead.control.Drains;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.control.Step;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.JsonReading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServicesPageTest {
    private static final ServicePortName WEB = Fleet.service("default/web:http");
    private static final NodeIdentity NODE = new NodeIdentity(Optional.of("n1"), Optional.of("z1"), List.of());
    private static final Optional<Object> ABSENT = Optional.empty();

    private final PublishedTable table = new PublishedTable();

    private static ServicePort port(ServicePortName name, ServicePolicy policy, SessionAffinity affinity,
            List<Frontend> frontends, Endpoint... endpoints) {
        return new ServicePort(name, Ports.addresses(frontends), frontends, List.of(endpoints), TrafficPolicy.CLUSTER,
                TrafficPolicy.CLUSTER, affinity, List.of(), 0, policy);
    }

    private static Frontend frontend(FrontendKind kind, Protocol protocol, String address) {
        return new Frontend(kind, protocol, IpPort.of(address));
    }

    private static ControlView view(ServiceSnapshot snapshot, List<FailedStep> failed, List<String> doors,
            Upstream... retiring) {
        return new ControlView(snapshot, 12, Optional.empty(), Optional.empty(), failed, Optional.empty(),
                doors.stream().map(ServicesPageTest::door).toList(), List.of(retiring), Phase.FOLLOWING, Drains.NONE);
    }

    private static TransportAddress door(String text) {
        return text.endsWith("/UDP")
                ? TransportAddress.udp(IpPort.of(text.substring(0, text.length() - 4)))
                : TransportAddress.tcp(IpPort.of(text));
    }

    private Map<String, Object> page(ControlView view) {
        Answer answer = new ServicesPage(() -> view, table).answer(Question.of("", "text/html"));
        assertThat(answer.contentType()).isEqualTo("application/json");
        String text = answer.body().toString(StandardCharsets.UTF_8);
        answer.body().release();
        assertThat(text).endsWith("}\n");
        return JsonReading.object(text);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> from, String name) {
        return (List<Map<String, Object>>) Optional.ofNullable(from.get(name)).orElseThrow();
    }

    @Test
    void aServiceInFullSwing() {
        Upstream busy = Fleet.upstream(WEB, "10.1.0.8:8080");
        Upstream ejected = Fleet.upstream(WEB, "10.1.0.9:8080", Gate.State.EJECTED);
        ServiceCounters counters = new ServiceCounters();
        table.publish(new RoutingTable(12,
                List.of(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", Fleet.limit(42), counters, busy),
                        Fleet.route(WEB, FrontendKind.LOAD_BALANCER, "192.0.2.1:80", Fleet.limit(42), counters, busy,
                                ejected))));
        for (int i = 0; i < 3; i++) {
            counters.connectionAccepted();
            busy.counters().connected(1);
        }
        counters.connectionEnded();
        counters.connectionTriedAnyway();
        counters.connectionFailed(Cause.LIMIT);
        busy.enter();
        busy.counters().relayed(10, 20);
        ejected.counters().connected(1);
        ejected.counters().failed(Cause.REFUSED, 1);
        ejected.counters().failed(Cause.REFUSED, 1);
        ejected.counters().failed(Cause.TIMEOUT, 1);

        ServicePolicy policy = ServicePolicy.DEFAULTS.withBalancer(BalancerChoice.named("round-robin"))
                .withConnectionsPerSecond(Optional.of(100));
        ServicePort port = port(WEB, policy, new SessionAffinity.ClientIp(Duration.ofHours(3)),
                List.of(frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, "10.96.0.10:80"),
                        frontend(FrontendKind.LOAD_BALANCER, Protocol.TCP, "192.0.2.1:80")),
                new Endpoint(IpPort.of("10.1.0.7:8080"), false, false, false, Optional.of("n2"), Set.of(), Set.of()),
                Endpoint.ready(IpPort.of("10.1.0.8:8080")), Endpoint.ready(IpPort.of("10.1.0.9:8080")));
        ServiceSnapshot snapshot = new ServiceSnapshot(NODE, ClusterNetwork.UNKNOWN, List.of(port), List.of(),
                List.of());
        FailedStep failed = new FailedStep(
                new Step.OpenListener(door("192.0.2.1:80"), SourceFilter.EVERYBODY, "is new here"),
                "Cannot assign requested address", 0, 1);

        Map<String, Object> page = page(view(snapshot, List.of(failed), List.of("10.96.0.10:80")));
        assertThat(page).containsEntry("table", 12.0).containsEntry("node", "n1").containsEntry("zone", "z1")
                .containsEntry("leaving", List.of()).containsEntry("skipped", List.of())
                .containsEntry("notes", List.of());
        Map<String, Object> service = list(page, "services").getFirst();
        assertThat(service).containsEntry("namespace", "default").containsEntry("name", "web")
                .containsEntry("port", "http").containsEntry("protocol", "TCP").containsEntry("family", "IPv4")
                .containsEntry("number", 80.0).containsEntry("balancer", "round-robin")
                .containsEntry("affinitySeconds", 10_800.0).containsEntry("internalTrafficPolicy", "Cluster")
                .containsEntry("externalTrafficPolicy", "Cluster").containsEntry("accepted", 3.0)
                .containsEntry("open", 2.0).containsEntry("triedAnyway", 1.0)
                .containsEntry("failed", Map.of("LIMIT", 1.0))
                .containsEntry("limit", Map.of("perSecond", 100.0, "available", 42.0))
                .containsEntry("frontends", List.of(
                        Map.of("kind", "ClusterIP", "address", "10.96.0.10:80", "door", "open", "why", ABSENT),
                        Map.of("kind", "LoadBalancer", "address", "192.0.2.1:80", "door", "failed", "why",
                                "Cannot assign requested address")));

        List<Map<String, Object>> endpoints = list(service, "endpoints");
        assertThat(endpoints).hasSize(3);
        assertThat(endpoints.get(0)).containsEntry("address", "10.1.0.7:8080").containsEntry("readiness", "NOT_READY")
                .containsEntry("node", "n2").containsEntry("used", false).containsEntry("gate", ABSENT)
                .containsEntry("ejected", ABSENT).containsEntry("inFlight", ABSENT).containsEntry("opened", ABSENT)
                .containsEntry("failed", ABSENT).containsEntry("bytesUp", ABSENT).containsEntry("share", ABSENT);
        assertThat((String) endpoints.get(0).get("why")).isNotEmpty();
        assertThat(endpoints.get(1)).containsEntry("address", "10.1.0.8:8080").containsEntry("readiness", "READY")
                .containsEntry("node", ABSENT).containsEntry("used", true).containsEntry("gate", "ADMITS")
                .containsEntry("ejected", false).containsEntry("inFlight", 1.0).containsEntry("opened", 3.0)
                .containsEntry("failed", Map.of()).containsEntry("bytesUp", 10.0).containsEntry("bytesDown", 20.0)
                .containsEntry("share", 0.75);
        assertThat(endpoints.get(2)).containsEntry("gate", "EJECTED").containsEntry("ejected", true)
                .containsEntry("failed", Map.of("REFUSED", 2.0, "TIMEOUT", 1.0)).containsEntry("share", 0.25);
    }

    @Test
    void aServiceThatIsNotInTheTableYetHasNoNumbers() {
        ServicePort port = port(WEB, ServicePolicy.DEFAULTS, SessionAffinity.NONE,
                List.of(frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, "10.96.0.10:80")),
                Endpoint.ready(IpPort.of("10.1.0.8:8080")));
        Map<String, Object> service = list(
                page(view(
                        new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(port), List.of(),
                                List.of()),
                        List.of(), List.of())),
                "services").getFirst();
        assertThat(service).containsEntry("accepted", ABSENT).containsEntry("open", ABSENT)
                .containsEntry("triedAnyway", ABSENT).containsEntry("failed", ABSENT).containsEntry("limit", ABSENT)
                .containsEntry("affinitySeconds", ABSENT);
        assertThat(list(service, "frontends").getFirst()).containsEntry("door", "closed").containsEntry("why",
                "not opened yet");
    }

    @Test
    void aClosedDoorSaysWhy() {
        ServicePortName dns = new ServicePortName(new ServiceName("kube-system", "dns"), "dns", Protocol.UDP,
                IpFamily.IPV4);
        ServicePortName dnsTcp = Fleet.service("kube-system/dns:dns-tcp");
        ServicePort udp = port(dns, ServicePolicy.DEFAULTS, SessionAffinity.NONE,
                List.of(frontend(FrontendKind.CLUSTER_IP, Protocol.UDP, "10.96.0.53:53")),
                Endpoint.ready(IpPort.of("10.1.0.53:53")));
        ServicePort tcp = port(dnsTcp, ServicePolicy.DEFAULTS, SessionAffinity.NONE,
                List.of(frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, "10.96.0.53:53")),
                Endpoint.ready(IpPort.of("10.1.0.53:53")));
        ServicePort empty = port(WEB, ServicePolicy.DEFAULTS, SessionAffinity.NONE,
                List.of(frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, "10.96.0.10:80")));
        ServiceSnapshot snapshot = new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN,
                List.of(empty, udp, tcp), List.of(),
                List.of());
        FailedStep failed = new FailedStep(
                new Step.OpenListener(door("10.96.0.53:53/UDP"), SourceFilter.EVERYBODY, "is new here"),
                "Address already in use", 0, 1);
        List<Map<String, Object>> services = list(page(view(snapshot, List.of(failed), List.of("10.96.0.53:53"))),
                "services");
        assertThat(services).extracting(service -> list(service, "frontends").getFirst().get("door"))
                .containsExactly("closed", "failed", "open");
        assertThat(services).extracting(service -> list(service, "frontends").getFirst().get("why"))
                .containsExactly("no usable endpoint", "Address already in use", ABSENT);
    }

    @Test
    void skippedServicesNotesAndEndpointsThatAreLeavingAreListed() {
        Upstream leaving = Fleet.upstream(WEB, "10.1.0.9:8080");
        leaving.enter();
        ServiceSnapshot snapshot = new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(),
                List.of(new SkippedService(new ServiceName("default", "db"), "headless")), List.of("a note"));
        Map<String, Object> page = page(view(snapshot, List.of(), List.of(), leaving));
        assertThat(page).containsEntry("node", ABSENT).containsEntry("zone", ABSENT).containsEntry("skipped",
                List.of(Map.of("namespace", "default", "name", "db", "why", "headless")))
                .containsEntry("notes", List.of("a note")).containsEntry("services", List.of());
        assertThat(list(page, "leaving").getFirst()).containsEntry("name", "web")
                .containsEntry("address", "10.1.0.9:8080").containsEntry("inFlight", 1.0);
    }

    @Test
    void hostileNamesStayInsideTheirStrings() {
        String hostile = "we\"b\\\n},{\"name\":\"x\u2028";
        ServicePortName name = new ServicePortName(new ServiceName(hostile, hostile), hostile, Protocol.TCP,
                IpFamily.IPV4);
        ServicePolicy policy = ServicePolicy.DEFAULTS.withBalancer(new BalancerChoice(hostile, Map.of("a", hostile)));
        ServicePort port = port(name, policy, SessionAffinity.NONE, List.of());
        Route route = Fleet.route(name, FrontendKind.CLUSTER_IP, "10.96.0.10:80", new ServiceCounters());
        table.publish(new RoutingTable(1, List.of(route)));
        Map<String, Object> page = page(view(
                new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(port),
                        List.of(new SkippedService(name.service(), hostile)), List.of(hostile)),
                List.of(), List.of()));
        assertThat(list(page, "services").getFirst()).containsEntry("namespace", hostile)
                .containsEntry("name", hostile).containsEntry("port", hostile)
                .containsEntry("balancer", hostile + "(a=" + hostile + ")").containsEntry("accepted", 0.0);
        assertThat(list(page, "skipped").getFirst()).containsEntry("why", hostile);
        assertThat(page).containsEntry("notes", List.of(hostile));
    }
}
