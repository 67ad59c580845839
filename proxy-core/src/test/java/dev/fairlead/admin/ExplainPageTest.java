package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.control.ControlView;
import dev.fairlead.control.Drains;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.Fleet;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplainPageTest {
    private static final ServicePortName WEB = Fleet.service("default/web:http");
    private static final ServicePortName QUIC = new ServicePortName(WEB.service(), "quic", Protocol.UDP, IpFamily.IPV4);
    private static final String JSON = "application/json";

    private final PublishedTable table = new PublishedTable();
    private final Upstream busy = Fleet.upstream(WEB, "10.1.0.8:8080");
    private final Upstream udpBusy = Fleet.upstream(QUIC, "10.1.0.7:53");
    private final Upstream ejected = Fleet.upstream(WEB, "10.1.0.9:8080", Gate.State.EJECTED);

    private ControlView view(boolean open) {
        List<Frontend> frontends = List.of(
                new Frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, IpPort.of("10.96.0.10:80")));
        ServicePort port = new ServicePort(WEB, Ports.addresses(frontends), frontends,
                List.of(Endpoint.ready(busy.address()), Endpoint.ready(ejected.address())), TrafficPolicy.CLUSTER,
                TrafficPolicy.CLUSTER, SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS);
        List<Frontend> udpFrontends = List.of(
                new Frontend(FrontendKind.CLUSTER_IP, Protocol.UDP, IpPort.of("10.96.0.10:80")));
        ServicePort udp = new ServicePort(QUIC, Ports.addresses(udpFrontends), udpFrontends,
                List.of(Endpoint.ready(udpBusy.address())), TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER,
                SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS);
        return new ControlView(
                new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(port, udp), List.of(),
                        List.of()),
                1,
                Optional.empty(), Optional.empty(), List.of(), Optional.empty(),
                open ? List.of(TransportAddress.tcp(IpPort.of("10.96.0.10:80"))) : List.of(), List.of(),
                ControlView.Phase.FOLLOWING, Drains.NONE);
    }

    private String ask(String uri, String accept) {
        table.publish(new RoutingTable(1, List.of(
                Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", new ServiceCounters(), busy, ejected),
                Fleet.route(QUIC, FrontendKind.CLUSTER_IP, "10.96.0.10:80", new ServiceCounters(), udpBusy))));
        Answer answer = new ExplainPage(() -> view(true), table).answer(Question.of(uri, accept));
        String text = answer.status().code() + " " + answer.body().toString(StandardCharsets.UTF_8);
        answer.body().release();
        return text;
    }

    @Test
    void theVerdictComesWithWhatOnlyTheLiveProcessKnows() {
        busy.enter();
        busy.counters().connected(1_000_000);
        busy.counters().failed(Cause.RESET, 1);

        assertThat(ask("/api/v1/explain?to=10.96.0.10:80&from=10.1.2.3", JSON)).startsWith("200 {")
                .contains("\"source\":\"10.1.2.3\"", "\"verdict\":\"FORWARD\"", "\"live\":{\"door\":\"open\"",
                        "{\"address\":\"10.1.0.8:8080\",\"inFlight\":1,\"gate\":\"ADMITS\",\"ejectedForMillis\":null,"
                                + "\"opened\":1,\"failed\":{\"RESET\":1}}",
                        "{\"address\":\"10.1.0.9:8080\",\"inFlight\":0,\"gate\":\"EJECTED\"");
    }

    @Test
    void peopleReadTheSameAsLines() {
        busy.enter();

        assertThat(ask("/api/v1/explain?to=10.96.0.10:80&from=10.1.2.3", "text/plain"))
                .contains("10.1.2.3 -> 10.96.0.10:80/TCP  FORWARD to 10.1.0.8:8080, 10.1.0.9:8080")
                .contains("door open").contains("10.1.0.8:8080  1 in flight, 0 opened");
    }

    @Test
    void udpIsAskedForByItsNameAndHasItsOwnDoor() {
        udpBusy.enter();
        udpBusy.enter();
        assertThat(ask("/api/v1/explain?to=10.96.0.10:80&protocol=udp", JSON)).contains("\"verdict\":\"FORWARD\"",
                "\"live\":{\"door\":\"closed\"", "{\"address\":\"10.1.0.7:53\",\"inFlight\":2,");
    }

    @Test
    void whereNothingIsDialledNoEndpointIsTold() {
        assertThat(ask("/api/v1/explain?to=192.0.2.99:80", JSON)).contains("\"verdict\":\"NOT_CAPTURED\"",
                "\"live\":{\"door\":\"closed\",\"affinity\":null,\"endpoints\":[],\"drained\":[]}");
    }

    @Test
    void aQuestionThatCannotBeUnderstoodIsAnsweredWithOneThatCan() {
        assertThat(ask("/api/v1/explain", JSON)).startsWith(HttpResponseStatus.BAD_REQUEST.code() + " ")
                .contains("/api/v1/explain?to=10.96.0.10:80");
        assertThat(ask("/api/v1/explain?to=10.96.0.10:80&from=here", JSON)).contains("from is no address");
        assertThat(ask("/api/v1/explain?to=10.96.0.10:80&protocol=SCTP", JSON)).contains("neither TCP nor UDP");
    }
}
