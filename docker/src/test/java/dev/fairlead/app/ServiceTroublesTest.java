package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.control.Step;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.discovery.kubernetes.ServiceTrouble;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceTroublesTest {
    private static final IpPort DOOR = new IpPort(IpText.parse("192.168.0.2").orElseThrow(), 30080);
    private static final Step OPEN = new OpenListener(TransportAddress.tcp(DOOR), SourceFilter.EVERYBODY,
            "it is new here");

    private final List<String> passedOn = new ArrayList<>();
    private final List<ServiceTrouble> told = new ArrayList<>();
    private final ServiceTroubles troubles = new ServiceTroubles(new ControlObserver() {
        @Override
        public void stepFailed(Step step, String message) {
            passedOn.add(step.what() + ": " + message);
        }
    });

    ServiceTroublesTest() {
        troubles.tellTo(told::add);
    }

    private static Plan table(String service, IpPort door) {
        ServicePortName name = new ServicePortName(new ServiceName("shop", service), "http", Protocol.TCP,
                IpFamily.IPV4);
        return new Plan(List.of(), List.of(new PublishTable(List.of(new RouteSpec(name,
                FrontendKind.NODE_PORT, List.of(door), List.of(), List.of(), true, Optional.empty(),
                SessionAffinity.NONE,
                List.of(),
                ServicePolicy.DEFAULTS))), OPEN));
    }

    @Test
    void aDoorThatDoesNotOpenIsTheTroubleOfTheServiceBehindIt() {
        troubles.planned(table("web", DOOR), 0);
        troubles.stepFailed(OPEN, "Address already in use");

        assertThat(told).containsExactly(new ServiceTrouble(new ServiceName("shop", "web"), "FailedToOpenListener",
                "Listen", "Fairlead cannot listen at 192.168.0.2:30080/TCP for this Service: Address already in use;"
                        + " it tries again every second, and serves the other addresses"));
        assertThat(passedOn).containsExactly("open 192.168.0.2:30080: Address already in use");
    }

    @Test
    void aPlanWithoutATableLeavesTheOwnersAsTheyWereAndANewTableChangesThem() {
        troubles.planned(table("web", DOOR), 0);
        troubles.planned(new Plan(List.of(), List.of(OPEN)), 0);
        troubles.stepFailed(OPEN, "one");
        troubles.planned(table("api", DOOR), 0);
        troubles.stepFailed(OPEN, "two");

        assertThat(told).extracting(ServiceTrouble::service).containsExactly(new ServiceName("shop", "web"),
                new ServiceName("shop", "api"));
    }

    @Test
    void aHealthCheckNodePortThatDoesNotOpenIsTheTroubleOfItsService() {
        troubles.healthCheckUnserved(new ServiceName("shop", "web"), DOOR, "Address already in use");

        assertThat(told).containsExactly(new ServiceTrouble(new ServiceName("shop", "web"),
                "FailedToStartServiceHealthcheck", "Listen",
                "Fairlead cannot answer load balancers at the health check node port 192.168.0.2:30080 of this"
                        + " Service: Address already in use; it tries again every few seconds, and serves the Service"));
    }

    @Test
    void whatIsNobodysDoorOrNoDoorIsNoServicesTrouble() {
        troubles.stepFailed(OPEN, "one");
        troubles.planned(table("web", DOOR), 0);
        troubles.stepFailed(new PublishTable(List.of()), "two");
        troubles.stepFailed(new OpenListener(TransportAddress.udp(DOOR), SourceFilter.EVERYBODY, ""), "three");

        assertThat(told).isEmpty();
        assertThat(passedOn).hasSize(3);
    }
}
