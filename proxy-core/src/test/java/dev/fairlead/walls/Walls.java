package dev.fairlead.walls;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** The rules, for any root package: the product's, and the one of the counter-examples. */
final class Walls {
    private static final Pattern CLASS_NAMES = Pattern
            .compile(".*(Manager|Helper|Helpers|Util|Utils|Base|Impl)|Abstract[A-Z].*");
    private static final Pattern PACKAGE_NAMES = Pattern.compile("(.*\\.)?(util|utils|common|impl|internal)(\\..*)?");
    private static final Pattern WORDS = Pattern.compile("(?i).*(backend|remote|target).*");

    private final String root;

    Walls(String root) {
        this.root = root;
    }

    ArchRule packageOrder() {
        return classes().should(new PackageOrder(root))
                .because("ports live with their consumer, so no arrow ever needs to turn (house, section 2)");
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles()
                .because("two packages that need each other are one package, or hide a third");
    }

    ArchRule nettyOnlyBelowThePort() {
        return noClasses().that().resideOutsideOfPackages(root + ".transport.(*)..", root + ".admin..").should()
                .dependOnClassesThat().resideInAPackage("io.netty..")
                .because(
                        "the data-path port sits in transport; Netty lives in transport.channel and admin only, so that "
                                + "another data path is one more implementation (docs/decisions/0001)");
    }

    ArchRule resilience4jOnlyInHealth() {
        return noClasses().that().resideOutsideOfPackage(root + ".health..").should().dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j..")
                .because(
                        "everybody else sees a Gate or a ConnectionLimit, whose contract says what may block and when");
    }

    ArchRule micrometerOnlyInTelemetry() {
        return noClasses().that().resideOutsideOfPackage(root + ".telemetry..").should().dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .because("what the hot path counts are adders of its own, read at scrape");
    }

    ArchRule clockOnlyInTransport() {
        return noClasses().that().resideOutsideOfPackage(root + ".transport..").should()
                .accessTargetWhere(describe("the machine's clock", Walls::readsTheClock))
                .because("time comes through transport.Ticker, so that tests turn the clock by hand");
    }

    ArchRule diceOnlyInTransport() {
        return noClasses().that().resideOutsideOfPackage(root + ".transport..").should()
                .accessTargetWhere(describe("the machine's dice", Walls::throwsDice))
                .because("chance comes through transport.Randomness, so that a test's seed repeats its run");
    }

    ArchRule telltaleClassNames() {
        return noClasses().should(Names.match("class", CLASS_NAMES, JavaClass::getSimpleName))
                .because("a name that says nothing hides two things in one class");
    }

    ArchRule telltalePackageNames() {
        return noClasses().should(Names.match("package", PACKAGE_NAMES, type -> relativeName(type.getPackageName())))
                .because("a drawer without a name takes everything");
    }

    ArchRule wordsOfClasses() {
        return noClasses().should(Names.match("class", WORDS, JavaClass::getSimpleName))
                .because("we say endpoint, upstream and downstream, each in one meaning");
    }

    ArchRule wordsOfMembers() {
        return noMembers().that(describe("are ours by name", Walls::namedByUs))
                .should(Names.match("member", WORDS, JavaMember::getName))
                .because("we say endpoint, upstream and downstream, each in one meaning");
    }

    ArchRule nullMarked() {
        return classes().that(describe("are top-level", type -> !type.isNestedClass()))
                .should(Names.satisfy("be in a package marked @NullMarked",
                        (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class)))
                .because("only in marked packages does the build look for null");
    }

    List<ArchRule> all() {
        return List.of(packageOrder(), noCycles(), nettyOnlyBelowThePort(), resilience4jOnlyInHealth(),
                micrometerOnlyInTelemetry(), clockOnlyInTransport(), diceOnlyInTransport(), telltaleClassNames(),
                telltalePackageNames(), wordsOfClasses(), wordsOfMembers(), nullMarked());
    }

    private String relativeName(String packageName) {
        return packageName.equals(root) ? "" : packageName.substring(root.length() + 1);
    }

    /** Compiler-made members repeat a name of ours or of the JDK; neither is a new word. */
    private static boolean namedByUs(JavaMember member) {
        return !member.getName().contains("$");
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        return calls(access, System.class, "nanoTime") || calls(access, System.class, "currentTimeMillis")
                || calls(access, Clock.class, "system.*") || calls(access, Instant.class, "now")
                || calls(access, LocalDateTime.class, "now") || calls(access, ZonedDateTime.class, "now")
                || calls(access, OffsetDateTime.class, "now") || calls(access, Date.class, "<init>");
    }

    private static boolean throwsDice(JavaAccess<?> access) {
        return calls(access, Random.class, ".*") || calls(access, SplittableRandom.class, ".*")
                || calls(access, ThreadLocalRandom.class, ".*") || calls(access, RandomGenerator.class, ".*")
                || calls(access, Math.class, "random") || calls(access, UUID.class, "randomUUID")
                || calls(access, Collections.class, "shuffle");
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String name) {
        return access.getTarget().getOwner().isEquivalentTo(owner) && access.getTarget().getName().matches(name);
    }
}
