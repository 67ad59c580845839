package dev.fairlead.source;

import static dev.fairlead.source.Draft.service;
import static dev.fairlead.source.Draft.translate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.TrafficPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceTranslatorTest {
    /** @param why empty = proxied */
    record Skip(String sentence, Draft.Service service, TranslationSettings settings, String why) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Skip skip(String sentence, Draft.Service service, String why) {
        return new Skip(sentence, service, Draft.SETTINGS, why);
    }

    static Stream<Skip> skips() {
        String ours = "service.kubernetes.io/service-proxy-name";
        return Stream.of(skip("a Service with a clusterIP is proxied", service(), ""),
                skip("a Service that says no type is a ClusterIP", service().type(""), ""),
                skip("a headless Service is not", service().clusterIp("None"), "headless (clusterIP is None)"),
                skip("a Service that has no clusterIP yet is not", service().clusterIp(""), "no clusterIP"),
                skip("an ExternalName is not, even with a clusterIP", service().type("ExternalName"),
                        "type ExternalName is for DNS alone"),
                skip("another proxy's Service is left to it", service().label(ours, "cilium"),
                        "label " + ours + "=cilium gives it to another proxy"),
                skip("an empty proxy name is a name too", service().label(ours, ""),
                        "label " + ours + "= gives it to another proxy"),
                skip("the headless label counts whatever its value",
                        service().label("service.kubernetes.io/headless", ""),
                        "label service.kubernetes.io/headless says that it is headless"),
                new Skip("with a proxy name of our own, Services with that label are ours",
                        service().label(ours, "fairlead"), Draft.proxyName("fairlead"), ""),
                new Skip("with a proxy name of our own, Services without the label are not", service(),
                        Draft.proxyName("fairlead"), "no label " + ours + "=fairlead"),
                new Skip("with a proxy name of our own, Services of another proxy are not",
                        service().label(ours, "cilium"), Draft.proxyName("fairlead"),
                        "no label " + ours + "=fairlead"),
                skip("a clusterIP that is none cannot be proxied", service().clusterIp("10.96.0.256"),
                        "no clusterIP that can be read"),
                skip("no family of ours, no proxying", service().dual(List.of("10.96.0.10"), List.of("IPv5")),
                        "no clusterIP that can be read"),
                skip("a Service of SCTP ports alone is named too", service().ports(port("s", "SCTP", 1)),
                        "no port that can be proxied (expected: TCP or UDP)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("skips")
    void servicesAreSkippedAsKubeProxyDoes(Skip skip) {
        ServiceObject object = skip.service().object();
        ServiceSnapshot snapshot = translate(new ObjectSet(List.of(object), List.of(), List.of()), skip.settings());

        if (skip.why().isEmpty()) {
            assertThat(snapshot.skipped()).isEmpty();
            assertThat(snapshot.ports()).hasSize(1);
        } else {
            assertThat(snapshot.skipped()).containsExactly(new SkippedService(object.name(), skip.why()));
            assertThat(snapshot.ports()).isEmpty();
        }
    }

    /** @param ports {@code family name protocol port} of each service port */
    record Ports(String sentence, Draft.Service service, List<String> ports, List<String> notes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static ServiceObject.Port port(String name, String protocol, int number) {
        return new ServiceObject.Port(name, protocol, number, 0);
    }

    static Stream<Ports> ports() {
        return Stream.of(
                new Ports("an unnamed port keeps its empty name", service().ports(port("", "TCP", 80)),
                        List.of("IPv4  TCP 80"), List.of()),
                new Ports("no protocol means TCP", service().ports(port("a", "", 80)), List.of("IPv4 a TCP 80"),
                        List.of()),
                new Ports("TCP and UDP may share a number and a name",
                        service().ports(port("dns", "UDP", 53), port("dns", "TCP", 53)),
                        List.of("IPv4 dns TCP 53", "IPv4 dns UDP 53"), List.of()),
                new Ports("ports come out sorted by name", service().ports(port("b", "TCP", 2), port("a", "TCP", 1)),
                        List.of("IPv4 a TCP 1", "IPv4 b TCP 2"), List.of()),
                new Ports("SCTP is left out, the others are served",
                        service().ports(port("s", "SCTP", 1), port("t", "SCTP", 2), port("a", "TCP", 1)),
                        List.of("IPv4 a TCP 1"),
                        List.of("SCTP ports are not proxied: default/web:s, default/web:t")),
                new Ports("an unknown protocol is left out with a note",
                        service().ports(port("a", "TCPP", 1), port("b", "TCP", 2)), List.of("IPv4 b TCP 2"),
                        List.of("default/web: protocol \"TCPP\" is left out (expected: TCP or UDP)")),
                new Ports("a port that is none is left out with a note",
                        service().ports(port("a", "TCP", 70000), port("b", "TCP", 2)), List.of("IPv4 b TCP 2"),
                        List.of("default/web: port 70000 is left out (expected: 1-65535)")),
                new Ports("of two ports of one name the first counts",
                        service().ports(port("", "TCP", 80), port("", "TCP", 81)), List.of("IPv4  TCP 80"),
                        List.of("default/web: port 81 is left out, since port 80 has the same name \"\" "
                                + "(expected: every port its own)")),
                new Ports("both families are proxied, each on its own",
                        service().dual(List.of("fd00::10", "10.96.0.10"), List.of("IPv6", "IPv4")),
                        List.of("IPv4 http TCP 80", "IPv6 http TCP 80"), List.of()),
                new Ports("a family without a clusterIP of its own is not proxied",
                        service().dual(List.of("10.96.0.10"), List.of("IPv4", "IPv6")), List.of("IPv4 http TCP 80"),
                        List.of()),
                new Ports("without ipFamilies the clusterIP says the family", service().clusterIp("fd00::10"),
                        List.of("IPv6 http TCP 80"), List.of()),
                new Ports("without ipFamilies further clusterIPs do not count",
                        service().dual(List.of("10.96.0.10", "fd00::10"), List.of()), List.of("IPv4 http TCP 80"),
                        List.of()),
                new Ports("hand-written ipFamilies without clusterIPs mean the clusterIP",
                        service().dual(List.of(), List.of("IPv4")), List.of("IPv4 http TCP 80"), List.of()),
                new Ports("a clusterIP that cannot be read takes only its own family along",
                        service().dual(List.of("10.96.0.10", "fd00::zz"), List.of("IPv4", "IPv6")),
                        List.of("IPv4 http TCP 80"),
                        List.of("default/web: clusterIPs: \"fd00::zz\" is left out (expected: an IP address)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ports")
    void everyPortAndFamilyIsAServicePort(Ports row) {
        ServiceSnapshot snapshot = translate(row.service().object());

        assertThat(snapshot.ports()).extracting(p -> p.name().family() + " " + p.name().port() + " "
                + p.name().protocol() + " " + p.addresses().port()).isEqualTo(row.ports());
        assertThat(snapshot.notes()).isEqualTo(row.notes());
    }

    record Affinity(String sentence, String word, Optional<Integer> seconds, SessionAffinity affinity, String note) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Affinity> affinities() {
        SessionAffinity hours = new SessionAffinity.ClientIp(Duration.ofHours(3));
        return Stream.of(new Affinity("none where None is said", "None", Optional.empty(), SessionAffinity.NONE, ""),
                new Affinity("none where nothing is said", "", Optional.empty(), SessionAffinity.NONE, ""),
                new Affinity("three hours where no timeout is said", "ClientIP", Optional.empty(), hours, ""),
                new Affinity("the timeout that is said", "ClientIP", Optional.of(1),
                        new SessionAffinity.ClientIp(Duration.ofSeconds(1)), ""),
                new Affinity("a day at most", "ClientIP", Optional.of(86_400),
                        new SessionAffinity.ClientIp(Duration.ofDays(1)), ""),
                new Affinity("a timeout beyond a day is ignored", "ClientIP", Optional.of(86_401), hours,
                        "default/web: timeoutSeconds 86401 is ignored (expected: 1-86400)"),
                new Affinity("a timeout of nothing is ignored", "ClientIP", Optional.of(0), hours,
                        "default/web: timeoutSeconds 0 is ignored (expected: 1-86400)"),
                new Affinity("an unknown word is ignored", "Cookie", Optional.empty(), SessionAffinity.NONE,
                        "default/web: sessionAffinity \"Cookie\" is ignored (expected: None or ClientIP)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("affinities")
    void sessionAffinityIsReadWithItsDefault(Affinity row) {
        ServiceSnapshot snapshot = translate(service().affinity(row.word(), row.seconds()).object());

        assertThat(snapshot.ports()).extracting(ServicePort::affinity).containsExactly(row.affinity());
        assertThat(snapshot.notes()).isEqualTo(row.note().isEmpty() ? List.of() : List.of(row.note()));
    }

    record Policies(String sentence, Draft.Service service, TrafficPolicy internal, TrafficPolicy external) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Policies> policies() {
        TrafficPolicy cluster = TrafficPolicy.CLUSTER;
        TrafficPolicy local = TrafficPolicy.LOCAL;
        return Stream.of(new Policies("nothing said means Cluster", service().policies("", ""), cluster, cluster),
                new Policies("the internal policy counts for every type", service().policies("Local", ""), local,
                        cluster),
                new Policies("the external policy of a plain ClusterIP means nothing",
                        service().policies("", "Local"), cluster, cluster),
                new Policies("the external policy of a ClusterIP with externalIPs counts",
                        service().policies("", "Local").externalIps("203.0.113.1"), cluster, local),
                new Policies("the external policy of a Service without type, but with externalIPs counts",
                        service().type("").policies("", "Local").externalIps("203.0.113.1"), cluster, local),
                new Policies("the external policy of a NodePort counts",
                        service().type("NodePort").policies("Cluster", "Local"), cluster, local),
                new Policies("the external policy of a LoadBalancer counts",
                        service().type("LoadBalancer").policies("Local", "Local"), local, local),
                new Policies("an unknown word means Cluster",
                        service().type("NodePort").policies("Node", "Zone"), cluster, cluster));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void trafficPoliciesAreEffective(Policies row) {
        ServicePort port = translate(row.service().object()).ports().getFirst();

        assertThat(port.internalPolicy()).isEqualTo(row.internal());
        assertThat(port.externalPolicy()).isEqualTo(row.external());
    }

    @Test
    void aUdpPortIsNotServedAtTheAddressThatStandsForEveryAddress() {
        ServiceSnapshot snapshot = translate(
                service().ports(port("dns", "UDP", 53), port("dns", "TCP", 53)).externalIps("0.0.0.0").object());

        assertThat(snapshot.ports()).extracting(port -> port.name().protocol() + " "
                + port.frontends().stream().map(frontend -> frontend.address().ip().getHostAddress()).toList())
                .containsExactly("TCP [0.0.0.0, 10.96.0.10]", "UDP [10.96.0.10]");
        assertThat(snapshot.notes()).containsExactly("default/web: UDP port 53 is left out where the address stands"
                + " for every address (expected: each address by itself)");
    }

    @Test
    void annotationsOverrideTheDefaults() {
        ServiceSnapshot snapshot = translate(service().annotation("fairlead.dev/balancer", "round-robin")
                .annotation("fairlead.dev/connect-timeout", "250ms").annotation("fairlead.dev/keep-alive", "off")
                .annotation("kubectl.kubernetes.io/last-applied-configuration", "{}").object());

        assertThat(snapshot.ports().getFirst().policy())
                .isEqualTo(ServicePolicy.DEFAULTS.withBalancer(BalancerChoice.named("round-robin"))
                        .withConnectTimeout(Duration.ofMillis(250)).withKeepAlive(KeepAlive.OFF));
        assertThat(snapshot.notes()).isEmpty();
    }

    @Test
    void annotationsSayHowItsUdpFlowsAreKept() {
        ServiceSnapshot snapshot = translate(service().annotation("fairlead.dev/udp-timeout", "5s")
                .annotation("fairlead.dev/udp-stream-timeout", "10m").annotation("fairlead.dev/responses", "1")
                .annotation("fairlead.dev/max-flows", "1000000").object());

        assertThat(snapshot.ports().getFirst().policy()).isEqualTo(ServicePolicy.DEFAULTS
                .withUdpTimeout(Duration.ofSeconds(5)).withUdpStreamTimeout(Duration.ofMinutes(10))
                .withResponses(Optional.of(1)).withMaxFlows(Optional.of(1_000_000)));
        assertThat(snapshot.notes()).isEmpty();
    }

    @Test
    void annotationsThatCannotBeUnderstoodAreNotedAndLeaveTheDefault() {
        ServiceSnapshot snapshot = translate(service().annotation("fairlead.dev/balancer", "leastcon")
                .annotation("fairlead.dev/conect-timeout", "1s").annotation("fairlead.dev/idle-timeout", "5m")
                .object());

        assertThat(snapshot.ports().getFirst().policy())
                .isEqualTo(ServicePolicy.DEFAULTS.withIdleTimeout(Optional.of(Duration.ofMinutes(5))));
        assertThat(snapshot.notes()).containsExactly(
                "default/web: annotation fairlead.dev/balancer is ignored: unknown balancer \"leastcon\" "
                        + "(expected: one of least-conn, random, round-robin) - did you mean \"least-conn\"?",
                "default/web: unknown annotation fairlead.dev/conect-timeout is ignored"
                        + " - did you mean fairlead.dev/connect-timeout?");
    }

    @Test
    void anAnnotationLikeNoneOfOursIsToldWhatThereIs() {
        assertThat(translate(service().annotation("fairlead.dev/sticky", "yes").object()).notes()).singleElement()
                .asString().startsWith("default/web: unknown annotation fairlead.dev/sticky is ignored (expected: ")
                .contains("connect-timeout");
    }

    @Test
    void manySctpPortsMakeOneNote() {
        ServiceObject[] services = Stream.of("a", "b", "c", "d", "e")
                .map(name -> service(name, "10.96.0.1").ports(port("s", "SCTP", 1)).object())
                .toArray(ServiceObject[]::new);

        assertThat(translate(services).notes()).containsExactly(
                "SCTP ports are not proxied: default/a:s, default/b:s, default/c:s and 2 more");
        assertThat(translate(services).ports()).isEmpty();
        assertThat(translate(services).skipped()).hasSize(5);
    }

    @Test
    void ofTwoServicesOfOneNameTheLaterCounts() {
        ServiceSnapshot snapshot = translate(service().ports(port("old", "TCP", 1)).object(),
                service().ports(port("new", "UDP", 2)).object());

        assertThat(snapshot.ports()).extracting(p -> p.name().port()).containsExactly("new");
        assertThat(snapshot.ports()).extracting(p -> p.name().protocol()).containsExactly(Protocol.UDP);
    }
}
