package dev.fairlead.source;

import static dev.fairlead.source.Draft.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClientAddressPolicy;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ProxyProtocol;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.Transparency;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Service's annotations say of its clients' addresses. */
class ClientAddressWordsTest {
    private static final TranslationSettings NAMED = TranslationSettings.DEFAULTS.withNodeName(Optional.of("n1"));

    private static ServiceSnapshot translate(TranslationSettings settings, ServiceObject... services) {
        return Draft.translate(new ObjectSet(List.of(services), List.of(), List.of()), settings);
    }

    @Test
    void aServiceSaysItByAnnotations() {
        ServiceSnapshot snapshot = translate(NAMED, service().annotation("fairlead.dev/proxy-protocol", "v2")
                .annotation("fairlead.dev/accept-proxy-protocol-from", "10.0.0.0/8, fd00::/8")
                .annotation("fairlead.dev/transparent", "local").object());

        ClientAddressPolicy policy = snapshot.ports().getFirst().policy().clientAddress();
        assertThat(policy).isEqualTo(new ClientAddressPolicy(ProxyProtocol.V2,
                List.of(Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("fd00::/8").orElseThrow()),
                Transparency.LOCAL));
        assertThat(policy.trusts(IpText.parse("10.1.2.3").orElseThrow())).isTrue();
        assertThat(policy.trusts(IpText.parse("fd00::9").orElseThrow())).isTrue();
        assertThat(policy.trusts(IpText.parse("11.1.2.3").orElseThrow())).isFalse();
        assertThat(snapshot.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"proxy-protocol, v3, is no version of the PROXY protocol",
            "accept-proxy-protocol-from, '10.0.0.0/8,', is not a CIDR",
            "accept-proxy-protocol-from, everybody, is not a CIDR", "transparent, true, is unknown"})
    void whatCannotBeUnderstoodIsNotedAndLeavesTheDefault(String word, String value, String problem) {
        ServiceSnapshot snapshot = translate(NAMED, service().annotation("fairlead.dev/" + word, value).object());

        assertThat(snapshot.ports().getFirst().policy().clientAddress()).isEqualTo(ClientAddressPolicy.DEFAULTS);
        assertThat(snapshot.notes()).singleElement().asString()
                .startsWith("default/web: annotation fairlead.dev/" + word + " is ignored: ").contains(problem);
    }

    @Test
    void whereNothingIsLocalThatIsSaidOnce() {
        ServiceObject[] services = {service("a", "10.96.0.1").annotation("fairlead.dev/transparent", "local").object(),
                service("b", "10.96.0.2").annotation("fairlead.dev/transparent", "local").object(),
                service("c", "10.96.0.3").annotation("fairlead.dev/transparent", "all").object()};

        assertThat(translate(TranslationSettings.DEFAULTS, services).notes()).containsExactly(
                "transparent: local keeps no client's address, since no node is named and nothing is local"
                        + " (expected: nodeName, or transparent: all): default/a, default/b");
        assertThat(translate(NAMED, services).notes()).isEmpty();
    }
}
