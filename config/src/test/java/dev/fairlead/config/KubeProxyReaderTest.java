package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeProxyReaderTest {
    /** As kubeadm writes it into the ConfigMap kube-proxy. */
    private static final String KUBEADM = """
            apiVersion: kubeproxy.config.k8s.io/v1alpha1
            kind: KubeProxyConfiguration
            bindAddress: 0.0.0.0
            bindAddressHardFail: false
            clientConnection:
              acceptContentTypes: ""
              burst: 0
              contentType: ""
              kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
              qps: 0
            clusterCIDR: 10.244.0.0/16
            configSyncPeriod: 0s
            conntrack:
              maxPerCore: null
              min: null
              tcpBeLiberal: false
              tcpCloseWaitTimeout: null
            detectLocal:
              bridgeInterface: ""
              interfaceNamePrefix: ""
            detectLocalMode: ""
            enableProfiling: false
            healthzBindAddress: ""
            hostnameOverride: ""
            iptables:
              localhostNodePorts: null
              masqueradeAll: false
              masqueradeBit: null
              minSyncPeriod: 0s
              syncPeriod: 0s
            ipvs:
              excludeCIDRs: null
              scheduler: ""
              strictARP: false
            logging:
              flushFrequency: 0
              options:
                json:
                  infoBufferSize: "0"
              verbosity: 0
            metricsBindAddress: ""
            mode: ""
            nftables:
              masqueradeAll: false
              masqueradeBit: null
            nodePortAddresses: null
            oomScoreAdj: null
            portRange: ""
            showHiddenMetricsForVersion: ""
            winkernel:
              enableDSR: false
            """;

    private static ConfigReading read(String lines) {
        return Reading.sound("apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n" + lines);
    }

    private static TranslationSettings services(String lines) {
        return read(lines).settings().services();
    }

    @Test
    void whatKubeadmWritesIsAcceptedUnchanged() {
        ConfigReading reading = Reading.sound(KUBEADM);

        assertThat(reading.settings().services()).isEqualTo(TranslationSettings.DEFAULTS.withNetwork(
                new PodDetection.ByCidr(List.of(Cidr.parse("10.244.0.0/16").orElseThrow())), List.of(), false));
        assertThat(reading.settings().kubernetes().orElseThrow().kubeconfig())
                .contains(Path.of("/var/lib/kube-proxy/kubeconfig.conf"));
        assertThat(reading.settings().healthzDoor()).isEqualTo(ProxyConfig.HEALTHZ);
        assertThat(reading.settings().metricsDoor()).isEqualTo(ProxyConfig.METRICS);
    }

    @Test
    void aFieldOfTheKernelsModesGetsOneLine() {
        assertThat(Reading.sound(KUBEADM).notes()).contains(
                "a.yaml:30: iptables.syncPeriod of KubeProxyConfiguration is passed over: Fairlead keeps no rules and"
                        + " no connection tracking in the kernel")
                .filteredOn(note -> note.contains("conntrack.tcpBeLiberal")).hasSize(1);
        assertThat(Reading.sound(KUBEADM).notes()).noneMatch(note -> note.contains("clusterCIDR"))
                .noneMatch(note -> note.contains("conntrack.min "));
    }

    @Test
    void aFieldThatNobodyKnowsGetsALineAndNoError() {
        assertThat(read("somethingNew: 7\n").notes())
                .contains("a.yaml:3: somethingNew of KubeProxyConfiguration is passed over: it has no meaning here");
    }

    @Test
    void whoTheNodeIsMeansWhatItMeansThere() {
        assertThat(services("hostnameOverride: Worker-1\n").nodeName()).contains("worker-1");
        assertThat(services("bindAddress: 192.168.0.7\n").nodeAddresses())
                .containsExactly(IpPort.of("192.168.0.7:1").ip());
        assertThat(services("bindAddress: \"::\"\n").nodeAddresses()).isEmpty();
    }

    @Test
    void podsAreToldAsThere() {
        assertThat(services("detectLocalMode: NodeCIDR\n").pods()).isEqualTo(new PodDetection.ByNode());
        assertThat(services("detectLocalMode: InterfaceNamePrefix\n").pods())
                .isEqualTo(new PodDetection.ByInterface("InterfaceNamePrefix"));
        assertThat(services("clusterCIDR: \"10.0.0.0/8,fd00::/8\"\n").pods()).isEqualTo(new PodDetection.ByCidr(
                List.of(Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("fd00::/8").orElseThrow())));
    }

    @Test
    void theModeSaysWhatAnEmptyListOfNodePortAddressesMeansAndWhoMasquerades() {
        assertThat(services("mode: iptables\n").nodePorts().addresses()).isEmpty();
        assertThat(services("mode: nftables\n").nodePorts().addresses()).containsExactly("primary");
        assertThat(services("mode: nftables\nnodePortAddresses: [10.0.0.0/8]\n").nodePorts().addresses())
                .containsExactly("10.0.0.0/8");
        assertThat(services("mode: nftables\nnftables: {masqueradeAll: true}\n").masqueradeAll()).isTrue();
        assertThat(services("mode: nftables\niptables: {masqueradeAll: true}\n").masqueradeAll()).isFalse();
        assertThat(services("iptables: {masqueradeAll: true}\n").masqueradeAll()).isTrue();
        assertThat(services("iptables: {localhostNodePorts: false}\n").nodePorts().localhost()).isFalse();
    }

    @Test
    void gatesThatHaveNothingToDoWithServicesArePassedOver() {
        assertThat(services("featureGates: {PreferSameTrafficDistribution: false, KubeletInUserNamespace: true}\n")
                .gates()).isEqualTo(new FeatureGates(false, true));
    }

    @Test
    void anAddressToServeOnNeedsNoPort() {
        assertThat(read("healthzBindAddress: 127.0.0.1\nmetricsBindAddress: \"[::1]:9000\"\n").settings().healthz())
                .isEqualTo(Optional.of(new Admin.On(IpPort.of("127.0.0.1:10256"))));
        assertThat(read("metricsBindAddress: \"[::1]:9000\"\n").settings().metricsDoor())
                .isEqualTo(new Admin.On(IpPort.of("[::1]:9000")));
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "45s, 45000", "1m0s, 60000", "1.5m, 90000", "1h0m0s, 3600000", "+2s, 2000", ".5s, 500",
            "1500000us, 1500", "1s999999ns, 1000"})
    void timeoutsOfUdpAreOursToo(String text, long millis) {
        Duration timeout = Duration.ofMillis(millis);
        assertThat(services("conntrack: {udpTimeout: " + text + "}\n").defaults())
                .isEqualTo(ServicePolicy.DEFAULTS.withUdpTimeout(timeout));
        assertThat(services("conntrack: {udpStreamTimeout: " + text + "}\n").defaults())
                .isEqualTo(ServicePolicy.DEFAULTS.withUdpStreamTimeout(timeout));
    }

    @Test
    void timeoutsOfUdpThatSayNothingLeaveOursAndTheRestOfConntrackGetsItsLines() {
        ConfigReading reading = read("""
                conntrack:
                  maxPerCore: 32768
                  tcpEstablishedTimeout: 24h0m0s
                  udpStreamTimeout: 0s
                  udpTimeout: "0"
                """);

        assertThat(reading.settings().services().defaults()).isEqualTo(ServicePolicy.DEFAULTS);
        assertThat(services("conntrack: {udpTimeout: null, udpStreamTimeout: }\n").defaults())
                .isEqualTo(ServicePolicy.DEFAULTS);
        assertThat(reading.notes()).filteredOn(note -> note.contains("conntrack.")).containsExactly(
                "a.yaml:4: conntrack.maxPerCore of KubeProxyConfiguration is passed over: Fairlead keeps no rules and"
                        + " no connection tracking in the kernel",
                "a.yaml:5: conntrack.tcpEstablishedTimeout of KubeProxyConfiguration is passed over: Fairlead keeps no"
                        + " rules and no connection tracking in the kernel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-30s", "1d", "s", "3 s", "30s.", "1..5s"})
    void aTimeoutOfUdpThatIsNoneIsSaidWithItsPlace(String text) {
        assertThat(Reading.problems("""
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                conntrack: {udpTimeout: "%s"}
                """.formatted(text))).containsExactly("a.yaml:3:25: conntrack.udpTimeout: \"" + text
                + "\" is not a duration (expected: such as 30s or 2m0s)");
    }

    @Test
    void whatIsUnderstoodAndWrongIsSaidWithItsPlace() {
        assertThat(Reading.problems("""
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clusterCIDR: 10.244.0.0/33
                bindAddress: eth0
                nodePortAddresses: [primry]
                """)).containsExactly(
                "a.yaml:3:14: clusterCIDR: \"10.244.0.0/33\" is not a CIDR (expected: such as 10.244.0.0/16, or one of"
                        + " each family with a comma between)",
                "a.yaml:4:14: bindAddress: \"eth0\" is not an IP address (expected: such as 0.0.0.0)",
                "a.yaml:5:21: nodePortAddresses[0]: \"primry\" is not a CIDR (expected: such as 192.168.0.0/16,"
                        + " primary, localhost or all) - did you mean \"primary\"?");
    }

    @Test
    void itStandsInPlaceOfAProxyConfigurationNotBesideOne() {
        assertThat(Reading.problems(KUBEADM, Reading.configuration(""))).singleElement().asString()
                .contains("a second configuration");
    }
}
