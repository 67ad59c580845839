package dev.fairlead.launcher;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A source tree with the real launcher in it, and machines to run it on: JDKs that only say what they were told. */
final class LauncherStage {
    /** What a start left behind. */
    record Outcome(int status, String out, String err) {
    }

    final Path tree;
    final Path bin;
    private final Path scratch;
    private final Map<String, String> environment = new TreeMap<>();

    LauncherStage(Path scratch) throws IOException {
        this.scratch = scratch;
        this.tree = Files.createDirectories(scratch.resolve("a clone"));
        this.bin = Files.createDirectories(scratch.resolve("bin"));
        Files.copy(Repository.root().resolve("fairlead"), tree.resolve("fairlead"));
        source("pom.xml");
        source("docker/pom.xml");
        source("proxy-core/src/main/java/Some.java");
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("HOME", scratch.toString());
        environment.put("FAIRLEAD_JDK_PLACES", "");
    }

    void set(String name, String value) {
        environment.put(name, value);
    }

    /** A source file, an hour old. */
    Path source(String name) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
        Path way = tree;
        for (Path step : tree.relativize(file)) {
            way = way.resolve(step);
            Files.setLastModifiedTime(way, FileTime.from(Instant.now().minusSeconds(3600)));
        }
        return file;
    }

    /** An app that an earlier start built. */
    void builtApp() throws IOException {
        Path jar = tree.resolve("docker/target/app/fairlead.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    }

    /** A JDK that a release file describes; its java prints its home and its arguments. */
    Path jdk(String name, String version) throws IOException {
        Path home = scratch.resolve(name);
        java(home, "echo \"" + name + " learned\" >\"$cache\"");
        script(home.resolve("bin/javac"), "exit 0");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    /** Has the java of a JDK note its trainings and do so in them; $cache is the file it is to make. */
    void java(Path home, String inTraining) throws IOException {
        String name = scratch.relativize(home).toString();
        script(home.resolve("bin/java"),
                "for a in \"$@\"; do case $a in -XX:AOTCacheOutput=*) cache=${a#*=};; esac; done\n"
                        + "if [ -n \"${cache:-}\" ]; then echo \"" + name + " $*\" >>'" + scratch + "/trainings'\n"
                        + inTraining
                        + "\nexit; fi\necho \"" + name + " runs\"; for a in \"$@\"; do echo \"  $a\"; done");
    }

    /** The JDK and the arguments of each training so far. */
    List<String> trainings() throws IOException {
        return lines("trainings");
    }

    /** The cache that commands use. */
    Path cache() {
        return tree.resolve("docker/target/app/commands.aot");
    }

    /** A Maven that notes its calls and then does as told. */
    void maven(String andThen) throws IOException {
        script(bin.resolve("mvn"), "echo \"$JAVA_HOME $*\" >>\"" + scratch + "/maven.calls\"\n" + andThen);
    }

    /** A Maven that builds. */
    void workingMaven() throws IOException {
        maven("mkdir -p \"" + tree + "/docker/target/app\"; sleep 0.3; echo jar >\"" + tree
                + "/docker/target/app/fairlead.jar\"");
    }

    List<String> mavenCalls() throws IOException {
        return lines("maven.calls");
    }

    private List<String> lines(String name) throws IOException {
        Path notes = scratch.resolve(name);
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Outcome start(String... arguments) throws IOException, InterruptedException {
        return startAt(tree.resolve("fairlead"), arguments);
    }

    Outcome startAt(Path launcher, String... arguments) throws IOException, InterruptedException {
        Starting starting = begin(launcher, arguments);
        return starting.outcome();
    }

    Starting begin(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(scratch, "out", "");
        Path err = Files.createTempFile(scratch, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Starting(builder.start(), out, err);
    }

    /** A start that is under way. */
    record Starting(Process process, Path out, Path err) {
        Outcome outcome() throws InterruptedException {
            int status = process.waitFor();
            try {
                return new Outcome(status, Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
