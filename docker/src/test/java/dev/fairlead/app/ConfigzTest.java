package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.source.SnapshotReader.Text;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigzTest {
    private static ProxyConfig read(String text) {
        ConfigReading reading = new ConfigReader(Balancers.installed())
                .read(List.of(new Text("kube-proxy.yaml", text)));
        assertThat(reading.problems()).isEmpty();
        return reading.settings();
    }

    @Test
    void whatAKubeProxyConfigurationSaidIsToldInItsOwnWords() {
        ProxyConfig settings = read("""
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                bindAddress: 192.0.2.7
                healthzBindAddress: 127.0.0.1
                metricsBindAddress: 0.0.0.0:9249
                hostnameOverride: Node-One
                clusterCIDR: 10.244.0.0/16,fd00:10:244::/56
                nodePortAddresses: [primary]
                clientConnection:
                  kubeconfig: /etc/kube-proxy/config
                featureGates:
                  AllowServiceExternalIPs: false
                iptables:
                  masqueradeAll: true
                  localhostNodePorts: false
                """);
        assertThat(new Configz(settings, () -> settings).text()).isEqualTo("{\"kubeproxy.config.k8s.io\":{"
                + "\"bindAddress\":\"192.0.2.7\",\"healthzBindAddress\":\"127.0.0.1:10256\","
                + "\"metricsBindAddress\":\"0.0.0.0:9249\",\"hostnameOverride\":\"node-one\",\"mode\":\"fairlead\","
                + "\"clusterCIDR\":\"10.244.0.0/16,fd00:10:244::/56\",\"detectLocalMode\":\"ClusterCIDR\","
                + "\"nodePortAddresses\":[\"primary\"],\"clientConnection\":{\"kubeconfig\":\"/etc/kube-proxy/config\"},"
                + "\"featureGates\":{\"AllowServiceExternalIPs\":false,\"PreferSameTrafficDistribution\":true},"
                + "\"iptables\":{\"localhostNodePorts\":false,\"masqueradeAll\":true}}}");
    }

    @Test
    void whatNobodySaidHasItsDefaultAndAnAddressThatIsOffIsEmpty() {
        assertThat(new Configz(ProxyConfig.DEFAULTS, () -> ProxyConfig.DEFAULTS).text())
                .isEqualTo("{\"kubeproxy.config.k8s.io\":{"
                        + "\"bindAddress\":\"0.0.0.0\",\"healthzBindAddress\":\"\",\"metricsBindAddress\":\"\","
                        + "\"hostnameOverride\":\"\",\"mode\":\"fairlead\",\"clusterCIDR\":\"\","
                        + "\"detectLocalMode\":\"ClusterCIDR\",\"nodePortAddresses\":[],"
                        + "\"clientConnection\":{\"kubeconfig\":\"\"},"
                        + "\"featureGates\":{\"AllowServiceExternalIPs\":true,\"PreferSameTrafficDistribution\":true},"
                        + "\"iptables\":{\"localhostNodePorts\":true,\"masqueradeAll\":false}}}");
    }

    @Test
    void whatFollowsTheFileIsToldAsItIsNowAndAddressesAsTheyWereAtTheStart() {
        ProxyConfig start = read("""
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                healthzBindAddress: 127.0.0.1:1
                """);
        ProxyConfig now = read("""
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                healthzBindAddress: 127.0.0.1:2
                detectLocalMode: NodeCIDR
                """);
        assertThat(new Configz(start, () -> now).text()).contains("\"healthzBindAddress\":\"127.0.0.1:1\"",
                "\"clusterCIDR\":\"\",\"detectLocalMode\":\"NodeCIDR\"");
    }
}
