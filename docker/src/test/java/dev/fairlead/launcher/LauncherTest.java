package dev.fairlead.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.launcher.LauncherStage.Outcome;
import dev.fairlead.launcher.LauncherStage.Starting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @TempDir
    Path scratch;
    private LauncherStage stage;

    @BeforeEach
    void freshClone() throws IOException {
        stage = new LauncherStage(scratch);
    }

    @Nested
    class FindingAJdk {
        @BeforeEach
        void built() throws IOException {
            stage.builtApp();
        }

        @Test
        void takesTheOneThatFairleadJavaHomeNamesBeforeAllOthers() throws Exception {
            stage.set("JAVA_HOME", stage.jdk("other", "25.0.1").toString());
            stage.set("FAIRLEAD_JAVA_HOME", stage.jdk("wished", "25.0.2").toString());

            assertThat(stage.start().out()).startsWith("wished runs");
        }

        @Test
        void refusesAnOlderOneInFairleadJavaHomeInOneSentence() throws Exception {
            Path old = stage.jdk("old", "21.0.4");
            stage.set("JAVA_HOME", stage.jdk("other", "25.0.1").toString());
            stage.set("FAIRLEAD_JAVA_HOME", old.toString());

            assertThat(stage.start()).isEqualTo(
                    new Outcome(1, "", "fairlead: FAIRLEAD_JAVA_HOME=" + old + " is not a JDK 25.\n"));
        }

        @Test
        void takesJavaHomeWhereItIsA25() throws Exception {
            stage.set("JAVA_HOME", stage.jdk("home", "25.0.1").toString());

            assertThat(stage.start().out()).startsWith("home runs");
        }

        @Test
        void passesOverAnOlderJavaHomeAndAnOlderJavaOnThePath() throws Exception {
            stage.set("JAVA_HOME", stage.jdk("old", "17.0.15").toString());
            LauncherStage.script(stage.bin.resolve("java"), "echo 'openjdk version \"21.0.1\" 2023-10-17' >&2");
            stage.jdk("places/25", "25");
            stage.jdk("places/24", "24.0.2");
            stage.set("FAIRLEAD_JDK_PLACES", scratch + "/places/*");

            assertThat(stage.start().out()).startsWith("places/25 runs");
        }

        @Test
        void followsTheSymlinksOfAJavaOnThePathToItsHome() throws Exception {
            Path home = stage.jdk("jdk-25", "25.0.1");
            Path alternative = Files.createSymbolicLink(scratch.resolve("alternative"), home.resolve("bin/java"));
            Files.createSymbolicLink(stage.bin.resolve("java"), alternative);

            assertThat(stage.start("--print-jdk").out()).isEqualTo(home + "\n");
        }

        @Test
        void asksAJavaWithoutReleaseFileForItsVersion() throws Exception {
            Path home = scratch.resolve("plain");
            LauncherStage.script(home.resolve("bin/java"), "echo 'openjdk version \"25.0.1\" 2025-10-21' >&2");
            LauncherStage.script(home.resolve("bin/javac"), "exit 0");
            stage.set("PATH", home.resolve("bin") + ":/usr/bin:/bin");

            assertThat(stage.start("--print-jdk").out()).isEqualTo(home + "\n");
        }

        @Test
        void passesOverAJreSinceItCannotBuild() throws Exception {
            Files.delete(stage.jdk("jre", "25.0.1").resolve("bin/javac"));
            stage.set("JAVA_HOME", scratch.resolve("jre").toString());

            assertThat(stage.start().status()).isEqualTo(1);
        }

        @Test
        void remembersWhatItFoundForTheSameEnvironment() throws Exception {
            Path home = stage.jdk("home", "25.0.1");
            Path link = Files.createSymbolicLink(stage.bin.resolve("java"), home.resolve("bin/java"));
            stage.start();
            Files.delete(link);
            Files.createSymbolicLink(link, stage.jdk("other", "25.0.2").resolve("bin/java"));

            assertThat(stage.start("--print-jdk").out()).isEqualTo(home + "\n");
        }

        @Test
        void looksAgainWhenTheEnvironmentOrTheJdkChanged() throws Exception {
            stage.set("JAVA_HOME", stage.jdk("home", "25.0.1").toString());
            stage.start();

            stage.set("JAVA_HOME", stage.jdk("newer", "25.0.2").toString());
            assertThat(stage.start().out()).startsWith("newer runs");

            stage.jdk("newer", "26");
            assertThat(stage.start().status()).isEqualTo(1);
        }

        @Test
        void saysInOneSentenceThatThereIsNone() throws Exception {
            Outcome outcome = stage.start("demo");

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.err()).startsWith("fairlead: no JDK 25 found (looked at ").hasLineCount(1);
        }
    }

    @Nested
    class Building {
        @BeforeEach
        void jdk() throws IOException {
            stage.set("JAVA_HOME", stage.jdk("jdk", "25.0.1").toString());
        }

        @Test
        void buildsOnceWhereTheJarIsMissingAndSaysSoInOneLine() throws Exception {
            stage.workingMaven();

            Outcome first = stage.start();
            Outcome second = stage.start();

            assertThat(first.err()).isEqualTo("""
                    fairlead: building the app once, since its jar is missing or older than the sources
                    fairlead: preparing faster commands (once, a few seconds)
                    """);
            assertThat(second.err()).isEmpty();
            assertThat(stage.mavenCalls()).hasSize(1).first().asString().startsWith(scratch.resolve("jdk") + " ")
                    .contains("package", "-DskipTests", "-Dfairlead.skipChecks=true",
                            "-Dfairlead.archive=false");
        }

        @Test
        void buildsAgainWhenASourceIsNewerThanTheJar() throws Exception {
            stage.workingMaven();
            stage.builtApp();
            Path source = stage.source("config/src/main/resources/schema.json");
            stage.start();
            assertThat(stage.mavenCalls()).isEmpty();

            Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
            stage.start();

            assertThat(stage.mavenCalls()).hasSize(1);
        }

        @Test
        void buildsAgainWhenASourceWasRemoved() throws Exception {
            stage.workingMaven();
            stage.builtApp();

            Files.delete(stage.tree.resolve("proxy-core/src/main/java/Some.java"));
            stage.start();

            assertThat(stage.mavenCalls()).hasSize(1);
        }

        @Test
        void buildsAgainWhatWasSavedWhileMavenRan() throws Exception {
            stage.maven("sleep 0.1; echo y >'" + stage.tree + "/pom.xml'; mkdir -p '" + stage.tree
                    + "/docker/target/app'; sleep 0.1; echo jar >'" + stage.tree + "/docker/target/app/fairlead.jar'");
            stage.start();
            stage.workingMaven();

            stage.start();

            assertThat(stage.mavenCalls()).hasSize(2);
        }

        @Test
        void leavesTheJarAloneForAChangedTest() throws Exception {
            stage.builtApp();
            Files.setLastModifiedTime(stage.source("docker/src/test/java/SomeTest.java"), FileTime.from(Instant.now()));

            stage.start();

            assertThat(stage.mavenCalls()).isEmpty();
        }

        @Test
        void showsTheEndOfMavensOutputWhenTheBuildFails() throws Exception {
            stage.maven("echo 'early'; i=0; while [ $i -lt 40 ]; do echo '[ERROR] line' $i; i=$((i+1)); done; exit 1");

            Outcome outcome = stage.start();

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).contains("[ERROR] line 39", "the build failed; the whole output is in ")
                    .doesNotContain("early");
            assertThat(stage.tree.resolve("docker/target/launcher-build.log")).content().startsWith("early");
        }

        @Test
        void doesNotRunAnOldJarAfterABuildThatFailed() throws Exception {
            stage.builtApp();
            Files.setLastModifiedTime(stage.tree.resolve("pom.xml"), FileTime.from(Instant.now()));
            stage.maven("exit 1");

            stage.start();

            assertThat(stage.start().status()).isEqualTo(1);
            assertThat(stage.mavenCalls()).hasSize(2);
        }

        @Test
        void saysThatThereIsNoMaven() throws Exception {
            stage.set("PATH", withoutMaven().toString());

            Outcome outcome = stage.start();

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.err()).contains("no Maven found on PATH");
        }

        @Test
        void buildsOnceForStartsAtTheSameTime() throws Exception {
            stage.workingMaven();

            assertThat(fourAtOnce()).allSatisfy(outcome -> assertThat(outcome.out()).startsWith("jdk runs"));

            assertThat(stage.mavenCalls()).hasSize(1);
        }

        @Test
        void buildsOnceForStartsAtTheSameTimeWhereThereIsNoFlock() throws Exception {
            stage.workingMaven();
            Path tools = withoutMaven();
            Files.delete(tools.resolve("flock"));
            stage.set("PATH", stage.bin + ":" + tools);

            assertThat(fourAtOnce()).allSatisfy(outcome -> assertThat(outcome.out()).startsWith("jdk runs"));

            assertThat(stage.mavenCalls()).hasSize(1);
            assertThat(stage.tree.resolve("docker/target/launcher-build.lock.d")).doesNotExist();
        }

        @Test
        void endsMavenWhenItIsEndedItself() throws Exception {
            stage.maven("echo $$ >'" + scratch + "/maven.pid'; exec sleep 60");
            Starting starting = stage.begin(stage.tree.resolve("fairlead"));
            Path pid = scratch.resolve("maven.pid");
            await().until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());

            starting.process().destroy();

            assertThat(starting.outcome().status()).isEqualTo(143);
            assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
        }

        private List<Outcome> fourAtOnce() throws Exception {
            List<Starting> starting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starting.add(stage.begin(stage.tree.resolve("fairlead")));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Starting one : starting) {
                outcomes.add(one.outcome());
            }
            return outcomes;
        }

        /** The tools that the launcher calls, and nothing else. */
        private Path withoutMaven() throws IOException {
            Path tools = Files.createDirectories(scratch.resolve("tools"));
            for (String tool : List.of("sed", "head", "tail", "find", "readlink", "mkdir", "rmdir", "rm", "mv", "touch",
                    "sleep", "flock")) {
                LauncherStage.script(tools.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
            }
            return tools;
        }
    }

    @Nested
    class HandingOver {
        @BeforeEach
        void ready() throws IOException {
            stage.set("JAVA_HOME", stage.jdk("jdk", "25.0.1").toString());
            stage.builtApp();
        }

        @Test
        void passesArgumentsOnAsTheyAre() throws Exception {
            assertThat(stage.start("run", "-f", "my file.yaml", "*", "").out())
                    .endsWith("  dev.fairlead.app.Main\n  run\n  -f\n  my file.yaml\n  *\n  \n");
        }

        @Test
        void putsTheUsersOptionsAfterItsOwnAndTheUsersJarsAfterItsOwn() throws Exception {
            stage.set("FAIRLEAD_JAVA_OPTS", "-Xmx1g -Dx=*");
            stage.set("FAIRLEAD_CLASSPATH", "/my/balancer.jar");
            Path app = stage.tree.toRealPath().resolve("docker/target/app");

            assertThat(stage.start().out()).contains("  -Xmx512m\n").contains("  -Xmx1g\n  -Dx=*\n  -cp\n  " + app
                    + "/fairlead.jar:" + app + "/lib/*:/my/balancer.jar\n");
        }

        @Test
        void becomesTheJvmSoThatSignalsReachIt() throws Exception {
            LauncherStage.script(scratch.resolve("jdk/bin/java"), "echo $$; exit 7");

            Starting starting = stage.begin(stage.tree.resolve("fairlead"));
            Outcome outcome = starting.outcome();

            assertThat(outcome.out().strip()).isEqualTo(Long.toString(starting.process().pid()));
            assertThat(outcome.status()).isEqualTo(7);
        }

        @Test
        void worksThroughSymlinksAbsoluteAndRelative() throws Exception {
            Files.createSymbolicLink(scratch.resolve("absolute"), stage.tree.resolve("fairlead"));
            Files.createSymbolicLink(scratch.resolve("bin/relative"), Path.of("../absolute"));

            assertThat(stage.startAt(scratch.resolve("bin/relative")).out())
                    .contains(stage.tree.toRealPath().resolve("docker/target/app/fairlead.jar").toString());
        }
    }
}
