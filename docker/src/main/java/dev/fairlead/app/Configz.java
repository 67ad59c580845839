package dev.fairlead.app;

import dev.fairlead.config.ProxyConfig;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpText;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import dev.fairlead.telemetry.Json;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The settings in force in the words of {@code kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration}, under its
 * group as kube-proxy's {@code /configz} has them. What means nothing here is not there.
 */
final class Configz {
    private static final String GROUP = "kubeproxy.config.k8s.io";
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final ProxyConfig atStart;
    private final Supplier<ProxyConfig> now;

    /**
     * @param atStart settings that need a new start to change
     * @param now all others
     */
    Configz(ProxyConfig atStart, Supplier<ProxyConfig> now) {
        this.atStart = atStart;
        this.now = now;
    }

    /** One JSON text. */
    String text() {
        TranslationSettings services = now.get().services();
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().name(GROUP).beginObject()
                .member("bindAddress", services.nodeAddresses().stream().findFirst().map(IpText::format)
                        .orElse(ANY_ADDRESS))
                .member("healthzBindAddress", door(atStart.healthzDoor()))
                .member("metricsBindAddress", door(atStart.metricsDoor()))
                .member("hostnameOverride", services.nodeName().orElse("")).member("mode", "fairlead");
        pods(services.pods(), json);
        json.name("nodePortAddresses").beginArray();
        services.nodePorts().addresses().forEach(json::value);
        json.endArray().name("clientConnection").beginObject().member("kubeconfig",
                atStart.kubernetes().flatMap(ProxyConfig.Kubernetes::kubeconfig).map(Object::toString).orElse(""))
                .endObject();
        json.name("featureGates").beginObject()
                .member("AllowServiceExternalIPs", services.gates().allowServiceExternalIps())
                .member("PreferSameTrafficDistribution", services.gates().preferSameTrafficDistribution()).endObject();
        json.name("iptables").beginObject().member("localhostNodePorts", services.nodePorts().localhost())
                .member("masqueradeAll", services.masqueradeAll()).endObject();
        json.endObject().endObject();
        return out.toString();
    }

    private static void pods(PodDetection pods, Json json) {
        switch (pods) {
            case PodDetection.ByCidr(List<Cidr> blocks) -> json
                    .member("clusterCIDR", blocks.stream().map(Cidr::toString).collect(Collectors.joining(",")))
                    .member("detectLocalMode", "ClusterCIDR");
            case PodDetection.ByNode() -> json.member("clusterCIDR", "").member("detectLocalMode", "NodeCIDR");
            case PodDetection.ByInterface(String mode) ->
                json.member("clusterCIDR", "").member("detectLocalMode", mode);
        }
    }

    /** An address that is off is empty, as there. */
    private static String door(ProxyConfig.Admin door) {
        return switch (door) {
            case ProxyConfig.Admin.On(var address) -> address.toString();
            case ProxyConfig.Admin.Off() -> "";
        };
    }
}
