package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldEndpointsTest {
    private static final ServicePortName WEB = Fleet.service("default/web:http");

    private final ToldEndpoints told = new ToldEndpoints(2);
    private final Upstream a = Fleet.upstream(WEB, "10.1.0.1:80");
    private final Upstream b = Fleet.upstream(WEB, "10.1.0.2:80");
    private final Upstream c = Fleet.upstream(WEB, "10.1.0.3:80");

    private static Census census(Upstream... upstreams) {
        return Census.EMPTY.refreshed(new RoutingTable(1, List.of(
                Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", new ServiceCounters(), upstreams))),
                List.of());
    }

    private List<Upstream> of(Census census) {
        return told.of(census).stream().map(ToldEndpoints.Member::upstream).toList();
    }

    @Test
    void onlyThoseThatSomethingHappenedTo() {
        Census all = census(a, b, c, Fleet.upstream(WEB, "10.1.0.4:80", Gate.State.EJECTED));
        assertThat(of(all)).hasSize(1);

        c.enter();
        assertThat(of(all)).hasSize(2).contains(c);
        c.leave();
        assertThat(of(all)).as("a series does not go while its endpoint is there").contains(c);
    }

    @Test
    void whoCameFirstStaysWhereTheBoundIsReached() {
        b.counters().failed(Cause.REFUSED, 1);
        c.counters().connected(1);
        assertThat(of(census(a, b, c))).containsExactly(b, c);

        a.counters().connected(1);
        assertThat(of(census(a, b, c))).containsExactly(b, c);
        assertThat(told.leftOut()).isEqualTo(1);

        assertThat(of(census(a, c))).as("one has left").containsExactly(a, c);
        assertThat(told.leftOut()).isZero();
    }

    @Test
    void aLargeClusterOfIdleEndpointsCostsNothing() {
        List<Upstream> many = new ArrayList<>();
        for (int i = 0; i < 250_000; i++) {
            many.add(Fleet.upstream(WEB, "10." + (1 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256 + ":80"));
        }
        Census all = census(many.toArray(Upstream[]::new));
        many.get(77_777).counters().connected(1);

        assertThat(all.endpoints()).hasSize(250_000);
        assertThat(of(all)).containsExactly(many.get(77_777));
    }
}
