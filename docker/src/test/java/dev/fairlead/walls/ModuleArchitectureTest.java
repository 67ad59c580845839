package dev.fairlead.walls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleArchitectureTest {
    private static final String ROOT = "dev.fairlead";
    private static final String COUNTEREXAMPLES = "dev.fairlead.walls.counterexample";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);
    private static final JavaClasses CULPRITS = new ClassFileImporter().importPackages(COUNTEREXAMPLES);

    static List<ArchRule> walls() {
        return new ModuleWalls(ROOT).all();
    }

    @ParameterizedTest
    @MethodSource("walls")
    void theProductKeepsTheWall(ArchRule wall) {
        wall.allowEmptyShould(true).check(PRODUCT);
    }

    /** Otherwise the walls would be judged over half of the house. */
    @ParameterizedTest
    @ValueSource(strings = {"model", "config", "discovery.file", "loadtest", "loadtest.generate", "app"})
    void theJudgedClassesAreThoseOfEveryModule(String room) {
        assertThat(PRODUCT.contain(ROOT + "." + room + ".package-info")).isTrue();
    }

    static Stream<Arguments> culprits() {
        ModuleWalls walls = new ModuleWalls(COUNTEREXAMPLES);
        return Stream.of(arguments(walls.configSeesOnlyTheFrontDoor(), "config.SeesDiscovery"),
                arguments(walls.configSeesOnlyTheFrontDoor(), "config.SeesTheTable"),
                arguments(walls.discoverySeesOnlyTheFrontDoor(), "discovery.file.SeesConfig"),
                arguments(walls.loadtestSeesNothingOfOurs(), "loadtest.SeesTheModel"),
                arguments(walls.nothingSeesLoadtest(), "app.SeesLoadtest"),
                arguments(walls.nothingSeesTheAssembly(), "table.SeesTheAssembly"),
                arguments(walls.theCoreSeesNoModule(), "table.SeesConfig"),
                arguments(walls.fabric8(), "discovery.file.SpeaksFabric8"),
                arguments(walls.snakeYaml(), "discovery.file.ParsesYaml"),
                arguments(walls.picocli(), "config.IsACommand"), arguments(walls.logback(), "config.TurnsLogback"),
                arguments(walls.netty(), "app.SpeaksNetty"), arguments(walls.netty(), "loadtest.SpeaksNetty"),
                arguments(walls.clockAndDice(), "app.ReadsNanoTime"),
                arguments(walls.clockAndDice(), "app.ReadsInstant"), arguments(walls.clockAndDice(), "app.OwnsDice"),
                arguments(walls.clockAndDice(), "app.ThrowsThreadLocalDice"),
                arguments(walls.names(), "app.ProcessManager"), arguments(walls.names(), "app.AbstractCommand"),
                arguments(walls.names(), "app.util.Drawer"), arguments(walls.nullMarked(), "app.util.Drawer"));
    }

    @ParameterizedTest
    @MethodSource("culprits")
    void theWallStopsItsCounterExampleAndSaysWhy(ArchRule wall, String culprit) {
        EvaluationResult result = wall.evaluate(CULPRITS);

        assertThat(result.getFailureReport().getDetails())
                .anyMatch(line -> line.contains(COUNTEREXAMPLES + "." + culprit));
        assertThat(result.getFailureReport().toString()).contains("because");
    }

    static Stream<Arguments> innocents() {
        ModuleWalls walls = new ModuleWalls(COUNTEREXAMPLES);
        return Stream.of(arguments(walls.fabric8(), "discovery.kubernetes.MaySpeakFabric8"),
                arguments(walls.snakeYaml(), "config.MayParseYaml"),
                arguments(walls.netty(), "loadtest.generate.MaySpeakNetty"),
                arguments(walls.clockAndDice(), "loadtest.MayReadTheClock"),
                arguments(walls.theCoreSeesNoModule(), "app.MaySeeAll"));
    }

    @ParameterizedTest
    @MethodSource("innocents")
    void theWallLetsPassWhatItIsNotAbout(ArchRule wall, String innocent) {
        assertThat(CULPRITS.contain(COUNTEREXAMPLES + "." + innocent)).isTrue();
        assertThat(wall.evaluate(CULPRITS).getFailureReport().getDetails())
                .noneMatch(line -> line.contains(COUNTEREXAMPLES + "." + innocent));
    }

    @Test
    void everyWallHasACounterExample() {
        List<String> proven = culprits().map(row -> row.get()[0].toString()).distinct().toList();

        assertThat(proven).containsExactlyInAnyOrderElementsOf(
                new ModuleWalls(COUNTEREXAMPLES).all().stream().map(ArchRule::getDescription).toList());
    }
}
