package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpText;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncGateTest {
    private static final Pace PACE = new Pace(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofNanos(10),
            Duration.ofNanos(30), Duration.ZERO, Duration.ZERO);
    private static final TranslationSettings NAMED = TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"));

    private static NodeObject node(String addressType, String... podCidrs) {
        return NodeObject.staying("n1", Map.of(), List.of(new NodeObject.Address(addressType, "192.168.0.2")),
                List.of(podCidrs));
    }

    private static SyncGate synced(OwnNode node) {
        SyncGate gate = new SyncGate(node, PACE);
        gate.listed(Watched.SERVICES, 50);
        gate.listed(Watched.SLICES, 100);
        gate.watched(Watched.SERVICES);
        gate.watched(Watched.SLICES);
        gate.watched(Watched.NODE);
        return gate;
    }

    @Test
    void itOpensWhenServicesAndSlicesAreKnown() {
        SyncGate gate = new SyncGate(new OwnNode(TranslationSettings.DEFAULTS), PACE);
        assertThat(gate.open(1_000)).isFalse();
        gate.listed(Watched.SLICES, 1_000);
        gate.listed(Watched.SLICES, 1_001);
        gate.listed(Watched.NODE, 1_002);
        assertThat(gate.open(1_003)).isFalse();
        assertThat(gate.due()).isEmpty();
        gate.listed(Watched.SERVICES, 1_004);
        assertThat(gate.open(1_004)).as("nobody follows them yet").isFalse();
        gate.watched(Watched.SERVICES);
        gate.watched(Watched.SLICES);

        assertThat(gate.open(1_004)).isTrue();
    }

    @Test
    void aWatchThatIsNotAnsweredIsWaitedForAWhileOnly() {
        SyncGate gate = new SyncGate(new OwnNode(TranslationSettings.DEFAULTS), PACE);
        gate.listed(Watched.SERVICES, 50);
        gate.listed(Watched.SLICES, 100);
        gate.watched(Watched.SLICES);
        assertThat(gate.open(109)).isFalse();
        assertThat(gate.due()).hasValue(110);

        assertThat(gate.open(110)).isTrue();
    }

    @Test
    void itWaitsForTheOwnNodeAsLongAsItsPatienceLasts() {
        SyncGate gate = synced(new OwnNode(NAMED));
        assertThat(gate.open(129)).isFalse();
        assertThat(gate.due()).hasValue(130);

        assertThat(gate.open(130)).isTrue();
        assertThat(gate.due()).isEmpty();
    }

    @Test
    void theNodeOpensItWhenItsAddressIsKnown() {
        OwnNode own = new OwnNode(NAMED);
        SyncGate gate = synced(own);
        own.is(node("Hostname"));
        assertThat(gate.open(101)).isFalse();
        own.is(node("InternalIP"));

        assertThat(gate.open(102)).isTrue();
    }

    @Test
    void onceOpenItStaysOpen() {
        OwnNode own = new OwnNode(NAMED);
        SyncGate gate = synced(own);
        own.is(node("InternalIP"));
        assertThat(gate.open(102)).isTrue();
        own.gone();

        assertThat(gate.open(103)).isTrue();
    }

    @Test
    void aNodeThatMayNotBeReadIsNotWaitedFor() {
        OwnNode own = new OwnNode(NAMED);
        own.readable(false);

        assertThat(synced(own).open(101)).isTrue();
    }

    @Test
    void podCidrsAreWaitedForWhereTheyTellPodsFromOthers() {
        OwnNode own = new OwnNode(NAMED.withNetwork(new PodDetection.ByNode(), List.of(), false));
        own.is(node("InternalIP"));
        assertThat(own.settled()).isFalse();
        own.is(node("InternalIP", "10.1.2.0/24"));

        assertThat(own.settled()).isTrue();
    }

    @Test
    void addressesThatAreConfiguredAreNotWaitedFor() {
        OwnNode own = new OwnNode(NAMED.withNodeAddresses(List.of(IpText.parse("192.168.0.9").orElseThrow())));
        own.is(node("Hostname"));

        assertThat(own.settled()).isTrue();
    }

    @Test
    void aNodeThatWasNeverThereCannotGo() {
        OwnNode own = new OwnNode(NAMED);
        own.gone();

        assertThat(own.note()).hasValueSatisfying(note -> assertThat(note).contains("is not known"));
    }
}
