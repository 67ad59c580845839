package dev.fairlead.discovery.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.merge.SnapshotMerge.Part;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceAddresses;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.TrafficPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotMergeTest {
    static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    /** Port 80 named {@code http} of a Service in {@code shop}, at these addresses; no endpoints. */
    static ServicePort port(String service, String clusterIp, String... externalIps) {
        ServicePortName name = new ServicePortName(new ServiceName("shop", service), "http", Protocol.TCP,
                IpFamily.IPV4);
        List<Frontend> frontends = new ArrayList<>(
                List.of(new Frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, new IpPort(ip(clusterIp), 80))));
        Arrays.stream(externalIps).forEach(one -> frontends
                .add(new Frontend(FrontendKind.EXTERNAL_IP, Protocol.TCP, new IpPort(ip(one), 80))));
        return new ServicePort(name,
                new ServiceAddresses(ip(clusterIp), 80, 0,
                        Arrays.stream(externalIps).map(SnapshotMergeTest::ip).toList(), List.of()),
                frontends, List.<Endpoint>of(), TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER, SessionAffinity.NONE,
                List.of(), 0, ServicePolicy.DEFAULTS);
    }

    static ServiceSnapshot snapshot(ServicePort... ports) {
        return new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(ports), List.of(), List.of());
    }

    private static ServiceSnapshot merged(ServiceSnapshot files, ServiceSnapshot cluster) {
        return SnapshotMerge.of(List.of(new Part("the files", files), new Part("Kubernetes", cluster)));
    }

    @Test
    void portsOfAllSourcesAreServedInOrderOfTheirNames() {
        ServicePort web = port("web", "10.96.0.1");
        ServicePort api = port("api", "10.96.0.2");
        ServicePort db = port("db", "10.96.0.3");
        ServiceSnapshot merged = merged(snapshot(db), snapshot(api, web));

        assertThat(merged.ports()).containsExactly(api, db, web);
        assertThat(merged.notes()).isEmpty();
    }

    @Test
    void aSourceAloneIsItself() {
        ServiceSnapshot files = snapshot(port("web", "10.96.0.1"));

        assertThat(SnapshotMerge.of(List.of(new Part("the files", files)))).isSameAs(files);
        assertThat(merged(files, snapshot()).ports()).isSameAs(files.ports());
    }

    @Test
    void whoGivesAServicePortFirstHasItAndThatIsNoted() {
        ServiceSnapshot merged = merged(snapshot(port("web", "10.96.0.1")), snapshot(port("web", "10.96.0.2")));

        assertThat(merged.ports()).containsExactly(port("web", "10.96.0.1"));
        assertThat(merged.notes())
                .containsExactly("shop/web:http TCP IPv4 is given by the files and by Kubernetes: what"
                        + " the files says counts");
    }

    @Test
    void whoGivesAnAddressFirstHasItAndThatIsNoted() {
        ServiceSnapshot merged = merged(snapshot(port("web", "10.96.0.1", "203.0.113.1")),
                snapshot(port("api", "10.96.0.2", "203.0.113.1", "203.0.113.2")));

        assertThat(merged.ports()).hasSize(2);
        assertThat(merged.ports().getFirst().frontends()).extracting(Frontend::toString)
                .containsExactly("TCP 10.96.0.2:80", "TCP 203.0.113.2:80");
        assertThat(merged.ports().getLast()).isEqualTo(port("web", "10.96.0.1", "203.0.113.1"));
        assertThat(merged.notes()).containsExactly("TCP 203.0.113.1:80 is given twice: it serves shop/web:http of the"
                + " files, not shop/api:http of Kubernetes");
    }

    @Test
    void whatOneSourceSkipsAnotherMayServe() {
        ServiceName web = new ServiceName("shop", "web");
        ServiceName db = new ServiceName("shop", "db");
        ServiceSnapshot files = new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(),
                List.of(new SkippedService(db, "no clusterIP"), new SkippedService(web, "no clusterIP")),
                List.of("a note"));
        ServiceSnapshot cluster = new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN,
                List.of(port("web", "10.96.0.1")), List.of(new SkippedService(db, "headless")),
                List.of("a note", "another"));
        ServiceSnapshot merged = merged(files, cluster);

        assertThat(merged.skipped()).containsExactly(new SkippedService(db, "no clusterIP"));
        assertThat(merged.notes()).containsExactly("a note", "another");
    }

    @Test
    void theNodeIsThatOfTheFirstWhoNamesOneFilledUpByWhoKnowsMoreOfIt() {
        ClusterNetwork network = new ClusterNetwork(List.of(Cidr.parse("10.1.0.0/16").orElseThrow()), List.of(), true,
                List.of(ip("192.168.0.2")), false);
        ServiceSnapshot files = new ServiceSnapshot(
                new NodeIdentity(Optional.of("n1"), Optional.empty(), List.of()), ClusterNetwork.UNKNOWN, List.of(),
                List.of(), List.of());
        ServiceSnapshot cluster = new ServiceSnapshot(
                new NodeIdentity(Optional.of("n1"), Optional.of("zone-a"), List.of(ip("192.168.0.2"))), network,
                List.of(), List.of(), List.of());

        assertThat(merged(files, cluster).node()).isEqualTo(cluster.node());
        assertThat(merged(files, cluster).network()).isEqualTo(network);
        assertThat(merged(snapshot(), cluster).node()).isEqualTo(cluster.node());
    }

    @Test
    void ofAnotherNodeNothingIsTaken() {
        ServiceSnapshot files = new ServiceSnapshot(
                new NodeIdentity(Optional.of("n1"), Optional.empty(), List.of()), ClusterNetwork.UNKNOWN, List.of(),
                List.of(), List.of());
        ServiceSnapshot cluster = new ServiceSnapshot(
                new NodeIdentity(Optional.of("n2"), Optional.of("zone-a"), List.of(ip("192.168.0.2"))),
                ClusterNetwork.UNKNOWN, List.of(), List.of(), List.of());

        assertThat(merged(files, cluster).node()).isEqualTo(files.node());
    }
}
