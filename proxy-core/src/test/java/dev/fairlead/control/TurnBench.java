package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.SourceFault;
import dev.fairlead.table.PublishedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A convergence with everything around it, on the test's own thread and clock. The balancer least-conn is broken. */
final class TurnBench {
    static final String WEB = """
            default/web:http TCP
              ClusterIP 10.96.0.10:80
            """;
    static final String ONE = "  endpoints 10.1.2.3:8080\n";
    static final String TWO = "  endpoints 10.1.2.3:8080 10.1.2.4:8080\n";
    static final String DNS = """
            kube-system/dns:dns UDP
              ClusterIP 10.96.0.53:53
            """;
    static final SourceFault BAD_FILE = new SourceFault.Malformed(List.of("web.yaml:3:1: no port"));

    final ScriptedDoors doors = new ScriptedDoors();
    final PublishedTable published = new PublishedTable();
    /** What was cut, and the revision of the table in force by then. */
    final List<String> cuts = new ArrayList<>();
    final Heard heard = new Heard();
    final ManualTicker ticker = new ManualTicker();
    final Progress progress = new Progress(ticker);
    final Convergence convergence = convergence(heard);

    /** One more, with the same doors and table. */
    Convergence convergence(ControlObserver observer) {
        return convergence(observer, Gates.NONE);
    }

    Convergence convergence(ControlObserver observer, Gates gates) {
        UpstreamRegistry registry = new UpstreamRegistry(gates, (_, _) -> () -> true,
                () -> new AffinityTable(ticker));
        TableBuilder tables = new TableBuilder(registry, choice -> {
            if (choice.name().equals("least-conn")) {
                throw new IllegalStateException("it is broken");
            }
            return new FirstCandidate(choice.name());
        });
        return new Convergence(new Applier(doors, tables, registry, published, (service,
                endpoint) -> cuts.add(endpoint + " of " + service + ", table " + published.current().revision())),
                observer, progress, ticker);
    }

    /**
     * Gates that let everybody through and throw each of these once, when they are told how many endpoints there are.
     */
    static Gates throwing(List<String> bugs) {
        return _ -> new Gates.Group() {
            @Override
            public Gate gate(IpPort endpoint) {
                return Gate.OPEN;
            }

            @Override
            public void members(int endpoints) {
                if (!bugs.isEmpty()) {
                    throw new IllegalStateException(bugs.removeFirst());
                }
            }
        };
    }

    void offer(String snapshot) {
        convergence.offered(SnapshotText.parse(snapshot), ticker.nanos());
    }

    void tickAfter(Duration time) {
        ticker.advance(time);
        assertThat(convergence.needsTick()).isTrue();
        convergence.tick();
    }

    /** The first endpoint behind a TCP frontend. */
    Upstream upstream(String frontend) {
        return published.current().find(TransportAddress.tcp(IpPort.of(frontend))).orElseThrow().upstreams().getFirst();
    }
}
