package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Drain;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.table.RouteSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints flows under way go on to, beside those that newcomers may go to, and whether the door is open. */
class ServingTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "ready ones serve | 10.1.3.3:53 10.1.3.4:53 | 10.1.3.3:53 10.1.3.4:53 | 10.1.3.3:53 10.1.3.4:53 | true",
            "one that is terminating serves on | 10.1.3.3:53 10.1.3.4:53(draining) | 10.1.3.3:53"
                    + " | 10.1.3.3:53 10.1.3.4:53 | true",
            "where all are terminating they serve | 10.1.3.4:53(draining) | 10.1.3.4:53 | 10.1.3.4:53 | true",
            "one that is not ready and serves goes on while another is ready | 10.1.3.3:53 10.1.3.4:53(serving)"
                    + " | 10.1.3.3:53 | 10.1.3.3:53 10.1.3.4:53 | true",
            "where none is usable nothing goes on | 10.1.3.4:53(serving) | `` | `` | false",
            "one that does not serve loses its flows | 10.1.3.3:53 10.1.3.4:53(not-ready) | 10.1.3.3:53"
                    + " | 10.1.3.3:53 | true",
            "none at all | `` | `` | `` | false"})
    void byState(String row, String endpoints, String candidates, String serving, boolean opens) {
        RouteSpec spec = spec("UDP", endpoints, "");

        assertThat(text(spec.candidates())).as(row).isEqualTo(candidates);
        assertThat(text(spec.serving())).as(row).isEqualTo(serving);
        assertThat(spec.opens()).as(row).isEqualTo(opens);
    }

    @Test
    void policiesAreForNewcomersOnlySoThatADoorWithoutCandidatesIsOpen() {
        RouteSpec spec = spec("UDP", "10.1.3.3:53(on two)", "  internalPolicy Local\n");

        assertThat(spec.candidates()).isEmpty();
        assertThat(text(spec.serving())).isEqualTo("10.1.3.3:53");
        assertThat(spec.opens()).isTrue();
        assertThat(spec.choices()).isEmpty();
        assertThat(spec.endpoints()).containsExactly(IpPort.of("10.1.3.3:53"));
    }

    @ParameterizedTest
    @CsvSource({"UDP, true, 10.1.3.3:53 10.1.3.4:53", "TCP, false, ''"})
    void whereAllAreDrainedByAnOperatorFlowsGoOnBehindAnOpenDoor(String protocol, boolean opens, String serving) {
        ServiceSnapshot snapshot = SnapshotText.parse("default/game " + protocol
                + "\n  ClusterIP 10.96.0.53:53\n  endpoints 10.1.3.3:53 10.1.3.4:53(draining) 10.1.3.5:53(not-ready)\n");
        Drains all = Drains.NONE.with(new Drain(new ServiceName("default", "game"), Optional.empty()));

        assertThat(RouteSpecs.of(all.appliedTo(snapshot))).singleElement().satisfies(spec -> {
            assertThat(spec.candidates()).isEmpty();
            assertThat(text(spec.serving())).isEqualTo(serving);
            assertThat(spec.opens()).isEqualTo(opens);
        });
    }

    @Test
    void everyKindOfFrontendKeepsTheFlowsOfTheSameEndpoints() {
        List<RouteSpec> specs = RouteSpecs.of(SnapshotText.parse("""
                node one
                default/game UDP
                  ClusterIP 10.96.0.53:53
                  NodePort 10.0.0.5:30053
                  endpoints 10.1.3.3:53(on one) 10.1.3.4:53(on two)
                  externalPolicy Local
                """));

        assertThat(specs).extracting(RouteSpec::serving).hasSize(2).containsOnly(
                Stream.of("10.1.3.3:53", "10.1.3.4:53").map(IpPort::of).toList());
    }

    @Test
    void connectionsNeedNobodyThatServes() {
        RouteSpec spec = spec("TCP", "10.1.3.3:53 10.1.3.4:53(draining)", "");

        assertThat(spec.serving()).isEmpty();
        assertThat(spec.endpoints()).containsExactly(IpPort.of("10.1.3.3:53"));
    }

    @Test
    void anAddressThatIsListedTwiceIsNamedOnceAndTheyAreSorted() {
        assertThat(text(spec("UDP", "10.1.3.4:53 10.1.3.3:53 10.1.3.4:53(draining)", "").serving()))
                .isEqualTo("10.1.3.3:53 10.1.3.4:53");
    }

    private static RouteSpec spec(String protocol, String endpoints, String more) {
        List<RouteSpec> specs = RouteSpecs.of(SnapshotText.parse("node one\ndefault/game " + protocol
                + "\n  ClusterIP 10.96.0.53:53\n" + (endpoints.isEmpty() ? "" : "  endpoints " + endpoints + "\n")
                + more));
        assertThat(specs).hasSize(1);
        return specs.getFirst();
    }

    private static String text(List<IpPort> addresses) {
        return addresses.stream().map(IpPort::toString).collect(Collectors.joining(" "));
    }
}
