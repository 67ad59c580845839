package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.ProxyConfig.AccessLog;
import dev.fairlead.config.ProxyConfig.AddressChoice;
import dev.fairlead.config.ProxyConfig.Addresses;
import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.config.ProxyConfig.DataPathChoice;
import dev.fairlead.config.ProxyConfig.Drain;
import dev.fairlead.config.ProxyConfig.Format;
import dev.fairlead.config.ProxyConfig.Level;
import dev.fairlead.config.ProxyConfig.Logging;
import dev.fairlead.config.ProxyConfig.OneDoor;
import dev.fairlead.config.ProxyConfig.PrivilegeChoice;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClientAddressPolicy;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.ProxyProtocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.Transparency;
import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.PodDetection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyConfigTest {
    private static ProxyConfig settings(String lines) {
        return Reading.sound(Reading.configuration(lines)).settings();
    }

    @Test
    void theDefaultsAreThese() {
        ProxyConfig defaults = settings("");

        assertThat(defaults).isEqualTo(ProxyConfig.DEFAULTS);
        assertThat(defaults.logging())
                .isEqualTo(new Logging(Level.INFO, Format.TEXT, new AccessLog.StandardOutput()));
        assertThat(defaults.admin()).isEqualTo(new Admin.On(IpPort.of("127.0.0.1:10349")));
        assertThat(defaults.services().nodeName()).isEmpty();
        assertThat(defaults.services().nodeAddresses()).isEmpty();
        assertThat(defaults.services().nodePorts().addresses()).isEmpty();
        assertThat(defaults.services().serviceProxyName()).isEmpty();
        assertThat(defaults.services().defaults()).isEqualTo(new ServicePolicy(BalancerChoice.named("random"),
                Duration.ofSeconds(2), 3, Duration.ofSeconds(5), new KeepAlive.On(Duration.ofMinutes(1)),
                Optional.empty(), Optional.empty(), Duration.ofSeconds(30), Duration.ofSeconds(120), Optional.empty(),
                Optional.empty(), ClientAddressPolicy.DEFAULTS));
        assertThat(defaults.drain()).isEqualTo(new Drain(Duration.ZERO, Duration.ofSeconds(30)));
        assertThat(defaults.dataPath()).isEqualTo(DataPathChoice.AUTO);
        assertThat(defaults.addresses()).isEqualTo(new Addresses(AddressChoice.AUTO, false, false));
    }

    @Test
    void everyKeySetsItsValue() {
        ProxyConfig settings = settings(
                """
                        logging: {level: debug, format: json, accessLog: ./access.log}
                        admin: "[::1]:9000"
                        nodeName: worker-1
                        nodeAddresses: ["192.168.1.10", "fd00::10"]
                        nodePortAddresses: ["192.168.0.0/16", primary]
                        serviceProxyName: fairlead
                        clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
                        serviceCIDRs: ["10.96.0.0/12"]
                        masqueradeAll: true
                        featureGates: {PreferSameTrafficDistribution: false, AllowServiceExternalIPs: false, Another: true}
                        kubernetes: {kubeconfig: /etc/kc, server: "https://192.0.2.1:6443", namespace: shop, quiet: 1ms, atMost: 5ms}
                        healthzBindAddress: "127.0.0.1:10256"
                        metricsBindAddress: off
                        defaults:
                          balancer: least-conn(choices=3)
                          connectTimeout: 250ms
                          connectAttempts: 4
                          connectBudget: 1s
                          keepAlive: off
                          idleTimeout: 10m
                          connectionsPerSecond: 100
                          udpTimeout: 5s
                          udpStreamTimeout: 3m
                          responses: 1
                          maxFlows: 5000
                          proxyProtocol: v2
                          acceptProxyProtocolFrom: 192.168.7.0/24,fd00:7::/64
                          transparent: local
                        drain: {grace: 5s, deadline: 1m}
                        dataPath: nio
                        eventLoops: 3
                        serviceAddresses: loopback
                        keepServiceAddresses: true
                        othersAnswerAtServiceAddresses: true
                        oneDoor: off
                        privileges: none
                        """);

        assertThat(settings.logging())
                .isEqualTo(new Logging(Level.DEBUG, Format.JSON, new AccessLog.File(Path.of("./access.log"))));
        assertThat(settings.admin()).isEqualTo(new Admin.On(IpPort.of("[::1]:9000")));
        assertThat(settings.services().nodeName()).contains("worker-1");
        assertThat(settings.services().nodeAddresses()).containsExactly(IpPort.of("192.168.1.10:1").ip(),
                IpPort.of("[fd00::10]:1").ip());
        assertThat(settings.services().nodePorts().addresses()).containsExactly("192.168.0.0/16", "primary");
        assertThat(settings.services().serviceProxyName()).contains("fairlead");
        assertThat(settings.services().defaults())
                .isEqualTo(new ServicePolicy(new BalancerChoice("least-conn", Map.of("choices", "3")),
                        Duration.ofMillis(250), 4, Duration.ofSeconds(1), KeepAlive.OFF,
                        Optional.of(Duration.ofMinutes(10)), Optional.of(100), Duration.ofSeconds(5),
                        Duration.ofMinutes(3), Optional.of(1), Optional.of(5000),
                        new ClientAddressPolicy(ProxyProtocol.V2, List.of(Cidr.parse("192.168.7.0/24").orElseThrow(),
                                Cidr.parse("fd00:7::/64").orElseThrow()), Transparency.LOCAL)));
        assertThat(settings.services().pods()).isEqualTo(new PodDetection.ByCidr(
                List.of(Cidr.parse("10.244.0.0/16").orElseThrow(), Cidr.parse("fd00:10:244::/56").orElseThrow())));
        assertThat(settings.services().serviceCidrs()).containsExactly(Cidr.parse("10.96.0.0/12").orElseThrow());
        assertThat(settings.services().masqueradeAll()).isTrue();
        assertThat(settings.services().gates()).isEqualTo(new FeatureGates(false, false));
        assertThat(settings.kubernetes()).contains(new ProxyConfig.Kubernetes(Optional.of(Path.of("/etc/kc")),
                Optional.of(URI.create("https://192.0.2.1:6443")), Optional.of("shop"), Duration.ofMillis(1),
                Duration.ofMillis(5)));
        assertThat(settings.healthzDoor()).isEqualTo(new Admin.On(IpPort.of("127.0.0.1:10256")));
        assertThat(settings.metricsDoor()).isEqualTo(new Admin.Off());
        assertThat(settings.drain()).isEqualTo(new Drain(Duration.ofSeconds(5), Duration.ofMinutes(1)));
        assertThat(settings.dataPath()).isEqualTo(DataPathChoice.NIO);
        assertThat(settings.eventLoops()).contains(3);
        assertThat(settings.addresses()).isEqualTo(new Addresses(AddressChoice.LOOPBACK, true, true));
        assertThat(settings.oneDoor()).isEqualTo(OneDoor.OFF);
        assertThat(settings.privileges()).isEqualTo(PrivilegeChoice.NONE);
    }

    @Test
    void aSectionThatSaysSomethingLeavesItsOtherKeysAtTheirDefaults() {
        ProxyConfig settings = settings(
                "logging: {format: json}\ndrain: {grace: 1s}\ndefaults: {connectAttempts: 1}\n");

        assertThat(settings.logging())
                .isEqualTo(new Logging(Level.INFO, Format.JSON, new AccessLog.StandardOutput()));
        assertThat(settings.drain()).isEqualTo(new Drain(Duration.ofSeconds(1), Duration.ofSeconds(30)));
        assertThat(settings.services().defaults()).isEqualTo(ServicePolicy.DEFAULTS.withConnectAttempts(1));
    }

    @Test
    void aKeyWithoutAValueIsAsGoodAsAbsent() {
        assertThat(settings("logging:\nadmin: null\nnodeAddresses: ~\ndefaults: {balancer: }\nservices:\n"))
                .isEqualTo(ProxyConfig.DEFAULTS);
    }

    @Test
    void offTurnsOffWhatCanBe() {
        ProxyConfig settings = settings("""
                logging: {accessLog: off}
                admin: off
                defaults: {keepAlive: off, idleTimeout: "off", connectionsPerSecond: off, responses: off, maxFlows: off,
                  proxyProtocol: off, acceptProxyProtocolFrom: off, transparent: off}
                """);

        assertThat(settings.logging().accessLog()).isEqualTo(new AccessLog.Off());
        assertThat(settings.admin()).isEqualTo(new Admin.Off());
        assertThat(settings.services().defaults()).isEqualTo(ServicePolicy.DEFAULTS.withKeepAlive(KeepAlive.OFF));
    }

    @Test
    void kubeProxysDoorsAreOpenOnlyWhereAClusterIsFollowed() {
        assertThat(ProxyConfig.DEFAULTS.healthzDoor()).isEqualTo(new Admin.Off());
        assertThat(ProxyConfig.DEFAULTS.metricsDoor()).isEqualTo(new Admin.Off());
        assertThat(settings("kubernetes: {}\n").healthzDoor()).isEqualTo(new Admin.On(IpPort.of("0.0.0.0:10256")));
        assertThat(settings("kubernetes: {}\n").metricsDoor()).isEqualTo(new Admin.On(IpPort.of("127.0.0.1:10249")));
    }

    @Test
    void podsAreToldByTheNodeOrNotAtAllWhereTheModeSaysSo() {
        assertThat(settings("detectLocalMode: NodeCIDR\n").services().pods()).isEqualTo(new PodDetection.ByNode());
        assertThat(settings("detectLocalMode: BridgeInterface\n").services().pods())
                .isEqualTo(new PodDetection.ByInterface("BridgeInterface"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(Arguments.of("clusterCIDR: 10.0.0.0/33", "\"10.0.0.0/33\" is not a CIDR"),
                Arguments.of("clusterCIDR: 10.0.0.0/8,10.1.0.0/16", "\"10.1.0.0/16\" is a second IPv4 block"),
                Arguments.of("detectLocalMode: ClusterCidr", "did you mean \"ClusterCIDR\"?"),
                Arguments.of("nodePortAddresses: [local-host]", "did you mean \"localhost\"?"),
                Arguments.of("featureGates: {PreferSameTraficDistribution: false}",
                        "did you mean \"PreferSameTrafficDistribution\"?"),
                Arguments.of("featureGates: {PreferSameTrafficDistribution: no-way}", "expected: true or false"),
                Arguments.of("kubernetes: {server: 192.0.2.1}", "is not a URL"),
                Arguments.of("kubernetes: {quiet: \"10\"}", "did you mean \"10ms\""));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatIsWrongWithTheNodesKeysIsSaid(String lines, String problem) {
        assertThat(Reading.problems(Reading.configuration(lines + "\n"))).singleElement().asString()
                .contains(problem);
    }

    @Test
    void localhostIsTheLoopbackAddress() {
        assertThat(settings("admin: localhost:0\n").admin()).isEqualTo(new Admin.On(IpPort.of("127.0.0.1:0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "\"3\"", "'3'"})
    void aPolicyMayBeANumberOrItsText(String value) {
        assertThat(settings("defaults: {connectAttempts: " + value + "}\n").services().defaults().connectAttempts())
                .isEqualTo(3);
    }

    @Test
    void theReadingOfSettingsIsTheSameInJson() {
        String json = """
                {"apiVersion": "fairlead.dev/v1alpha1", "kind": "ProxyConfiguration",
                \t"drain": {"grace": "5s"},
                \t"defaults": {"connectAttempts": 2}
                }
                """;

        assertThat(Reading.sound(json).settings())
                .isEqualTo(settings("drain: {grace: 5s}\ndefaults: {connectAttempts: 2}\n"));
    }
}
