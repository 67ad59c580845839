package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cache that the launcher makes, made with the launcher's own options and then insisted upon. */
@Timeout(180)
class TrainingTest {
    private static final Pattern OPTIONS = Pattern.compile("^options=\"([^\"]+)\"", Pattern.MULTILINE);

    @TempDir
    Path folder;

    /** How a JVM ended and all it said. */
    private record End(int status, String said) {
    }

    @Test
    void aStartFindsInTheCacheWhatTheTrainingLoaded() throws Exception {
        String classPath = jars();
        Path cache = folder.resolve("trained.aot");
        End training = java(List.of("-XX:AOTCacheOutput=" + cache, "-cp", classPath, Training.class.getName()));
        assertThat(training.status()).as(training.said()).isZero();
        assertThat(training.said()).contains("stopping   on the end of the training").doesNotContain("SLF4J");

        // Told to have it, the JVM does not start without it. The second training is a start like any other.
        End start = java(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + cache, "-Xlog:class+load", "-cp", classPath,
                Training.class.getName()));

        assertThat(start.status()).as(start.said()).isZero();
        assertThat(start.said().lines().filter(line -> line.contains(" dev.fairlead.")))
                .anyMatch(line -> line.contains("dev.fairlead.forward.TcpSession source: shared objects file"))
                .noneMatch(line -> line.contains("source: jar:") || line.contains("source: file:"));
    }

    @Test
    void aCommandFindsInItsOwnCacheWhatItLoads() throws Exception {
        String classPath = jars();
        Path cache = folder.resolve("commands.aot");
        End training = java(List.of("-XX:TieredStopAtLevel=1", "-XX:AOTCacheOutput=" + cache, "-cp", classPath,
                CommandTraining.class.getName()));
        assertThat(training.status()).as(training.said()).isZero();
        assertThat(Files.readString(cache, StandardCharsets.ISO_8859_1))
                .as("what commands load, and not what only runs do")
                .contains("dev/fairlead/app/GetCommand").doesNotContain("dev/fairlead/forward/TcpSession");

        Path file = Files.writeString(folder.resolve("fairlead.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                services: [{name: web, listen: "127.0.0.1:8080", endpoints: ["127.0.0.1:1"]}]
                """);
        End start = java(List.of("-XX:TieredStopAtLevel=1", "-XX:AOTMode=on", "-XX:AOTCache=" + cache,
                "-Xlog:class+load", "-cp", classPath, Main.class.getName(), "check", "-f", file.toString()));

        assertThat(start.status()).as(start.said()).isZero();
        assertThat(start.said()).contains("dev.fairlead.config.ProxyConfigurationForm source: shared objects file");
    }

    private End java(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launcherOptions());
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "output", "");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("it ended; it said: %s", Files.readString(output)).isTrue();
        return new End(process.exitValue(), Files.readString(output));
    }

    private static List<String> launcherOptions() throws IOException {
        Matcher options = OPTIONS.matcher(Files.readString(Repository.root().resolve("fairlead")));
        assertThat(options.find()).as("the launcher's options").isTrue();
        return List.of(options.group(1).replace("\\\n", "").strip().split(" +"));
    }

    /** The product's class path, all in jars: the JVM caches nothing of directories. */
    private String jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar")) {
                jars.add(entry);
            } else if (!entry.contains("test-classes")) {
                jars.add(jar(Path.of(entry), folder.resolve(jars.size() + ".jar")).toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static Path jar(Path directory, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out);
                Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return jar;
    }
}
