package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Golden;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceTranslator;
import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.source.TranslationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The cluster that the tests of this package are about, seen from node n1. */
final class RichCluster {
    static final TranslationSettings SETTINGS = TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"))
            .withNetwork(new PodDetection.ByCidr(blocks("10.244.0.0/16", "fd00:244::/48")), List.of(), false);

    static final Path FILE = Golden.file("iptables/cluster.yaml");

    private RichCluster() {
    }

    static List<Cidr> blocks(String... texts) {
        return Stream.of(texts).map(text -> Cidr.parse(text).orElseThrow()).toList();
    }

    static ServiceSnapshot snapshot() throws IOException {
        return snapshot(Files.readString(FILE), SETTINGS);
    }

    static ServiceSnapshot snapshot(String yaml, TranslationSettings settings) {
        ConfigReading reading = new ConfigReader(Balancers.installed()).read(List.of(new Text("test", yaml)));
        assertThat(reading.problems()).isEmpty();
        return new ServiceTranslator(new PolicyWords(Balancers.installed())).translate(reading.objects(), settings);
    }

    /** kube-proxy's rules for it, IPv4. */
    static String rules() throws IOException {
        return IptablesText.of(snapshot(), IpFamily.IPV4);
    }
}
