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

class ArchitectureTest {
    private static final String ROOT = "dev.fairlead";
    private static final String COUNTEREXAMPLES = "dev.fairlead.walls.counterexample";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);
    private static final JavaClasses CULPRITS = new ClassFileImporter().importPackages(COUNTEREXAMPLES);

    static List<ArchRule> walls() {
        return new Walls(ROOT).all();
    }

    @ParameterizedTest
    @MethodSource("walls")
    void theProductKeepsTheWall(ArchRule wall) {
        wall.check(PRODUCT);
    }

    static Stream<Arguments> culprits() {
        Walls walls = new Walls(COUNTEREXAMPLES);
        return Stream.of(arguments(walls.packageOrder(), "model.ImportsRightwards"),
                arguments(walls.packageOrder(), "admin.ImportsTheRoot"),
                arguments(walls.packageOrder(), "control.ImportsAStranger"),
                arguments(walls.noCycles(), "transport.hither.There"),
                arguments(walls.nettyOnlyBelowThePort(), "forward.SpeaksNetty"),
                arguments(walls.nettyOnlyBelowThePort(), "transport.PortThatSpeaksNetty"),
                arguments(walls.resilience4jOnlyInHealth(), "control.TripsABreaker"),
                arguments(walls.micrometerOnlyInTelemetry(), "admin.CountsWithMicrometer"),
                arguments(walls.clockOnlyInTransport(), "table.ReadsNanoTime"),
                arguments(walls.clockOnlyInTransport(), "listen.ReadsInstant"),
                arguments(walls.clockOnlyInTransport(), "health.ReadsAClock"),
                arguments(walls.diceOnlyInTransport(), "balance.ThrowsThreadLocalDice"),
                arguments(walls.diceOnlyInTransport(), "balance.OwnsDice"),
                arguments(walls.diceOnlyInTransport(), "balance.Shuffles"),
                arguments(walls.telltaleClassNames(), "source.SliceManager"),
                arguments(walls.telltaleClassNames(), "source.AbstractSource"),
                arguments(walls.telltalePackageNames(), "util.Drawer"),
                arguments(walls.wordsOfClasses(), "balance.BackendAddress"),
                arguments(walls.wordsOfMembers(), "balance.NamesAMember"),
                arguments(walls.nullMarked(), "listen.ReadsInstant"));
    }

    @ParameterizedTest
    @MethodSource("culprits")
    void theWallStopsItsCounterExampleAndSaysWhy(ArchRule wall, String culprit) {
        EvaluationResult result = wall.evaluate(CULPRITS);

        assertThat(result.hasViolation()).isTrue();
        assertThat(result.getFailureReport().getDetails())
                .anyMatch(line -> line.contains(COUNTEREXAMPLES + "." + culprit));
        assertThat(result.getFailureReport().toString()).contains("because");
    }

    static Stream<Arguments> innocents() {
        Walls walls = new Walls(COUNTEREXAMPLES);
        return Stream.of(arguments(walls.packageOrder(), "balance.ImportsLeftwards"),
                arguments(walls.nettyOnlyBelowThePort(), "transport.channel.MaySpeakNetty"),
                arguments(walls.clockOnlyInTransport(), "transport.channel.MayReadTheClock"));
    }

    @ParameterizedTest
    @MethodSource("innocents")
    void theWallLetsPassWhatItIsNotAbout(ArchRule wall, String innocent) {
        assertThat(wall.evaluate(CULPRITS).getFailureReport().getDetails())
                .noneMatch(line -> line.contains(COUNTEREXAMPLES + "." + innocent));
    }

    @Test
    void everyWallHasACounterExample() {
        List<String> proven = culprits().map(row -> row.get()[0].toString()).distinct().toList();

        assertThat(proven).containsExactlyInAnyOrderElementsOf(
                new Walls(COUNTEREXAMPLES).all().stream().map(ArchRule::getDescription).toList());
    }

    @Test
    void theWallsStandAroundTheWholeCore() {
        assertThat(PackageOrder.ORDER).allSatisfy(
                name -> assertThat(PRODUCT.contain(ROOT + "." + name + ".package-info")).as(name).isTrue());
    }
}
