package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.SliceObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectStreamTest {
    private static final String WEB = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
            """;

    @Test
    void anAbsentNamespaceIsDefault() {
        assertThat(Reading.sound(WEB).objects().services().getFirst().name())
                .isEqualTo(new ServiceName("default", "web"));
    }

    @Test
    void severalTextsAndDocumentsAreOneStream() {
        ConfigReading reading = Reading.sound(WEB + "---\n" + WEB.replace("web", "api").replace("0.10", "0.11"),
                "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"worker-1\"}}",
                Reading.configuration("nodeName: worker-1\n"));

        assertThat(reading.objects().services()).extracting(s -> s.name().name()).containsExactly("web", "api");
        assertThat(reading.objects().nodes()).hasSize(1);
        assertThat(reading.settings().services().nodeName()).contains("worker-1");
    }

    @Test
    void anItemOfATypedListMayLackItsKind() {
        ConfigReading reading = Reading.sound("""
                apiVersion: v1
                kind: ServiceList
                metadata: {resourceVersion: "1"}
                items:
                - metadata: {name: web}
                  spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
                """, """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSliceList
                items:
                - metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
                  addressType: IPv4
                """, """
                apiVersion: v1
                kind: NodeList
                items:
                - metadata: {name: worker-1}
                """);

        assertThat(reading.objects().services()).hasSize(1);
        assertThat(reading.objects().slices()).hasSize(1);
        assertThat(reading.objects().nodes()).hasSize(1);
    }

    @Test
    void unknownKindsAreSkippedWithANote() {
        ConfigReading reading = Reading.sound(WEB, """
                # a chart
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: [whatever]}
                ---
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: Pod
                  metadata: {name: web-0}
                - apiVersion: serving.knative.dev/v1
                  kind: Service
                - apiVersion: discovery.k8s.io/v1beta1
                  kind: EndpointSlice
                  metadata: {name: old}
                """);

        assertThat(reading.objects().services()).hasSize(1);
        assertThat(reading.notes()).containsExactly("b.yaml:2: skipped kind Deployment apps/v1 \"web\"",
                "b.yaml:9: skipped kind Pod v1 \"web-0\"", "b.yaml:12: skipped kind Service serving.knative.dev/v1",
                "b.yaml:14: skipped kind EndpointSlice discovery.k8s.io/v1beta1 \"old\" (only discovery.k8s.io/v1 is"
                        + " read)");
    }

    @Test
    void aSliceThatBelongsToNoServiceIsNoted() {
        ConfigReading reading = Reading.sound("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: lost, namespace: shop}
                addressType: IPv4
                """);

        assertThat(reading.notes()).containsExactly("a.yaml:3: EndpointSlice shop/lost belongs to no Service: it has"
                + " no label kubernetes.io/service-name");
    }

    @Test
    void aTextWithoutAnObjectIsNoted() {
        assertThat(Reading.sound("", WEB, "# only a comment\n---\n---\n").notes())
                .containsExactly("a.yaml: no object in it", "c.yaml: no object in it");
    }

    @Test
    void nothingAtAllIsTheDefaultsAndNoObjects() {
        ConfigReading reading = Reading.sound();

        assertThat(reading.settings()).isEqualTo(ProxyConfig.DEFAULTS);
        assertThat(reading.objects().services()).isEmpty();
        assertThat(reading.notes()).isEmpty();
    }

    @Test
    void anAbsentNumberOrNameOfASlicePortDiffersFromAZeroOrEmptyOne() {
        ConfigReading reading = Reading.sound("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{}, {name: "", port: 0}]
                """);

        assertThat(reading.objects().slices().getFirst().ports()).containsExactly(
                new SliceObject.Port(Optional.empty(), "", Optional.empty()),
                new SliceObject.Port(Optional.of(""), "", Optional.of(0)));
    }

    @Test
    void aliasesStandForWhatTheyName() {
        ConfigReading reading = Reading.sound(Reading.configuration("""
                services:
                  - {name: one, listen: "127.0.0.1:8080", endpoints: &all ["127.0.0.1:8081"]}
                  - {name: two, listen: "127.0.0.1:8090", endpoints: *all}
                """));

        assertThat(reading.objects().slices()).extracting(s -> s.endpoints().getFirst().addresses())
                .containsExactly(List.of("127.0.0.1"), List.of("127.0.0.1"));
    }

    @Test
    void labelsAreMeantAsTheyAreWritten() {
        ConfigReading reading = Reading.sound(WEB.replace("{name: web}", "{name: web, labels: {a: 0o14, b: null}}"));

        assertThat(reading.objects().services().getFirst().labels()).containsEntry("a", "0o14").containsEntry("b", "");
    }

    @Test
    void problemsComeInTheOrderOfTheTextsWhereverTheyAreFound() {
        String broken = WEB.replace("10.96.0.10", "nowhere") + "---\n" + WEB.replace("port: 80", "port: 0");

        assertThat(Reading.problems(broken, broken.replace("web", "api"))).extracting(p -> p.replaceAll(": .*", ""))
                .containsExactly("a.yaml:4:19", "a.yaml:8:18", "a.yaml:9:46", "b.yaml:4:19", "b.yaml:8:18",
                        "b.yaml:9:46");
    }
}
