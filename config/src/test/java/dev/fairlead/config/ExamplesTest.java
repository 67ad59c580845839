package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    static Stream<Path> examples() {
        return Reading.files(Reading.EXAMPLES, ".yaml").stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleLoadsWithoutAProblemOrANote(Path example) {
        ConfigReading reading = Reading.of(Reading.file(example));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.notes()).isEmpty();
        assertThat(reading.objects().services()).isNotEmpty();
        assertThat(reading.objects().slices()).isNotEmpty();
    }

    @Test
    void thereAreTheThreeExamplesThatTheDocumentationNames() {
        assertThat(examples().map(Path::getFileName).map(Path::toString)).contains("laptop.yaml", "kubernetes.yaml",
                "policies.yaml");
    }

    @Test
    void theStatefulSetExampleIsTwoPodsBehindOneAddress() {
        ConfigReading reading = Reading.sound(Reading.file(Reading.EXAMPLES.resolve("kubernetes.yaml")));

        ServiceObject service = reading.objects().services().getFirst();
        assertThat(service.name()).isEqualTo(new ServiceName("default", "web"));
        assertThat(service.clusterIP()).isEqualTo("10.96.0.10");
        assertThat(service.ports()).containsExactly(new ServiceObject.Port("http", "TCP", 80, 0));
        SliceObject slice = reading.objects().slices().getFirst();
        assertThat(slice.endpoints()).extracting(SliceObject.Member::addresses)
                .containsExactly(List.of("10.244.0.11"), List.of("10.244.0.12"));
        assertThat(reading.objects().nodes().getFirst().labels()).containsEntry("topology.kubernetes.io/zone",
                "zone-a");
    }
}
