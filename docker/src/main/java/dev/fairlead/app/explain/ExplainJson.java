package dev.fairlead.app.explain;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.UsableEndpoints.Use;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceAddresses;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.telemetry.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The explanation as one JSON document: one entry for each service port and family. {@code null} is a set that the port
 * never uses, {@code []} one that it uses and that is empty. Sets are sorted as text.
 */
public final class ExplainJson {
    private final StringBuilder text = new StringBuilder();
    private final Json json = new Json(text);
    private final ServiceSnapshot snapshot;

    private ExplainJson(ServiceSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** The document, on one line. */
    public static String of(ServiceSnapshot snapshot) {
        ExplainJson document = new ExplainJson(snapshot);
        document.write();
        return document.text.toString();
    }

    private void write() {
        json.beginObject().name("node");
        node(snapshot.node());
        json.name("servicePorts").beginArray();
        snapshot.ports().forEach(this::port);
        json.endArray().name("skipped").beginArray();
        for (SkippedService skipped : snapshot.skipped()) {
            json.beginObject().member("namespace", skipped.service().namespace())
                    .member("service", skipped.service().name()).member("why", skipped.why()).endObject();
        }
        json.endArray().endObject();
    }

    /** {@code null} where the input does not say which node this is. */
    private void node(NodeIdentity node) {
        if (node.name().isEmpty() && node.addresses().isEmpty()) {
            json.nothing();
            return;
        }
        json.beginObject();
        textOrNull("name", node.name());
        textOrNull("zone", node.zone());
        texts("addresses", node.addresses().stream().map(IpText::format).toList());
        json.endObject();
    }

    private void port(ServicePort port) {
        ServicePortName name = port.name();
        ServiceAddresses addresses = port.addresses();
        json.beginObject().member("namespace", name.service().namespace()).member("service", name.service().name())
                .member("port", name.port()).member("protocol", name.protocol().name())
                .member("family", name.family().toString()).member("clusterIP", IpText.format(addresses.clusterIp()))
                .member("servicePort", addresses.port()).member("nodePort", addresses.nodePort());
        texts("externalIPs", addresses.externalIps().stream().map(IpText::format).sorted().toList());
        texts("loadBalancerVIPs", addresses.loadBalancerVips().stream().map(IpText::format).sorted().toList());
        texts("loadBalancerSourceRanges", port.sourceRanges().stream().map(Cidr::toString).sorted().toList());
        json.member("healthCheckNodePort", port.healthCheckNodePort()).name("sessionAffinity");
        affinity(port.affinity());
        json.member("internalTrafficPolicy", port.internalPolicy().toString())
                .member("externalTrafficPolicy", port.externalPolicy().toString()).name("frontends").beginArray();
        for (Frontend frontend : port.frontends()) {
            // That a node port answers at localhost too is what flows say; here are the node's addresses.
            if (frontend.kind() == FrontendKind.NODE_PORT && frontend.address().ip().isLoopbackAddress()
                    && !snapshot.node().addresses().contains(frontend.address().ip())) {
                continue;
            }
            json.beginObject().member("kind", frontend.kind().toString())
                    .member("address", IpText.format(frontend.address().ip()))
                    .member("port", frontend.address().port()).endObject();
        }
        json.endArray();
        endpoints(EndpointSelection.select(port, snapshot.node()));
        json.endObject();
    }

    private void affinity(SessionAffinity affinity) {
        switch (affinity) {
            case SessionAffinity.None() -> json.beginObject().member("type", "None").member("timeoutSeconds", 0);
            case SessionAffinity.ClientIp(var timeout) ->
                json.beginObject().member("type", "ClientIP").member("timeoutSeconds", timeout.toSeconds());
        }
        json.endObject();
    }

    private void endpoints(UsableEndpoints usable) {
        setOrNull("clusterEndpoints", usable.cluster());
        setOrNull("localEndpoints", usable.local());
        texts("allEndpoints", addresses(Stream.of(usable.cluster(), usable.local()).flatMap(Optional::stream)
                .flatMap(List::stream)));
        json.member("hasAnyEndpoints", usable.hasAny()).name("endpoints").beginArray();
        for (Use use : usable.uses()) {
            Endpoint endpoint = use.endpoint();
            json.beginObject().member("address", endpoint.address().toString());
            textOrNull("node", endpoint.nodeName());
            json.member("local", snapshot.node().isLocal(endpoint)).member("ready", endpoint.ready())
                    .member("serving", endpoint.serving()).member("terminating", endpoint.terminating());
            texts("used", Stream.of(use.inCluster() ? "cluster" : "", use.inLocal() ? "local" : "")
                    .filter(word -> !word.isEmpty()).toList());
            json.member("why", use.why()).endObject();
        }
        json.endArray();
    }

    private void setOrNull(String name, Optional<List<Endpoint>> set) {
        if (set.isPresent()) {
            texts(name, addresses(set.get().stream()));
        } else {
            json.name(name).nothing();
        }
    }

    private static List<String> addresses(Stream<Endpoint> endpoints) {
        return endpoints.map(endpoint -> endpoint.address().toString()).distinct().sorted().toList();
    }

    private void texts(String name, List<String> values) {
        json.name(name).beginArray();
        values.forEach(json::value);
        json.endArray();
    }

    private void textOrNull(String name, Optional<String> value) {
        json.name(name);
        value.ifPresentOrElse(json::value, json::nothing);
    }
}
