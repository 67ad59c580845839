package dev.fairlead.discovery.merge;

import static dev.fairlead.discovery.merge.SnapshotMergeTest.port;
import static dev.fairlead.discovery.merge.SnapshotMergeTest.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.merge.MergedSource.Member;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MergedSourceTest {
    private static final ServicePort WEB = port("web", "10.96.0.1");
    private static final ServicePort DB = port("db", "10.96.0.2");
    private static final SourceFault BAD_FILE = new SourceFault.Malformed(List.of("web.yaml:3:1: no port"));
    private static final SourceFault AWAY = new SourceFault.Unreachable("https://192.0.2.1", "refused",
            OptionalLong.of(7));

    /** A source whose sink the test speaks to. */
    private static final class Puppet implements ServiceSource {
        private Optional<SnapshotSink> sink = Optional.empty();
        private boolean closed;

        @Override
        public void start(SnapshotSink to) {
            sink = Optional.of(to);
        }

        @Override
        public void close() {
            closed = true;
        }

        void offers(ServicePort... ports) {
            sink.orElseThrow().offer(snapshot(ports));
        }

        void fails(SourceFault fault) {
            sink.orElseThrow().fault(fault);
        }
    }

    private final Puppet files = new Puppet();
    private final Puppet cluster = new Puppet();
    private final MergedSource source = new MergedSource(
            List.of(new Member("the files", files), new Member("Kubernetes", cluster)));
    private final List<Object> heard = new ArrayList<>();

    private void start() {
        source.start(new SnapshotSink() {
            @Override
            public void offer(ServiceSnapshot snapshot) {
                heard.add(snapshot);
            }

            @Override
            public void fault(SourceFault fault) {
                heard.add(fault);
            }
        });
    }

    @Test
    void oneSourceDoesNotWaitForTheOther() {
        start();
        files.offers(WEB);
        cluster.offers(DB);

        assertThat(heard).containsExactly(snapshot(WEB), snapshot(DB, WEB));
    }

    @Test
    void anEqualOfferIsTheSameObject() {
        start();
        files.offers(WEB);
        cluster.offers(DB);
        cluster.offers(port("db", "10.96.0.2"));

        assertThat(heard).hasSize(3);
        assertThat(heard.get(2)).isSameAs(heard.get(1));
    }

    @Test
    void aFaultOfOneLastsThroughTheOffersOfTheOther() {
        start();
        cluster.fails(AWAY);
        files.offers(WEB);
        files.offers(WEB, port("api", "10.96.0.9"));
        cluster.offers(DB);

        assertThat(heard).containsExactly(AWAY, snapshot(WEB), AWAY,
                snapshot(WEB, port("api", "10.96.0.9")), AWAY,
                snapshot(port("api", "10.96.0.9"), DB, WEB));
    }

    @Test
    void faultsOfBothAreToldTogether() {
        start();
        files.fails(BAD_FILE);
        cluster.fails(AWAY);
        cluster.fails(AWAY);
        SourceFault both = new SourceFault.Several(List.of(BAD_FILE, AWAY));
        assertThat(heard).containsExactly(BAD_FILE, both);
        assertThat(both.lines()).containsExactly("web.yaml:3:1: no port", "https://192.0.2.1: refused");
        assertThat(both.summary()).isEqualTo("web.yaml:3:1: no port; https://192.0.2.1: refused");
        assertThat(both.size()).isEqualTo(2);
        assertThat(both.sinceEpochMillis()).hasValue(7);

        files.offers(WEB);
        assertThat(heard).endsWith(snapshot(WEB), AWAY);
    }

    @Test
    void noOfferComesAfterClose() {
        start();
        source.close();
        files.offers(WEB);
        cluster.fails(AWAY);

        assertThat(heard).isEmpty();
        assertThat(files.closed).isTrue();
        assertThat(cluster.closed).isTrue();
    }
}
