package dev.fairlead.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.launcher.LauncherStage.Outcome;
import dev.fairlead.launcher.LauncherStage.Starting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher does so that starts are fast, and that it never is in the way of one. */
class LauncherCacheTest {
    private static final String WORD = "fairlead: preparing faster commands (once, a few seconds)\n";
    private static final String NOTHING = "";

    @TempDir
    Path scratch;
    private LauncherStage stage;
    private Path home;

    @BeforeEach
    void builtWithAJdk() throws IOException {
        stage = new LauncherStage(scratch);
        stage.builtApp();
        home = stage.jdk("jdk", "25.0.1");
        stage.set("JAVA_HOME", home.toString());
    }

    private String fromCache() throws IOException {
        return fromCache("commands.aot");
    }

    private String fromCache(String name) throws IOException {
        return "  -XX:AOTCache=" + stage.tree.toRealPath().resolve("docker/target/app").resolve(name) + "\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "demo"})
    void trainsBeforeTheFirstStartSaysSoAndUsesTheCacheFromThenOn(String word) throws Exception {
        Outcome first = stage.start(word);
        Outcome second = stage.start(word);

        assertThat(first.err()).isEqualTo("fairlead: preparing faster starts (once, a few seconds)\n");
        assertThat(second.err()).isEqualTo(NOTHING);
        assertThat(List.of(first.out(), second.out())).allSatisfy(
                out -> assertThat(out).startsWith("jdk runs\n").contains(fromCache("fairlead.aot"))
                        .doesNotContain("TieredStopAtLevel").endsWith("Main\n  " + word + "\n"));
        assertThat(stage.trainings()).hasSize(1).first().asString().endsWith(" dev.fairlead.app.Training");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "--health", "check"})
    void commandsHaveACacheOfTheirOwnAndOneCompiler(String word) throws Exception {
        stage.start("run");

        Outcome first = stage.start(word);
        Outcome second = stage.start(word);

        assertThat(first.err()).isEqualTo(WORD);
        assertThat(second.err()).isEqualTo(NOTHING);
        assertThat(List.of(first.out(), second.out())).allSatisfy(out -> assertThat(out)
                .contains(fromCache("commands.aot"), "  -XX:TieredStopAtLevel=1\n").doesNotContain("fairlead.aot"));
        assertThat(stage.trainings()).hasSize(2).last().asString().contains("-XX:TieredStopAtLevel=1")
                .endsWith(" dev.fairlead.app.CommandTraining");
    }

    @Test
    void trainsWithTheOptionsThatStartsHaveAndWithoutTheUsers() throws Exception {
        stage.set("FAIRLEAD_JAVA_OPTS", "-Xmx1g");
        stage.set("FAIRLEAD_CLASSPATH", "/my/balancer.jar");

        Outcome start = stage.start();

        assertThat(start.out()).contains("  -XX:+UseSerialGC\n  -XX:+UseCompactObjectHeaders\n", "  -Xmx1g\n",
                "  -Dfairlead.ownBalancersOnly=false\n", ":/my/balancer.jar\n");
        assertThat(stage.trainings()).hasSize(1).first().asString()
                .contains("-XX:+UseSerialGC -XX:+UseCompactObjectHeaders ", "-Dfairlead.ownBalancersOnly=true ")
                .doesNotContain("-Xmx1g", "balancer.jar");
    }

    @Test
    void hasTheJvmPassOverACacheThatDoesNotFitWithoutAWord() throws Exception {
        assertThat(stage.start().out()).contains(fromCache() + "  -Xlog:aot*=off\n  -Xlog:cds=off\n");
    }

    @Test
    void trainsAgainForANewJar() throws Exception {
        stage.start();
        Files.setLastModifiedTime(stage.tree.resolve("docker/target/app/fairlead.jar"),
                FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(stage.start().err()).isEqualTo(WORD);
        assertThat(stage.trainings()).hasSize(2);
    }

    @Test
    void trainsAgainForAnotherJdkAndForAnotherVersionOfTheSame() throws Exception {
        stage.start();

        stage.set("JAVA_HOME", stage.jdk("other", "25.0.1").toString());
        stage.start();
        assertThat(stage.cache()).hasContent("other learned");

        stage.jdk("other", "25.0.2");
        stage.start();
        assertThat(stage.trainings()).hasSize(3);
    }

    @Test
    void trainsAgainWhereTheTreeWasMovedTo() throws Exception {
        stage.start();
        Path moved = Files.move(stage.tree, scratch.resolve("elsewhere"));

        assertThat(stage.startAt(moved.resolve("fairlead")).err()).isEqualTo(WORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 1", "echo half >\"$cache\"; exit 1", "exit 0",
            "echo half >\"$cache.config\"; exit 1"})
    void startsWithoutACacheWhereTheTrainingFailedAndDoesNotTryAgain(String training) throws Exception {
        stage.java(home, training);

        Outcome first = stage.start();
        Outcome second = stage.start();

        assertThat(List.of(first, second)).allSatisfy(start -> {
            assertThat(start.status()).isZero();
            assertThat(start.out()).startsWith("jdk runs\n").doesNotContain("AOT");
        });
        assertThat(second.err()).isEqualTo(NOTHING);
        assertThat(stage.trainings()).hasSize(1);
        assertThat(scratch).isDirectoryNotContaining("glob:**launcher-training.aot*");
    }

    @Test
    void keepsWhatAFailedTrainingSaid() throws Exception {
        stage.java(home, "echo no memory; exit 1");

        assertThat(stage.start().out()).doesNotContain("no memory");

        assertThat(stage.tree.resolve("docker/target/launcher-training.log")).hasContent("no memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:off", "-XX:AOTMode=off", "-XX:SharedArchiveFile=mine.jsa",
            "-Xmx1g -XX:AOTCacheOutput=mine.aot"})
    void leavesArchivesToAUserWhoHasPlansForThem(String options) throws Exception {
        stage.set("FAIRLEAD_JAVA_OPTS", options);

        Outcome start = stage.start();

        assertThat(start.err()).isEqualTo(NOTHING);
        assertThat(start.out()).doesNotContain(fromCache());
    }

    @Test
    void trainsOnceForStartsAtTheSameTimeAndTheOthersDoNotWait() throws Exception {
        stage.java(home, "sleep 1; echo cache >\"$cache\"");

        List<Starting> starting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starting.add(stage.begin(stage.tree.resolve("fairlead")));
        }

        for (Starting one : starting) {
            assertThat(one.outcome().out()).startsWith("jdk runs\n");
        }
        assertThat(stage.trainings()).hasSize(1);
    }

    @Test
    void doesWithoutWhileAnotherStartHoldsTheLock() throws Exception {
        Path flock = Path.of("/usr/bin/flock");
        assumeTrue(Files.isExecutable(flock), "needs flock");
        Path lock = stage.tree.resolve("docker/target/launcher-build.lock");
        Process holder = new ProcessBuilder(flock.toString(), lock.toString(), "sh", "-c",
                "echo held >'" + scratch + "/held'; exec sleep 60").start();
        try {
            await().until(() -> Files.exists(scratch.resolve("held")));

            Outcome start = stage.start();

            assertThat(start.err()).isEqualTo(NOTHING);
            assertThat(start.out()).startsWith("jdk runs\n").doesNotContain("AOT");
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
        }
    }

    @Test
    void endsTheTrainingWhenItIsEndedItselfAndTrainsAtTheNextStart() throws Exception {
        stage.java(home, "echo $$ >'" + scratch + "/training.pid'; exec sleep 60");
        Starting starting = stage.begin(stage.tree.resolve("fairlead"));
        Path pid = scratch.resolve("training.pid");
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());

        starting.process().destroy();

        assertThat(starting.outcome().status()).isEqualTo(143);
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
        stage.java(home, "echo cache >\"$cache\"");
        assertThat(stage.start().out()).contains(fromCache());
    }
}
