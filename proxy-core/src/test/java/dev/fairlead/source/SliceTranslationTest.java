package dev.fairlead.source;

import static dev.fairlead.source.Draft.pod;
import static dev.fairlead.source.Draft.port;
import static dev.fairlead.source.Draft.service;
import static dev.fairlead.source.Draft.slice;
import static dev.fairlead.source.Draft.translate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SliceTranslationTest {
    /** @param endpoints addresses of default/web's port http (in both families, IPv4 first) */
    record Row(String sentence, List<SliceObject> slices, List<String> endpoints, List<String> notes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Row row(String sentence, List<SliceObject> slices, String... endpoints) {
        return new Row(sentence, slices, List.of(endpoints), List.of());
    }

    private static SliceObject labelled(Map<String, String> labels) {
        return new SliceObject("default", "web-1", labels, "IPv4", List.of(port("http", 8080)),
                List.of(pod("10.1.0.1")));
    }

    private static SliceObject withPorts(SliceObject.Port... ports) {
        return slice("web-1", "IPv4", List.of(ports), pod("10.1.0.1"));
    }

    private static SliceObject.Member addresses(String... values) {
        return new SliceObject.Member(List.of(values), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(), List.of());
    }

    static Stream<Row> rows() {
        String label = "kubernetes.io/service-name";
        return Stream.of(row("a Service without slices has no endpoints", List.of()),
                row("endpoints come out sorted by address",
                        List.of(slice("web-1", pod("10.1.0.10"), pod("10.1.0.9"))), "10.1.0.9:8080",
                        "10.1.0.10:8080"),
                row("the union over all slices", List.of(slice("web-1", pod("10.1.0.1")), slice("x", pod("10.1.0.2"))),
                        "10.1.0.1:8080", "10.1.0.2:8080"),
                row("an endpoint in two slices is one", List.of(slice("web-1", pod("10.1.0.1")),
                        slice("web-2", pod("10.1.0.1"))), "10.1.0.1:8080"),
                row("a later slice of the same name replaces the earlier",
                        List.of(slice("web-1", pod("10.1.0.1")), slice("web-1", pod("10.1.0.2"))), "10.1.0.2:8080"),
                new Row("a slice without the label belongs to nobody, whatever its name",
                        List.of(labelled(Map.of())), List.of(),
                        List.of("EndpointSlice default/web-1: belongs to no Service "
                                + "(expected: label kubernetes.io/service-name)")),
                row("a slice of a Service that is not there waits in silence",
                        List.of(labelled(Map.of(label, "later")))),
                row("a slice of the same name in another namespace is another's",
                        List.of(new SliceObject("other", "web-1", Map.of(label, "web"), "IPv4",
                                List.of(port("http", 8080)), List.of(pod("10.1.0.1"))))),
                row("a slice labelled headless does not count",
                        List.of(labelled(Map.of(label, "web", "service.kubernetes.io/headless", "")))),
                row("each family has its own slices",
                        List.of(slice("web-4", pod("10.1.0.1")),
                                slice("web-6", "IPv6", List.of(port("http", 8080)), pod("fd00:1::1"))),
                        "10.1.0.1:8080", "[fd00:1::1]:8080"),
                row("FQDN slices are ignored in silence",
                        List.of(slice("web-1", "FQDN", List.of(port("http", 8080)), pod("web.example")))),
                new Row("an unknown address type is left out with a note",
                        List.of(slice("web-1", "ipv4", List.of(port("http", 8080)), pod("10.1.0.1"))), List.of(),
                        List.of("EndpointSlice default/web-1: addressType \"ipv4\" is left out "
                                + "(expected: IPv4 or IPv6)")),
                row("the number is the slice's, so one name may have several",
                        List.of(slice("web-1", "IPv4", List.of(port("http", 80)), pod("10.1.0.1")),
                                slice("web-2", "IPv4", List.of(port("http", 8080)), pod("10.1.0.2"))),
                        "10.1.0.1:80", "10.1.0.2:8080"),
                row("ports match by name, not by number", List.of(withPorts(port("metrics", 80), port("http", 9090))),
                        "10.1.0.1:9090"),
                row("ports match by protocol too",
                        List.of(withPorts(new SliceObject.Port(Optional.of("http"), "UDP", Optional.of(8080))))),
                row("a slice port without protocol is TCP",
                        List.of(withPorts(new SliceObject.Port(Optional.of("http"), "", Optional.of(8080)))),
                        "10.1.0.1:8080"),
                row("an unnamed slice port does not serve a named one", List.of(withPorts(port("", 8080)))),
                row("a slice port without a number is ignored",
                        List.of(withPorts(new SliceObject.Port(Optional.of("http"), "TCP", Optional.empty())))),
                row("a slice port 0 is ignored", List.of(withPorts(port("http", 0)))),
                new Row("a slice port that is none is left out with a note", List.of(withPorts(port("http", 65536))),
                        List.of(), List.of("EndpointSlice default/web-1: port 65536 is left out (expected: 1-65535)")),
                row("an endpoint without addresses is ignored", List.of(slice("web-1", addresses(), pod("10.1.0.1"))),
                        "10.1.0.1:8080"),
                row("only an endpoint's first address counts",
                        List.of(slice("web-1", addresses("10.1.0.2", "10.1.0.1"))),
                        "10.1.0.2:8080"),
                row("leading zeros are decimal", List.of(slice("web-1", pod("10.1.0.010"))), "10.1.0.10:8080"),
                new Row("an address that is none is left out with a note",
                        List.of(slice("web-1", pod("10.1.0.1"), pod("web.example"))), List.of("10.1.0.1:8080"),
                        List.of("EndpointSlice default/web-1: endpoint \"web.example\" is left out "
                                + "(expected: an IPv4 address)")),
                new Row("an address of the other family is left out with a note",
                        List.of(slice("web-1", pod("fd00:1::1"))), List.of(),
                        List.of("EndpointSlice default/web-1: endpoint \"fd00:1::1\" is left out "
                                + "(expected: an IPv4 address)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void endpointsAreTheUnionOfTheSlices(Row row) {
        ServiceObject service = service().dual(List.of("10.96.0.10", "fd00::10"), List.of("IPv4", "IPv6")).object();
        ServiceSnapshot snapshot = translate(new ObjectSet(List.of(service), row.slices(), List.of()),
                Draft.SETTINGS);

        assertThat(snapshot.ports().stream().flatMap(p -> p.endpoints().stream()).map(e -> e.address().toString()))
                .containsExactlyElementsOf(row.endpoints());
        assertThat(snapshot.notes()).isEqualTo(row.notes());
    }

    @Test
    void anUnnamedSlicePortServesAnUnnamedServicePort() {
        ServiceObject service = service().ports(new ServiceObject.Port("", "TCP", 80, 0)).object();
        ServiceSnapshot snapshot = translate(new ObjectSet(List.of(service),
                List.of(withPorts(port("", 8080), new SliceObject.Port(Optional.empty(), "TCP", Optional.of(9090)))),
                List.of()), Draft.SETTINGS);

        assertThat(snapshot.ports().getFirst().endpoints()).extracting(Endpoint::address)
                .containsExactly(IpPort.of("10.1.0.1:8080"));
    }

    @Test
    void tcpAndUdpPortsOfOneNameHaveTheirOwnNumbers() {
        ServiceObject service = service().ports(new ServiceObject.Port("dns", "TCP", 53, 0),
                new ServiceObject.Port("dns", "UDP", 53, 0)).object();
        SliceObject slice = withPorts(new SliceObject.Port(Optional.of("dns"), "UDP", Optional.of(5353)),
                new SliceObject.Port(Optional.of("dns"), "TCP", Optional.of(5300)));
        ServiceSnapshot snapshot = translate(new ObjectSet(List.of(service), List.of(slice), List.of()),
                Draft.SETTINGS);

        assertThat(snapshot.ports()).extracting(p -> p.name().protocol()).containsExactly(Protocol.TCP, Protocol.UDP);
        assertThat(snapshot.ports()).extracting(p -> p.endpoints().getFirst().address().port()).containsExactly(5300,
                5353);
    }

    record Conditions(String sentence, Optional<Boolean> ready, Optional<Boolean> serving,
            Optional<Boolean> terminating, List<Boolean> expected) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Conditions> conditions() {
        Optional<Boolean> nil = Optional.empty();
        Optional<Boolean> yes = Optional.of(true);
        Optional<Boolean> no = Optional.of(false);
        return Stream.of(
                new Conditions("nothing said: ready, serving, not terminating", nil, nil, nil,
                        List.of(true, true, false)),
                new Conditions("not ready, the rest unsaid: still serving", no, nil, nil, List.of(false, true, false)),
                new Conditions("draining", no, yes, yes, List.of(false, true, true)),
                new Conditions("terminating and done", no, no, yes, List.of(false, false, true)),
                new Conditions("ready although terminating", yes, yes, yes, List.of(true, true, true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conditions")
    void conditionsHaveTheirDefaultsAndUnreadyEndpointsAreKept(Conditions row) {
        Endpoint endpoint = endpoints(Draft.SETTINGS, slice("web-1", new SliceObject.Member(List.of("10.1.0.1"),
                row.ready(), row.serving(), row.terminating(), Optional.empty(), List.of(), List.of()))).getFirst();

        assertThat(List.of(endpoint.ready(), endpoint.serving(), endpoint.terminating())).isEqualTo(row.expected());
    }

    @Test
    void nodeNameAndHintsAreTaken() {
        SliceObject slice = slice("web-1", new SliceObject.Member(List.of("10.1.0.1"), Optional.of(true),
                Optional.of(true), Optional.of(false), Optional.of("there"), List.of("zone-b", "zone-a"),
                List.of("here")));

        assertThat(endpoints(Draft.SETTINGS, slice)).containsExactly(new Endpoint(IpPort.of("10.1.0.1:8080"), true,
                true, false, Optional.of("there"), Set.of("zone-a", "zone-b"), Set.of("here")));
        assertThat(endpoints(Draft.withoutNodeHints(), slice)).containsExactly(
                new Endpoint(IpPort.of("10.1.0.1:8080"), true, true, false, Optional.of("there"),
                        Set.of("zone-a", "zone-b"), Set.of()));
    }

    @Test
    void ofTwoCopiesOfAnAddressTheLocalOneCountsInAnyOrder() {
        List<SliceObject.Member> copies = new ArrayList<>(
                List.of(pod("10.1.0.1", "there"), new SliceObject.Member(List.of("10.1.0.1"), Optional.of(false),
                        Optional.of(false), Optional.of(true), Optional.of("here"), List.of(), List.of())));

        for (int turn = 0; turn < 2; turn++) {
            assertThat(endpoints(Draft.SETTINGS, slice("web-1", copies.toArray(SliceObject.Member[]::new))))
                    .singleElement().extracting(Endpoint::nodeName).isEqualTo(Optional.of("here"));
            Collections.reverse(copies);
        }
    }

    @Test
    void ofTwoCopiesElsewhereTheReadyOneCountsInAnyOrder() {
        SliceObject.Member stale = new SliceObject.Member(List.of("10.1.0.1"), Optional.of(false), Optional.of(true),
                Optional.of(false), Optional.of("there"), List.of(), List.of());
        SliceObject.Member fresh = pod("10.1.0.1", "there");

        assertThat(endpoints(Draft.SETTINGS, slice("web-1", stale), slice("web-2", fresh))).singleElement()
                .extracting(Endpoint::ready).isEqualTo(true);
        assertThat(endpoints(Draft.SETTINGS, slice("web-1", fresh), slice("web-2", stale))).singleElement()
                .extracting(Endpoint::ready).isEqualTo(true);
    }

    @Test
    void aThousandAndMoreEndpointsAreNotCapped() {
        SliceObject.Member[] members = Stream.iterate(0, i -> i + 1).limit(2500)
                .map(i -> pod("10.1." + i / 250 + "." + i % 250)).toArray(SliceObject.Member[]::new);

        assertThat(endpoints(Draft.SETTINGS, slice("web-1", members))).hasSize(2500);
    }

    private static List<Endpoint> endpoints(TranslationSettings settings, SliceObject... slices) {
        return translate(new ObjectSet(List.of(service().object()), List.of(slices), List.of(Draft.NODE)), settings)
                .ports().getFirst().endpoints();
    }
}
