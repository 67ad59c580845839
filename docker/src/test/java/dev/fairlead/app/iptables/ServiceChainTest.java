package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceChainTest {
    /** Names that every cluster shows, and those of kube-proxy's own tests. */
    @ParameterizedTest
    @CsvSource({"default, kubernetes, https, TCP, KUBE-SVC-NPX46M4PTMTKRN6Y",
            "kube-system, kube-dns, dns, UDP, KUBE-SVC-TCOU7JCQXEZGVUNU",
            "kube-system, kube-dns, dns-tcp, TCP, KUBE-SVC-ERIFXISQEP7F7OF4",
            "kube-system, kube-dns, metrics, TCP, KUBE-SVC-JD5MR3NA4I4DYORP",
            "ns1, svc1, p80, TCP, KUBE-SVC-XPGD46QRK7WJZT7O", "ns2, svc2, p80, TCP, KUBE-SVC-GNZBNJ2PO5MGZ6GT"})
    void aServicePortsChainIsNamedAsKubeProxyNamesIt(String namespace, String service, String port, Protocol protocol,
            String chain) {
        assertThat(ServiceChain.CLUSTER.of(name(namespace, service, port, protocol))).isEqualTo(chain);
    }

    @Test
    void theOtherChainsOfAServicePortDifferInTheirPrefixOnly() {
        ServicePortName name = name("ns2", "svc2", "p80", Protocol.TCP);

        assertThat(ServiceChain.LOCAL.of(name)).isEqualTo("KUBE-SVL-GNZBNJ2PO5MGZ6GT");
        assertThat(ServiceChain.EXTERNAL.of(name)).isEqualTo("KUBE-EXT-GNZBNJ2PO5MGZ6GT");
        assertThat(ServiceChain.FIREWALL.of(name)).isEqualTo("KUBE-FW-GNZBNJ2PO5MGZ6GT");
    }

    @Test
    void anEndpointsChainIsNamedAfterTheServicePortAndTheEndpoint() {
        assertThat(ServiceChain.endpoint(name("ns1", "svc1", "p80", Protocol.TCP), IpPort.of("10.180.0.1:80")))
                .isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
    }

    @Test
    void chainsOfOthersAreNotKubeProxysAlthoughTheyStartWithKube() {
        assertThat(KubeChain.isOne("KUBE-SEP-SXIVWICOYRO3J4NJ")).isTrue();
        assertThat(KubeChain.isOne("KUBE-NODEPORTS")).isTrue();
        assertThat(KubeChain.isOne("KUBE-ROUTER-INPUT")).isFalse();
        assertThat(KubeChain.isOne("DOCKER")).isFalse();
    }

    private static ServicePortName name(String namespace, String service, String port, Protocol protocol) {
        return new ServicePortName(new ServiceName(namespace, service), port, protocol, IpFamily.IPV4);
    }
}
