package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.ProxyConfig.AccessLog;
import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.config.ProxyConfig.DataPathChoice;
import dev.fairlead.config.ProxyConfig.Drain;
import dev.fairlead.config.ProxyConfig.Format;
import dev.fairlead.config.ProxyConfig.Level;
import dev.fairlead.config.ProxyConfig.Logging;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.ServicePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        assertThat(defaults.nodeName()).isEmpty();
        assertThat(defaults.nodeAddresses()).isEmpty();
        assertThat(defaults.nodePortAddresses()).isEmpty();
        assertThat(defaults.serviceProxyName()).isEmpty();
        assertThat(defaults.defaults()).isEqualTo(new ServicePolicy(BalancerChoice.named("random"),
                Duration.ofSeconds(2), 3, Duration.ofSeconds(5), new KeepAlive.On(Duration.ofMinutes(1)),
                Optional.empty(), Optional.empty()));
        assertThat(defaults.drain()).isEqualTo(new Drain(Duration.ZERO, Duration.ofSeconds(30)));
        assertThat(defaults.dataPath()).isEqualTo(DataPathChoice.AUTO);
    }

    @Test
    void everyKeySetsItsValue() {
        ProxyConfig settings = settings("""
                logging: {level: debug, format: json, accessLog: ./access.log}
                admin: "[::1]:9000"
                nodeName: worker-1
                nodeAddresses: ["192.168.1.10", "fd00::10"]
                nodePortAddresses: ["192.168.0.0/16", primary]
                serviceProxyName: fairlead
                defaults:
                  balancer: least-conn(choices=3)
                  connectTimeout: 250ms
                  connectAttempts: 4
                  connectBudget: 1s
                  keepAlive: off
                  idleTimeout: 10m
                  connectionsPerSecond: 100
                drain: {grace: 5s, deadline: 1m}
                dataPath: nio
                eventLoops: 3
                """);

        assertThat(settings.logging())
                .isEqualTo(new Logging(Level.DEBUG, Format.JSON, new AccessLog.File(Path.of("./access.log"))));
        assertThat(settings.admin()).isEqualTo(new Admin.On(IpPort.of("[::1]:9000")));
        assertThat(settings.nodeName()).contains("worker-1");
        assertThat(settings.nodeAddresses()).containsExactly(IpPort.of("192.168.1.10:1").ip(),
                IpPort.of("[fd00::10]:1").ip());
        assertThat(settings.nodePortAddresses()).containsExactly("192.168.0.0/16", "primary");
        assertThat(settings.serviceProxyName()).contains("fairlead");
        assertThat(settings.defaults())
                .isEqualTo(new ServicePolicy(new BalancerChoice("least-conn", Map.of("choices", "3")),
                        Duration.ofMillis(250), 4, Duration.ofSeconds(1), KeepAlive.OFF,
                        Optional.of(Duration.ofMinutes(10)), Optional.of(100)));
        assertThat(settings.drain()).isEqualTo(new Drain(Duration.ofSeconds(5), Duration.ofMinutes(1)));
        assertThat(settings.dataPath()).isEqualTo(DataPathChoice.NIO);
        assertThat(settings.eventLoops()).contains(3);
    }

    @Test
    void aSectionThatSaysSomethingLeavesItsOtherKeysAtTheirDefaults() {
        ProxyConfig settings = settings(
                "logging: {format: json}\ndrain: {grace: 1s}\ndefaults: {connectAttempts: 1}\n");

        assertThat(settings.logging())
                .isEqualTo(new Logging(Level.INFO, Format.JSON, new AccessLog.StandardOutput()));
        assertThat(settings.drain()).isEqualTo(new Drain(Duration.ofSeconds(1), Duration.ofSeconds(30)));
        assertThat(settings.defaults()).isEqualTo(ServicePolicy.DEFAULTS.withConnectAttempts(1));
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
                defaults: {keepAlive: off, idleTimeout: "off", connectionsPerSecond: off}
                """);

        assertThat(settings.logging().accessLog()).isEqualTo(new AccessLog.Off());
        assertThat(settings.admin()).isEqualTo(new Admin.Off());
        assertThat(settings.defaults()).isEqualTo(ServicePolicy.DEFAULTS.withKeepAlive(KeepAlive.OFF));
    }

    @Test
    void localhostIsTheLoopbackAddress() {
        assertThat(settings("admin: localhost:0\n").admin()).isEqualTo(new Admin.On(IpPort.of("127.0.0.1:0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "\"3\"", "'3'"})
    void aPolicyMayBeANumberOrItsText(String value) {
        assertThat(settings("defaults: {connectAttempts: " + value + "}\n").defaults().connectAttempts()).isEqualTo(3);
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
