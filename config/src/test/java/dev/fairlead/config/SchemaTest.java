package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema for editors and the reader agree about each key. */
class SchemaTest {
    private static final Path COMMITTED = Path.of("schema/proxyconfiguration.schema.json");

    private static final String SAMPLE = Reading.configuration(
            """
                    logging: {level: warn, format: json, accessLog: off}
                    admin: "127.0.0.1:10350"
                    nodeName: worker-1
                    nodeAddresses: ["192.168.1.10"]
                    nodePortAddresses: [primary]
                    serviceProxyName: mine
                    clusterCIDR: 10.244.0.0/16
                    detectLocalMode: ClusterCIDR
                    serviceCIDRs: [10.96.0.0/12]
                    masqueradeAll: false
                    featureGates: {PreferSameTrafficDistribution: true, AllowServiceExternalIPs: true, Another: false}
                    kubernetes: {kubeconfig: /etc/fairlead/kubeconfig, server: "https://192.168.1.2:6443", namespace: shop,
                      quiet: 10ms, atMost: 100ms}
                    healthzBindAddress: "0.0.0.0:10256"
                    metricsBindAddress: off
                    defaults: {balancer: random, connectTimeout: 1s, connectAttempts: 2, connectBudget: 3s, keepAlive: 10s,
                      idleTimeout: 1h, connectionsPerSecond: 50, udpTimeout: 10s, udpStreamTimeout: 1m, responses: 1,
                      maxFlows: 1000, proxyProtocol: v1, acceptProxyProtocolFrom: 10.0.0.0/8,
                      transparent: all}
                    drain: {grace: 1s, deadline: 2s}
                    dataPath: epoll
                    eventLoops: 2
                    handover: /run/fairlead/handover.sock
                    oneDoor: off
                    privileges: none
                    serviceAddresses: freebind
                    keepServiceAddresses: true
                    othersAnswerAtServiceAddresses: false
                    services:
                    - {name: web, namespace: shop, listen: "127.0.0.1:8080", protocol: TCP, sessionAffinity: ClientIP,
                      balancer: random, connectTimeout: 1s, connectAttempts: 2, connectBudget: 3s, keepAlive: off,
                      idleTimeout: off, connectionsPerSecond: "50", udpTimeout: 10s, udpStreamTimeout: 1m, responses: off,
                      maxFlows: "1000", proxyProtocol: off, acceptProxyProtocolFrom: off, transparent: off, endpoints: ["127.0.0.1:8081"]}
                    - {name: api, listen: ["127.0.0.1:9090"], endpoints: []}
                    """);

    private static String generated() {
        return new ConfigReader(new OwnBalancers()).schema();
    }

    private static Map<?, ?> schema() {
        return SchemaCheck.map(parse(generated()));
    }

    private static Object parse(String text) {
        return Objects.requireNonNull(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    private static boolean readerAccepts(Object value) {
        return Reading.of(JsonText.of(value)).problems().isEmpty();
    }

    @Test
    void theCommittedFileIsTheGeneratedOne() throws IOException {
        if (!Reading.file(COMMITTED).equals(generated())) {
            Path fresh = Path.of("target", COMMITTED.getFileName().toString());
            Files.writeString(fresh, generated());
            fail("config/" + COMMITTED + " is not what the keys say: copy config/" + fresh + " over it");
        }
    }

    @Test
    void theSampleHasEachKeyAndBothAcceptIt() {
        Object sample = parse(SAMPLE);
        List<String> used = new ArrayList<>();
        everyMappingOfTheSample((path, mapping, _) -> mapping.keySet()
                .forEach(key -> used.add(path.isEmpty() ? key.toString() : path + "." + key)));

        assertThat(used).containsAll(SchemaCheck.keys(schema(), ""));
        assertThat(SchemaCheck.accepts(schema(), sample)).isTrue();
        assertThat(Reading.problems(SAMPLE)).isEmpty();
        assertThat(readerAccepts(sample)).isTrue();
    }

    /** Something to do with each mapping of a value; the last argument makes the whole value with another in place. */
    private interface Visit {
        void visit(String path, Map<?, ?> mapping, UnaryOperator<Object> whole);
    }

    private static void everyMapping(Object value, String path, UnaryOperator<Object> whole, Visit visit) {
        switch (value) {
            case Map<?, ?> mapping -> {
                visit.visit(path, mapping, whole);
                mapping.forEach((key, inner) -> everyMapping(inner, path.isEmpty() ? key.toString() : path + "." + key,
                        other -> whole.apply(with(mapping, key, other)), visit));
            }
            case List<?> items -> {
                for (int i = 0; i < items.size(); i++) {
                    int at = i;
                    everyMapping(items.get(i), path + "[]", other -> whole.apply(with(items, at, other)), visit);
                }
            }
            case Object _ -> {
            }
        }
    }

    private static void everyMappingOfTheSample(Visit visit) {
        everyMapping(parse(SAMPLE), "", whole -> whole, visit);
    }

    /** A change of the sample that makes it wrong. */
    record Wrong(String what, Object value) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Wrong> wrongSamples() {
        List<String> required = List.of("apiVersion", "kind", "name", "listen", "endpoints");
        List<String> choices = List.of("level", "format", "dataPath", "protocol", "sessionAffinity", "kind",
                "apiVersion");
        List<Wrong> wrong = new ArrayList<>();
        everyMappingOfTheSample((path, mapping, whole) -> {
            String where = path.isEmpty() ? "the document" : path;
            wrong.add(new Wrong("an unknown key in " + where, whole.apply(with(mapping, "unheard", "of"))));
            for (Object key : mapping.keySet()) {
                String what = key + " of " + where;
                wrong.add(new Wrong(what + " a list of lists", whole.apply(with(mapping, key, List.of(List.of(1))))));
                wrong.add(mapping.get(key) instanceof Boolean
                        ? new Wrong(what + " a text", whole.apply(with(mapping, key, "yes")))
                        : new Wrong(what + " true", whole.apply(with(mapping, key, true))));
                if (required.contains(key)) {
                    wrong.add(new Wrong(what + " missing", whole.apply(without(mapping, key))));
                }
                if (choices.contains(key)) {
                    wrong.add(new Wrong(what + " strange", whole.apply(with(mapping, key, "strange"))));
                }
            }
        });
        return wrong.stream();
    }

    @ParameterizedTest
    @MethodSource("wrongSamples")
    void bothRejectAWrongSample(Wrong sample) {
        assertThat(SchemaCheck.accepts(schema(), sample.value())).as("accepted by the schema").isFalse();
        assertThat(readerAccepts(sample.value())).as("accepted by the reader").isFalse();
    }

    private static Map<Object, Object> with(Map<?, ?> mapping, Object key, Object value) {
        Map<Object, Object> copy = new LinkedHashMap<>(mapping);
        copy.put(key, value);
        return copy;
    }

    private static List<Object> with(List<?> items, int at, Object item) {
        List<Object> copy = new ArrayList<>(items);
        copy.set(at, item);
        return copy;
    }

    private static Map<Object, Object> without(Map<?, ?> mapping, Object key) {
        Map<Object, Object> copy = new LinkedHashMap<>(mapping);
        copy.remove(key);
        return copy;
    }

    @Test
    void theSchemaTellsDefaultsOnlyWhereThereAreSome() {
        assertThat(generated()).contains("\"default\": \"127.0.0.1:10349\"", "\"default\": \"random\"",
                "\"default\": \"30s\"");
        assertThat(schema().toString()).doesNotContain("Optional", "null");
    }
}
