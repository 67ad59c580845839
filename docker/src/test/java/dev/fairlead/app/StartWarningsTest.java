package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StartWarningsTest {
    private static final NodeIdentity NODE = new NodeIdentity(Optional.of("n1"), Optional.empty(),
            List.of(IpText.parse("192.168.0.2").orElseThrow()));
    private static final TranslationSettings CAREFUL = TranslationSettings.DEFAULTS
            .withNodePorts(new NodePorts(List.of("primary"), true));

    private static TranslationSettings pods(String... blocks) {
        return CAREFUL.withNetwork(
                new PodDetection.ByCidr(Stream.of(blocks).map(block -> Cidr.parse(block).orElseThrow()).toList()),
                List.of(), false);
    }

    @Test
    void nodePortsOnAllAddressesAreWarnedOf() {
        assertThat(StartWarnings.of(TranslationSettings.DEFAULTS, NODE)).singleElement().asString()
                .startsWith("nodePortAddresses is empty: NodePorts are open on all addresses of this node");
        assertThat(StartWarnings.of(CAREFUL, NODE)).isEmpty();
    }

    @Test
    void podsOfAFamilyThatTheNodeDoesNotHaveAreWarnedOf() {
        assertThat(StartWarnings.of(pods("10.244.0.0/16", "fd00::/48"), NODE)).containsExactly(
                "clusterCIDR fd00::/48 is IPv6, and no address of this node is: no pod of it can be met here");
        assertThat(StartWarnings.of(pods("10.244.0.0/16"), NODE)).isEmpty();
    }

    @Test
    void aNodeWhoseAddressesAreNotKnownIsNotJudged() {
        assertThat(StartWarnings.of(pods("fd00::/48"), NodeIdentity.NONE)).isEmpty();
    }
}
