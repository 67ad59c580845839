package dev.fairlead.loadtest.bench.result;

import static dev.fairlead.loadtest.bench.result.Results.figures;
import static dev.fairlead.loadtest.bench.result.Results.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeSectionTest {
    private static final ScenarioResult RESULT = Results.scenario("connect-64",
            row("fairlead-epoll", figures(Metric.CPU, 52.0)), row("haproxy-1", figures(Metric.CPU, 58.0)));

    @Test
    void theReadmeSaysWhatTheCommittedResultsSay() throws IOException {
        assertThat(disagreement(root())).as("loadtest/run --readme writes it").isEmpty();
    }

    @Test
    void aReadmeThatSaysOtherThanItsResultsIsNoticed(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("README.md"),
                "# X\n" + ReadmeSection.BEGIN + "\n" + ReadmeSection.END + "\nY\n");
        Path results = Files.createDirectories(root.resolve("loadtest/results"));
        ResultFiles.write(results, RESULT);
        assertThat(disagreement(root)).isPresent();

        Files.writeString(root.resolve("README.md"),
                ReadmeSection.replace(Files.readString(root.resolve("README.md")), ResultFiles.read(results)));
        assertThat(disagreement(root)).isEmpty();
        assertThat(Files.readString(root.resolve("README.md"))).startsWith("# X\n").endsWith("Y\n")
                .contains("52.0 epoll (0.90)").contains("Measured 2026-11-24");

        Path file = results.resolve("connect-64.json");
        Files.writeString(file, Files.readString(file).replace("52.0", "51.0"));
        assertThat(disagreement(root)).isPresent();
    }

    @Test
    void aReadmeWithoutTheMarkersIsRefusedWithTheMissingLine() {
        assertThatThrownBy(() -> ReadmeSection.replace("# X\n", List.of()))
                .hasMessageContaining("<!-- loadtest:begin -->");
        assertThatThrownBy(() -> ReadmeSection.replace(ReadmeSection.BEGIN + "\n", List.of()))
                .hasMessageContaining("<!-- loadtest:end -->");
    }

    @Test
    void theChartHasABarPerFairleadInRelationToTheBestPeer() {
        assertThat(Chart.svg(List.of(RESULT))).startsWith("<svg ").contains("connect-64, CPU")
                .contains(">0.90<tspan class=\"quiet\"> epoll</tspan>").doesNotContain("haproxy-1")
                .contains("prefers-color-scheme: dark");
    }

    /** What the README says where the results say something else. */
    private static Optional<String> disagreement(Path root) throws IOException {
        String said = ReadmeSection.existing(Files.readString(root.resolve("README.md")));
        String expected = ReadmeSection.text(ResultFiles.read(root.resolve("loadtest/results")));
        return said.equals(expected) ? Optional.empty() : Optional.of(said);
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(folder -> Files.isRegularFile(folder.resolve("fairlead"))).findFirst().orElseThrow();
    }
}
