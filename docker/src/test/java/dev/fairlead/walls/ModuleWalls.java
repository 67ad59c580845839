package dev.fairlead.walls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The rules, for any root package: the product's, and the one of the counter-examples. */
final class ModuleWalls {
    private final String root;

    ModuleWalls(String root) {
        this.root = root;
    }

    ArchRule configSeesOnlyTheFrontDoor() {
        return seesOnly("config", "config", "model", "source")
                .because("config must not know who uses what it reads (house, section 1)");
    }

    ArchRule discoverySeesOnlyTheFrontDoor() {
        return seesOnly("discovery", "discovery", "model", "transport", "source")
                .because(
                        "discovery and config are siblings: a file source is handed a SnapshotReader (house, section 1); "
                                + "transport has the clock");
    }

    ArchRule loadtestSeesNothingOfOurs() {
        return seesOnly("loadtest", "loadtest")
                .because("it must not share bugs with what it measures (house, section 1)");
    }

    ArchRule nothingSeesLoadtest() {
        return noClasses().that().resideOutsideOfPackage(in("loadtest")).should().dependOnClassesThat()
                .resideInAPackage(in("loadtest")).because("the product runs without its test rig");
    }

    ArchRule nothingSeesTheAssembly() {
        return noClasses().that().resideOutsideOfPackage(in("app")).should().dependOnClassesThat()
                .resideInAPackage(in("app")).because("exactly one room knows all the others, and none knows it");
    }

    ArchRule theCoreSeesNoModule() {
        return noClasses().that().resideOutsideOfPackages(in("app"), in("config"), in("discovery"), in("loadtest"))
                .should().dependOnClassesThat().resideInAnyPackage(in("config"), in("discovery"))
                .because("the core declares ports; config and discovery implement them");
    }

    ArchRule fabric8() {
        return only("io.fabric8..", "discovery.kubernetes")
                .because("a run on files loads no class of it, which is half of its start-up time");
    }

    ArchRule snakeYaml() {
        return only("org.snakeyaml..", "config").because("one home for the text of a file and its positions");
    }

    ArchRule picocli() {
        return only("picocli..", "app").because("the command line is one way in among others");
    }

    ArchRule logback() {
        return only("ch.qos.logback..", "app").because("everybody else logs through slf4j");
    }

    ArchRule netty() {
        return only("io.netty..", "transport.(*)", "admin", "loadtest.generate")
                .because("the data-path port sits in transport; Netty lives in transport.channel and admin only "
                        + "(docs/decisions/0001), and in the load generator, which must cost less than what it "
                        + "measures and therefore stands on the same event loops");
    }

    ArchRule clockAndDice() {
        return noClasses().that().resideOutsideOfPackages(in("transport"), in("loadtest")).should()
                .accessTargetWhere(
                        DescribedPredicate.describe("the machine's clock or dice", ModuleWalls::timeOrChance))
                .because("time comes through transport.Ticker and chance through transport.Randomness, so that tests "
                        + "turn the one and repeat the other");
    }

    ArchRule names() {
        return noClasses().should().haveNameMatching(".*\\.(\\w*(Manager|Helper|Utils?|Base|Impl)|Abstract[A-Z]\\w*)")
                .orShould().resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..internal..")
                .because("a name that says nothing hides two things in one place");
    }

    ArchRule nullMarked() {
        return classes().that().areTopLevelClasses()
                .should(new PackageMark(NullMarked.class))
                .because("only in marked packages does the build look for null");
    }

    List<ArchRule> all() {
        return List.of(configSeesOnlyTheFrontDoor(), discoverySeesOnlyTheFrontDoor(), loadtestSeesNothingOfOurs(),
                nothingSeesLoadtest(), nothingSeesTheAssembly(), theCoreSeesNoModule(), fabric8(), snakeYaml(),
                picocli(), logback(), netty(), clockAndDice(), names(), nullMarked());
    }

    private String in(String room) {
        return root + "." + room + "..";
    }

    private ArchRule seesOnly(String room, String... seen) {
        String[] allowed = Arrays.stream(seen).map(this::in).toArray(String[]::new);
        DescribedPredicate<JavaClass> others = JavaClass.Predicates.resideInAPackage(root + "..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(allowed)).as("of ours beyond " + List.of(seen));
        return noClasses().that().resideInAPackage(in(room)).should().dependOnClassesThat(others);
    }

    private ArchRule only(String library, String... rooms) {
        return noClasses().that()
                .resideOutsideOfPackages(Stream.of(rooms).map(this::in).toArray(String[]::new)).should()
                .dependOnClassesThat().resideInAPackage(library);
    }

    private static boolean timeOrChance(JavaAccess<?> access) {
        String name = access.getTarget().getFullName();
        return name.matches(
                "java\\.lang\\.System\\.(nanoTime|currentTimeMillis)\\(.*|java\\.time\\.\\w+\\.(now|system\\w*)\\(.*"
                        + "|java\\.util\\.(concurrent\\.ThreadLocal|Splittable)?Random\\..*|java\\.lang\\.Math\\.random\\(.*"
                        + "|java\\.util\\.(UUID\\.randomUUID|Collections\\.shuffle)\\(.*");
    }
}
