package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.app.iptables.Kernel.Flavour;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With real kernels: what is printed is loaded, and what is saved is read. */
class KernelRulesTest {
    private static final List<Flavour> IPV4 = List.of(Flavour.NFT, Flavour.LEGACY);

    @TempDir
    private Path folder = Path.of("");

    private static String rules(Flavour flavour) throws IOException {
        return IptablesText.of(RichCluster.snapshot(), flavour.six() ? IpFamily.IPV6 : IpFamily.IPV4);
    }

    private static List<String> differences(String saved) throws IOException {
        ServiceSnapshot snapshot = RichCluster.snapshot();
        return Against.compare(snapshot, SavedRules.read(saved)).differences().stream().map(Difference::toString)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void iptablesRestoreAcceptsTheRules(Flavour flavour) throws IOException, InterruptedException {
        assertThat(Kernel.test(flavour, rules(flavour), folder)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rulesThatWentThroughTheKernelAreSound(Flavour flavour) throws IOException, InterruptedException {
        String saved = Kernel.saved(flavour, rules(flavour), folder);

        assertThat(saved).contains("-A KUBE-SERVICES");
        assertThat(differences(saved)).isEmpty();
    }

    static Stream<Arguments> harms() {
        return IPV4.stream().flatMap(flavour -> Harm.all().map(harm -> arguments(flavour, harm)));
    }

    @ParameterizedTest
    @MethodSource("harms")
    void damageOfWhatTheKernelSavedIsNamedAndNothingElse(Flavour flavour, Harm harm)
            throws IOException, InterruptedException {
        assertThat(differences(harm.deed().apply(Kernel.saved(flavour, rules(flavour), folder))))
                .containsExactlyInAnyOrderElementsOf(harm.sentences());
    }

    /** Damage that is done to the kernel's rules themselves. */
    static Stream<Arguments> changes() {
        return IPV4.stream().flatMap(flavour -> Stream.of(
                arguments(flavour, "-t nat -F KUBE-NODEPORTS", "KUBE-NODEPORTS has no rule for it"),
                arguments(flavour, "-t nat -D KUBE-EXT-X7AJ7TOFWUXW2NCA -j KUBE-SVL-X7AJ7TOFWUXW2NCA",
                        "KUBE-EXT-X7AJ7TOFWUXW2NCA leads sources outside (such as 198.51.100.254) nowhere; Fairlead"
                                + " would forward to 10.244.1.5:8080"),
                arguments(flavour, "-t nat -I KUBE-SVC-4LVCYZMTA5CQO6SX 2 -m statistic --mode random --probability"
                        + " 0.1 -j KUBE-SEP-Z6OJ54VKONQ5FNID", "0.4000 to 10.244.2.2:8080"),
                arguments(flavour, "-t filter -D KUBE-SERVICES 1", "Fairlead would drop them"),
                arguments(flavour, "-t nat -N KUBE-SEP-AAAAAAAAAAAAAAAA",
                        "leftover chain KUBE-SEP-AAAAAAAAAAAAAAAA: nothing leads to it; Fairlead leaves none behind,"
                                + " and no connection is affected")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void damageOfTheKernelsOwnRulesIsNamed(Flavour flavour, String change, String words)
            throws IOException, InterruptedException {
        assertThat(differences(Kernel.saved(flavour, rules(flavour), folder, change)))
                .anySatisfy(sentence -> assertThat(sentence).contains(words));
    }
}
