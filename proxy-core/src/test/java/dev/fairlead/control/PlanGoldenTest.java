package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code plan/*.txt}: what was, what is wanted, and the plan, as text; the first line says what the file is about. */
class PlanGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/plan");
    private static final List<String> SECTIONS = List.of("before:", "failed doors:", "after:", "plan:");

    static List<Golden> goldens() throws IOException {
        List<Golden> goldens = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                goldens.add(Golden.read(file));
            }
        }
        return goldens;
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void thePlanIsTheOneWrittenDown(Golden golden) {
        Plan plan = Planner.plan(golden.world(), SnapshotText.parse(golden.after));

        assertThat(plan.text()).isEqualTo(golden.plan);
        assertThat(plan.isEmpty()).isEqualTo(golden.plan.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void afterThePlanNothingIsLeftToDo(Golden golden) {
        ServiceSnapshot after = SnapshotText.parse(golden.after);
        World before = golden.world();

        World reached = PlannedWorld.reached(before, Planner.plan(before, after));

        assertThat(Planner.plan(reached, after)).isEqualTo(Plan.EMPTY);
    }

    record Golden(Path file, String before, String failedDoors, String after, String plan) {
        static Golden read(Path file) throws IOException {
            Map<String, StringBuilder> sections = new HashMap<>();
            StringBuilder current = new StringBuilder();
            for (String line : Files.readAllLines(file)) {
                if (SECTIONS.contains(line)) {
                    current = new StringBuilder();
                    sections.put(line, current);
                } else if (!line.isEmpty()) {
                    current.append(line).append('\n');
                }
            }
            assertThat(sections).as("sections of %s", file).containsKeys("before:", "after:", "plan:");
            List<String> texts = SECTIONS.stream()
                    .map(name -> sections.getOrDefault(name, new StringBuilder()).toString()).toList();
            return new Golden(file, texts.get(0), texts.get(1), texts.get(2), texts.get(3));
        }

        /** As if everything before had succeeded, but for the doors that failed. */
        World world() {
            ServiceSnapshot snapshot = SnapshotText.parse(before);
            Map<TransportAddress, SourceFilter> doors = new HashMap<>();
            List<RouteSpec> wanted = RouteSpecs.of(snapshot);
            for (RouteSpec spec : wanted) {
                if (spec.opens()) {
                    spec.doors().forEach(door -> doors.put(door, spec.filter()));
                }
            }
            Arrays.stream(failedDoors.split("\\s+", -1)).filter(word -> !word.isEmpty()).map(IpPort::of)
                    .map(TransportAddress::tcp)
                    .forEach(doors::remove);
            Set<TransportAddress> held = wanted.stream()
                    .filter(spec -> !spec.opens() && spec.kind() != FrontendKind.NODE_PORT)
                    .flatMap(spec -> spec.doors().stream()).collect(Collectors.toSet());
            return new World(doors, held, wanted, failedDoors.isBlank());
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }
}
