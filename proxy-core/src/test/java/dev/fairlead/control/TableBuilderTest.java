package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.PickContext;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.StickyPicker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableBuilderTest {
    private static final String WEB = """
            node one
            default/web:http TCP
              ClusterIP 10.96.0.10:80
              NodePort 10.0.0.5:30080
              ExternalIP 203.0.113.7:80
            """;
    private static final String TWO_ENDPOINTS = "  endpoints 10.1.2.3:8080 10.1.2.4:8080\n";

    private final UpstreamRegistry registry = new UpstreamRegistry(Gates.NONE, (_, _) -> () -> true,
            () -> new AffinityTable(Ticker.SYSTEM));
    private final TableBuilder builder = new TableBuilder(registry, choice -> {
        if (choice.name().equals("least-conn")) {
            throw new IllegalArgumentException("it is broken");
        }
        return new FirstCandidate(choice.name());
    });
    private long revision;

    private RoutingTable build(String snapshot) {
        revision++;
        return builder.build(revision, RouteSpecs.of(SnapshotText.parse(snapshot)));
    }

    private static Route route(RoutingTable table, String frontend) {
        return table.find(TransportAddress.tcp(IpPort.of(frontend))).orElseThrow();
    }

    private static FirstCandidate.Made picker(Route route) {
        return (FirstCandidate.Made) route.picker();
    }

    @Test
    void everyFrontendFindsItsRoute() {
        RoutingTable table = build(WEB + TWO_ENDPOINTS);

        assertThat(table.revision()).isEqualTo(1);
        assertThat(table.routes()).hasSize(3);
        assertThat(route(table, "10.96.0.10:80").upstreams()).extracting(Upstream::address)
                .containsExactly(IpPort.of("10.1.2.3:8080"), IpPort.of("10.1.2.4:8080"));
        assertThat(table.find(TransportAddress.tcp(IpPort.of("10.96.0.10:81")))).isEmpty();
    }

    @Test
    void tcpAndUdpOnOneAddressHaveRoutesOfTheirOwnAndComeAndGoAlone() {
        String tcp = """
                kube-system/dns:dns-tcp TCP
                  ClusterIP 10.96.0.53:53
                  endpoints 10.1.3.3:53
                """;
        String udp = """
                kube-system/dns:dns UDP
                  ClusterIP 10.96.0.53:53
                  endpoints 10.1.3.4:53
                """;
        TransportAddress udpDoor = TransportAddress.udp(IpPort.of("10.96.0.53:53"));
        RoutingTable both = build(tcp + udp);
        Route tcpRoute = route(both, "10.96.0.53:53");
        assertThat(tcpRoute.spec().service().port()).isEqualTo("dns-tcp");
        assertThat(both.find(udpDoor).orElseThrow().spec().service().port()).isEqualTo("dns");

        RoutingTable tcpAlone = build(tcp);

        assertThat(tcpAlone.find(udpDoor)).isEmpty();
        assertThat(route(tcpAlone, "10.96.0.53:53")).isSameAs(tcpRoute);
        assertThat(both.find(udpDoor)).isPresent();
    }

    @Test
    void kindsOfOneScopeShareAPickerAndScopesDoNot() {
        RoutingTable table = build(WEB + TWO_ENDPOINTS);

        Picker nodePort = route(table, "10.0.0.5:30080").picker();
        assertThat(route(table, "203.0.113.7:80").picker()).isSameAs(nodePort);
        assertThat(route(table, "10.96.0.10:80").picker()).isNotSameAs(nodePort);
    }

    @Test
    void scopesShareUpstreamsCountersAndLimit() {
        RoutingTable table = build(WEB + TWO_ENDPOINTS + "  connectionsPerSecond 100\n");

        Route inside = route(table, "10.96.0.10:80");
        Route outside = route(table, "10.0.0.5:30080");
        assertThat(inside.upstreams().getFirst()).isSameAs(outside.upstreams().getFirst());
        assertThat(inside.counters()).isSameAs(outside.counters());
        assertThat(inside.limit()).isSameAs(outside.limit());
    }

    @Test
    void whatIsUnchangedIsTheSameRoute() {
        Route before = route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80");

        Route after = route(build(WEB + TWO_ENDPOINTS + """
                default/other TCP
                  ClusterIP 10.96.0.11:80
                  endpoints 10.1.2.3:8080
                """), "10.96.0.10:80");

        assertThat(after).isSameAs(before);
    }

    @Test
    void anotherTimeoutKeepsThePicker() {
        Route before = route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80");

        Route after = route(build(WEB + TWO_ENDPOINTS + "  connectTimeout 500ms\n"), "10.96.0.10:80");

        assertThat(after).isNotSameAs(before);
        assertThat(after.picker()).isSameAs(before.picker());
    }

    @Test
    void otherEndpointsMakeAPickerThatTakesOverFromTheOneBefore() {
        FirstCandidate.Made before = picker(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80"));

        FirstCandidate.Made after = picker(route(build(WEB + "  endpoints 10.1.2.4:8080\n"), "10.96.0.10:80"));

        assertThat(before.previous()).isEmpty();
        assertThat(after.previous().orElseThrow()).isSameAs(before);
        assertThat(after.by()).isSameAs(before.by());
        assertThat(after.candidates().getFirst()).isSameAs(before.candidates().get(1));
    }

    @Test
    void anotherBalancerTakesOverFromTheOneBefore() {
        FirstCandidate.Made before = picker(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80"));

        FirstCandidate.Made after = picker(
                route(build(WEB + TWO_ENDPOINTS + "  balancer round-robin\n"), "10.96.0.10:80"));

        assertThat(after.by()).isEqualTo(new FirstCandidate("round-robin"));
        assertThat(after.previous().orElseThrow()).isSameAs(before);
    }

    @Test
    void aKindThatComesLaterJoinsThePickerOfItsScope() {
        String nodePortOnly = """
                default/web:http TCP
                  NodePort 10.0.0.5:30080
                """ + TWO_ENDPOINTS;
        Route before = route(build(nodePortOnly), "10.0.0.5:30080");

        RoutingTable after = build(nodePortOnly + "  LoadBalancer 203.0.113.8:80\n");

        assertThat(route(after, "10.0.0.5:30080")).isSameAs(before);
        assertThat(route(after, "203.0.113.8:80").picker()).isSameAs(before.picker());
    }

    @Test
    void theLastKindOfAScopeMayGoAndComeWithoutLosingThePicker() {
        Picker before = route(build(WEB + TWO_ENDPOINTS), "203.0.113.7:80").picker();

        RoutingTable after = build("""
                default/web:http TCP
                  LoadBalancer 203.0.113.8:80
                """ + TWO_ENDPOINTS);

        assertThat(route(after, "203.0.113.8:80").picker()).isSameAs(before);
    }

    @Test
    void aServiceWithoutEndpointsHasARouteThatLeadsNowhere() {
        Route route = route(build(WEB), "10.96.0.10:80");

        assertThat(route.upstreams()).isEmpty();
        assertThat(picker(route).candidates()).isEmpty();
    }

    @Test
    void aServiceThatLeftAndReturnsStartsAnew() {
        build(WEB + TWO_ENDPOINTS);
        build("");

        assertThat(picker(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80")).previous()).isEqualTo(Optional.empty());
    }

    @Test
    void aBuildThatThrowsLeavesTheNextOneWhereTheLastLeftIt() {
        Route before = route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80");
        assertThatThrownBy(() -> build(WEB + TWO_ENDPOINTS + """
                default/worse TCP
                  ClusterIP 10.96.0.12:80
                  balancer least-conn
                """)).hasMessage("it is broken");

        assertThat(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80")).isSameAs(before);
    }

    @Test
    void affinityIsSharedByTheFrontendsOfBothScopes() {
        RoutingTable table = build(WEB + TWO_ENDPOINTS + "  affinity 3h\n");
        Route inside = route(table, "10.96.0.10:80");
        Route outside = route(table, "10.0.0.5:30080");
        Client client = new Client("192.0.2.7");

        inside.picker().confirmed(client, inside.upstreams().get(1));

        assertThat(outside.picker().pick(client)).contains(outside.upstreams().get(1));
        assertThat(outside.picker().pick(new Client("192.0.2.8"))).contains(outside.upstreams().getFirst());
    }

    @Test
    void affinityOutlivesOtherEndpointsAndNone() {
        Client client = new Client("192.0.2.7");
        Route before = route(build(WEB + TWO_ENDPOINTS + "  affinity 3h\n"), "10.96.0.10:80");
        before.picker().confirmed(client, before.upstreams().get(1));
        build(WEB + "  affinity 3h\n");

        Route after = route(build(WEB + TWO_ENDPOINTS + "  affinity 1h\n"), "10.96.0.10:80");

        assertThat(after.picker().pick(client)).contains(after.upstreams().get(1));
    }

    @Test
    void switchingAffinityOnAndOffKeepsTheRotationBeneath() {
        FirstCandidate.Made before = picker(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80"));
        Picker sticky = route(build(WEB + TWO_ENDPOINTS + "  affinity 3h\n"), "10.96.0.10:80").picker();
        FirstCandidate.Made beneath = (FirstCandidate.Made) StickyPicker.beneath(sticky);
        FirstCandidate.Made after = picker(route(build(WEB + TWO_ENDPOINTS), "10.96.0.10:80"));

        assertThat(sticky).isInstanceOf(StickyPicker.class);
        assertThat(beneath.previous().orElseThrow()).isSameAs(before);
        assertThat(after.previous().orElseThrow()).isSameAs(beneath);
        assertThat(after.by()).isSameAs(before.by());
    }

    private static final String LOCAL = """
            node one
            pods 10.1.0.0/16
            default/web:http TCP
              ClusterIP 10.96.0.10:80
              NodePort 10.0.0.5:30080
              LoadBalancer 203.0.113.7:80
              endpoints 10.1.2.3:8080(on one) 10.1.2.4:8080(on two)
              externalPolicy Local
            """;

    @Test
    void underPolicyLocalPodsAndTheNodeTakeTheShortCircuitAndOthersDoNot() {
        Route route = route(build(LOCAL), "203.0.113.7:80");

        assertThat(addresses(route.from(ip("198.51.100.7")))).containsExactly("10.1.2.3:8080");
        assertThat(addresses(route.from(ip("10.1.9.9")))).containsExactly("10.1.2.3:8080", "10.1.2.4:8080");
        assertThat(addresses(route.from(ip("127.0.0.1")))).containsExactly("10.1.2.3:8080", "10.1.2.4:8080");
    }

    @Test
    void shortCircuitsOfOneServicePortShareAPickerAndAreAmongTheRoutes() {
        RoutingTable table = build(LOCAL);

        Picker near = route(table, "203.0.113.7:80").shortCircuit().orElseThrow().picker();
        assertThat(route(table, "10.0.0.5:30080").shortCircuit().orElseThrow().picker()).isSameAs(near);
        assertThat(table.routes()).hasSize(5);
        assertThat(route(table, "10.96.0.10:80").shortCircuit()).isEqualTo(Optional.empty());
    }

    @Test
    void aDoorOpensForTheShortCircuitAlone() {
        RouteSpec spec = route(build(LOCAL.replace("on one", "on three")), "203.0.113.7:80").spec();

        assertThat(spec.candidates()).isEmpty();
        assertThat(spec.opens()).isTrue();
    }

    private static List<String> addresses(Route route) {
        return route.upstreams().stream().map(upstream -> upstream.address().toString()).toList();
    }

    private static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    /** A client that may go anywhere. */
    private record Client(InetAddress client) implements PickContext {
        Client(String ip) {
            this(IpText.parse(ip).orElseThrow());
        }

        @Override
        public boolean excluded(Upstream upstream) {
            return false;
        }

        @Override
        public void because(String why) {
        }
    }
}
