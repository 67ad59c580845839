package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.Drains;
import dev.fairlead.control.ControlView.FailedStep;
import dev.fairlead.control.ControlView.Fault;
import dev.fairlead.control.ControlView.LastPlan;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.control.Plan;
import dev.fairlead.control.RouteChange;
import dev.fairlead.control.Step;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.Permission;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.JsonReading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static final long SINCE = Instant.parse("2026-11-23T17:20:31.123Z").toEpochMilli();

    private static ControlView view(Phase phase, Optional<Fault> fault, List<FailedStep> failed,
            Optional<String> defect, Optional<LastPlan> plan) {
        return new ControlView(ServiceSnapshot.EMPTY, 12, plan, fault, failed, defect,
                List.of(tcp("10.96.0.10:80"), tcp("10.96.0.11:80")), List.of(), phase, Drains.NONE);
    }

    private static TransportAddress tcp(String address) {
        return TransportAddress.tcp(IpPort.of(address));
    }

    private static ControlView following() {
        return view(Phase.FOLLOWING, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }

    private static String body(Answer answer) {
        try {
            return answer.body().toString(StandardCharsets.UTF_8);
        } finally {
            answer.body().release();
        }
    }

    private static String readyz(int status, ControlView view, boolean draining) {
        Answer answer = new ReadyzPage(() -> view, () -> draining).answer(Question.of("", ""));
        assertThat(answer.status().code()).isEqualTo(status);
        return body(answer);
    }

    @Test
    void readyFromTheFirstConfigurationInForce() {
        assertThat(readyz(503, ControlView.INITIAL, false)).isEqualTo("""
                not ready
                draining: no
                configuration: none is in force yet
                doors: 0 open
                """);
        assertThat(readyz(200, following(), false)).isEqualTo("""
                ready
                draining: no
                configuration: in force, table 12
                doors: 2 open
                """);
    }

    @Test
    void notReadyWhileDraining() {
        assertThat(readyz(503, following(), true)).startsWith("not ready\ndraining: yes\n");
        ControlView closed = view(Phase.CLOSED, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        assertThat(readyz(503, closed, false)).startsWith("not ready\ndraining: yes\n");
    }

    @Test
    void aBadConfigurationIsToldWithItsProblemsWhileTheLastGoodOneIsServed() {
        Fault fault = new Fault(
                new SourceFault.Malformed(List.of("a.yaml:3:5: spec.ports[0].port: 99999 (expected: 1-65535)",
                        "a.yaml:9:1: kind: missing")),
                SINCE);
        assertThat(readyz(200, view(Phase.FOLLOWING, Optional.of(fault), List.of(), Optional.empty(), Optional.empty()),
                false)).isEqualTo("""
                        ready
                        draining: no
                        configuration: in force, table 12
                        configuration refused since 2026-11-23T17:20:31.123Z; the last good configuration is served
                          a.yaml:3:5: spec.ports[0].port: 99999 (expected: 1-65535)
                          a.yaml:9:1: kind: missing
                        doors: 2 open
                        """);
        assertThat(readyz(503, view(Phase.WAITING, Optional.of(fault), List.of(), Optional.empty(), Optional.empty()),
                false)).contains("configuration refused since 2026-11-23T17:20:31.123Z\n  a.yaml:3:5: ");
    }

    @Test
    void aSourceThatDoesNotAnswerIsTold() {
        assertThat(readyz(200,
                view(Phase.FOLLOWING,
                        Optional.of(new Fault(new SourceFault.Unreachable("https://10.96.0.1", "timeout"), SINCE)),
                        List.of(), Optional.empty(), Optional.empty()),
                false)).contains("source out of reach since 2026-11-23T17:20:31.123Z; the last good configuration is"
                        + " served\n  https://10.96.0.1: timeout\n");
        assertThat(readyz(200,
                view(Phase.FOLLOWING,
                        Optional.of(new Fault(new SourceFault.Forbidden("https://10.96.0.1",
                                List.of(new Permission("list", "discovery.k8s.io", "endpointslices",
                                        Optional.empty())),
                                "", OptionalLong.empty()), SINCE)),
                        List.of(), Optional.empty(), Optional.empty()),
                false))
                .contains("\n  https://10.96.0.1: may not list endpointslices.discovery.k8s.io; grant it with RBAC"
                        + "\n  apiVersion: rbac.authorization.k8s.io/v1\n  kind: ClusterRole\n");
    }

    @Test
    void doorsThatWillNotOpenAreListedAndDoNotTurnTheOthersAway() {
        List<FailedStep> failed = List.of(
                new FailedStep(new Step.OpenListener(tcp("10.96.0.12:80"), SourceFilter.EVERYBODY, "a/b is new here"),
                        "Cannot assign requested address", SINCE, 3),
                new FailedStep(new Step.OpenListener(tcp("[fd00::1]:80"), SourceFilter.EVERYBODY, "a/b is new here"),
                        "Permission denied", SINCE, 1));
        assertThat(readyz(200, view(Phase.FOLLOWING, Optional.empty(), failed, Optional.of("java.lang.Error: x"),
                Optional.empty()), false)).isEqualTo(
                        """
                                ready
                                draining: no
                                configuration: in force, table 12
                                doors: 2 open
                                being tried again: 2
                                  open 10.96.0.12:80: Cannot assign requested address (3 attempts since 2026-11-23T17:20:31.123Z)
                                  open [fd00::1]:80: Permission denied (1 attempt since 2026-11-23T17:20:31.123Z)
                                a defect of Fairlead keeps the last change from being made: java.lang.Error: x
                                """);
    }

    private static ControlView planned() {
        RouteSpec before = Fleet.route(Fleet.service("default/web:http"), FrontendKind.CLUSTER_IP, "10.96.0.10:80",
                new ServiceCounters(), Fleet.upstream(Fleet.service("default/web:http"), "10.1.0.8:8080")).spec();
        RouteSpec after = Fleet.route(Fleet.service("default/web:http"), FrontendKind.CLUSTER_IP, "10.96.0.10:80",
                new ServiceCounters(), Fleet.upstream(Fleet.service("default/web:http"), "10.1.0.9:8080")).spec();
        RouteSpec other = Fleet.route(Fleet.service("default/other"), FrontendKind.LOAD_BALANCER, "192.0.2.1:80",
                new ServiceCounters()).spec();
        Plan plan = new Plan(
                List.of(new RouteChange.Added(other), new RouteChange.Altered(before, after),
                        new RouteChange.Removed(other)),
                List.of(new Step.PublishTable(List.of(after)),
                        new Step.OpenListener(tcp("192.0.2.1:80"), SourceFilter.EVERYBODY, "default/other is new here"),
                        new Step.CloseListener(tcp("192.0.2.2:80"), "default/other is gone"),
                        new Step.RetireUpstream(Fleet.service("default/web:http"), IpPort.of("10.1.0.8:8080"))));
        return view(Phase.FOLLOWING, Optional.empty(),
                List.of(new FailedStep(
                        new Step.OpenListener(tcp("192.0.2.1:80"), SourceFilter.EVERYBODY, "default/other is new here"),
                        "Cannot assign requested address", SINCE, 3)),
                Optional.empty(), Optional.of(new LastPlan(plan, 11, 12, SINCE, OptionalLong.of(1_234_567))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*/*", "text/html,*/*;q=0.8", "text/plain"})
    void thePlanIsTextUnlessJsonIsAskedFor(String accept) {
        ControlView planned = planned();
        Answer answer = new PlanPage(() -> planned).answer(Question.of("", accept));
        assertThat(answer.contentType()).startsWith("text/plain");
        assertThat(body(answer)).isEqualTo(planned.lastPlan().orElseThrow().text()).startsWith("plan 12  from 11\n");
    }

    @Test
    void thePlanAsJsonHasEveryChangeAndEveryStep() {
        ControlView planned = planned();
        Answer answer = new PlanPage(() -> planned).answer(Question.of("", "text/html, Application/JSON;q=0.9"));
        assertThat(answer.contentType()).isEqualTo("application/json");
        Map<String, Object> otherSpec = Map.of("frontends", List.of("192.0.2.1:80"), "candidates", List.of(),
                "balancer", "random");
        Map<String, Object> opening = Map.of("do", "open-listener", "address", "192.0.2.1:80", "takes", "everybody",
                "why",
                "default/other is new here");
        assertThat(JsonReading.object(body(answer))).isEqualTo(Map.of("plan",
                Map.of("from", 11.0, "to", 12.0, "time", "2026-11-23T17:20:31.123Z",
                        "sinceSeenMicros", 1234.0, "changes", List.of(
                                Map.of("change", "added", "service", "default/other", "protocol", "TCP", "kind",
                                        "LoadBalancer", "after",
                                        otherSpec),
                                Map.of("change", "altered", "service", "default/web:http", "protocol", "TCP", "kind",
                                        "ClusterIP",
                                        "before",
                                        Map.of("frontends", List.of("10.96.0.10:80"), "candidates",
                                                List.of("10.1.0.8:8080"),
                                                "balancer", "random"),
                                        "after",
                                        Map.of("frontends", List.of("10.96.0.10:80"), "candidates",
                                                List.of("10.1.0.9:8080"),
                                                "balancer", "random")),
                                Map.of("change", "removed", "service", "default/other", "protocol", "TCP", "kind",
                                        "LoadBalancer",
                                        "before",
                                        otherSpec)),
                        "steps",
                        List.of(Map.of("do", "publish-table", "routes", 1.0), opening,
                                Map.of("do", "close-listener", "address", "192.0.2.2:80", "why",
                                        "default/other is gone"),
                                Map.of("do", "retire-upstream", "service", "default/web:http", "protocol", "TCP",
                                        "endpoint",
                                        "10.1.0.8:8080"))),
                "failed", List.of(Map.of("step", opening, "message", "Cannot assign requested address", "attempts",
                        3.0, "since", "2026-11-23T17:20:31.123Z"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|there was no plan yet",
            "application/json|{\"plan\":null,\"failed\":[]}"})
    void beforeTheFirstPlanThereIsNone(String accept, String expected) {
        assertThat(body(new PlanPage(() -> ControlView.INITIAL).answer(Question.of("", accept))))
                .isEqualTo(expected + "\n");
    }
}
