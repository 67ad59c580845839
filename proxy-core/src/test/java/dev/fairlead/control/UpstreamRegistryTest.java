package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.transport.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpstreamRegistryTest {
    private static final ServicePortName WEB = new ServicePortName(new ServiceName("default", "web"), "http",
            Protocol.TCP, IpFamily.IPV4);
    private static final IpPort THREE = IpPort.of("10.1.2.3:8080");
    private static final List<RouteSpec> NOTHING = List.of();

    private final List<String> gates = new ArrayList<>();
    private final UpstreamRegistry registry = new UpstreamRegistry(service -> {
        gates.add("group " + service);
        return new Gates.Group() {
            @Override
            public Gate gate(IpPort endpoint) {
                gates.add("gate " + endpoint);
                return Gate.OPEN;
            }

            @Override
            public void members(int endpoints) {
                gates.add(endpoints + " members");
            }
        };
    }, (_, perSecond) -> () -> perSecond > 0, () -> new AffinityTable(Ticker.SYSTEM));

    private static List<RouteSpec> web(String endpoints) {
        return RouteSpecs.of(SnapshotText.parse("""
                default/web:http TCP
                  ClusterIP 10.96.0.10:80
                """ + (endpoints.isEmpty() ? "" : "  endpoints " + endpoints)));
    }

    @Test
    void anEndpointIsTheSameUpstreamForAsLongAsItIsWanted() {
        Upstream first = registry.upstream(WEB, THREE);
        registry.settle(web("10.1.2.3:8080"));

        assertThat(registry.upstream(WEB, THREE)).isSameAs(first);
    }

    @Test
    void anIdleEndpointIsForgottenAtOnceWhenItIsRetired() {
        Upstream first = registry.upstream(WEB, THREE);
        registry.retire(WEB, THREE);

        assertThat(registry.retiring()).isEmpty();
        assertThat(registry.upstream(WEB, THREE)).isNotSameAs(first);
    }

    @Test
    void aBusyEndpointIsKeptUntilItsLastConnectionIsOver() {
        Upstream busy = registry.upstream(WEB, THREE);
        busy.enter();
        registry.retire(WEB, THREE);
        registry.settle(NOTHING);
        assertThat(registry.retiring()).containsExactly(busy);

        busy.leave();
        registry.sweep();

        assertThat(registry.retiring()).isEmpty();
        assertThat(registry.upstream(WEB, THREE)).isNotSameAs(busy);
    }

    @Test
    void aBusyEndpointThatReturnsIsTheSameUpstream() {
        Upstream busy = registry.upstream(WEB, THREE);
        busy.enter();
        registry.retire(WEB, THREE);

        assertThat(registry.upstream(WEB, THREE)).isSameAs(busy);
        assertThat(registry.retiring()).isEmpty();

        busy.leave();
        registry.settle(web("10.1.2.3:8080"));
        assertThat(registry.upstream(WEB, THREE)).isSameAs(busy);
    }

    @Test
    void retiringWhatWasNeverThereDoesNothing() {
        registry.retire(WEB, THREE);

        assertThat(registry.retiring()).isEmpty();
        assertThat(gates).isEmpty();
    }

    @Test
    void countersOutliveAllEndpointsButNotTheService() {
        ServiceCounters counters = registry.counters(WEB);
        registry.settle(web("10.1.2.3:8080"));
        registry.settle(web(""));
        assertThat(registry.counters(WEB)).isSameAs(counters);

        registry.settle(NOTHING);

        assertThat(registry.counters(WEB)).isNotSameAs(counters);
    }

    @Test
    void aServiceThatLeftWithConnectionsKeepsItsCountersUntilTheyAreOver() {
        ServiceCounters counters = registry.counters(WEB);
        Upstream busy = registry.upstream(WEB, THREE);
        busy.enter();
        registry.settle(NOTHING);
        assertThat(registry.counters(WEB)).isSameAs(counters);

        busy.leave();
        registry.sweep();

        assertThat(registry.counters(WEB)).isNotSameAs(counters);
    }

    @Test
    void theLimitIsReplacedOnlyWhenItsNumberChanges() {
        ConnectionLimit hundred = registry.limit(WEB, Optional.of(100));

        assertThat(registry.limit(WEB, Optional.of(100))).isSameAs(hundred);
        assertThat(registry.limit(WEB, Optional.of(50))).isNotSameAs(hundred);
        assertThat(registry.limit(WEB, Optional.empty())).isSameAs(ConnectionLimit.NONE);
    }

    @Test
    void theAffinityTableSurvivesScaleToZeroAndBack() {
        AffinityTable table = registry.affinity(WEB);
        registry.settle(web("10.1.2.3:8080\n affinity 3h"));
        registry.settle(web("10.1.2.3:8080(not-ready)\n affinity 3h"));
        registry.settle(web("10.1.2.4:8080\n affinity 3h"));

        assertThat(registry.affinity(WEB)).isSameAs(table);
    }

    @Test
    void theAffinityTableGoesWithTheServiceAlsoWhereConnectionsStay() {
        AffinityTable table = registry.affinity(WEB);
        registry.upstream(WEB, THREE).enter();
        registry.settle(NOTHING);

        assertThat(registry.affinity(WEB)).isNotSameAs(table);
    }

    @Test
    void theAffinityTableGoesWhenAffinityIsSwitchedOff() {
        AffinityTable table = registry.affinity(WEB);
        registry.settle(web("10.1.2.3:8080"));

        assertThat(registry.affinity(WEB)).isNotSameAs(table);
    }

    @Test
    void gatesAreMadeOncePerEndpointInOneGroupThatKnowsItsSize() {
        registry.upstream(WEB, THREE);
        registry.upstream(WEB, IpPort.of("10.1.2.4:8080"));
        registry.settle(web("10.1.2.3:8080 10.1.2.4:8080"));
        registry.upstream(WEB, THREE);
        registry.settle(web("10.1.2.3:8080"));

        assertThat(gates).containsExactly("group default/web:http", "gate 10.1.2.3:8080", "gate 10.1.2.4:8080",
                "2 members", "1 members");
    }

    @Test
    void settlingRetiresWhatATableThatWasNeverPublishedMade() {
        registry.upstream(WEB, THREE);
        Upstream stray = registry.upstream(WEB, IpPort.of("10.1.2.4:8080"));
        stray.enter();

        registry.settle(web("10.1.2.3:8080"));

        assertThat(registry.retiring()).containsExactly(stray);
    }
}
