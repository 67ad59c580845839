package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/**
 * The program under test as its users have it: in jars, with the JVM's caches of what a start and what a command loads
 * (docs/decisions/0006), made once for all tests of a JVM. They halve the processor time of the hundreds of starts.
 */
public final class FairleadProgram {
    /** The class that a process starts in. */
    public static final String MAIN = "dev.fairlead.app.Main";
    private static final long PATIENCE_SECONDS = 120;
    // What lives for seconds is not worth the second compiler, which takes as much time as all the rest.
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private FairleadProgram() {
    }

    /** Made at the first question. */
    private static final class Made {
        static final String CLASS_PATH;
        static final Path DIRECTORY;
        static final Path CACHE;

        static {
            try {
                // Tests of several JVMs run at a time.
                DIRECTORY = Files.createDirectories(Repository.root().resolve("docker/target/program-"
                        + System.getProperty("fairlead.fork", "0")));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            CLASS_PATH = jars(DIRECTORY);
            CACHE = trained("fairlead.aot", "dev.fairlead.app.Training");
        }

        /** The product's classes and libraries; the test's own logging set-up must not reach it. */
        private static String jars(Path directory) {
            List<String> jars = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path path = Path.of(entry);
                if (!path.endsWith("test-classes")) {
                    jars.add(Files.isDirectory(path) ? jar(directory, path).toString() : entry);
                }
            }
            return String.join(File.pathSeparator, jars);
        }

        private static Path jar(Path directory, Path classes) {
            Path module = classes.resolve("../..").normalize();
            Path jar = directory.resolve(module.getFileName() + ".jar");
            int status = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create",
                    "--no-compress", "--file", jar.toString(), "-C", classes.toString(), ".");
            assertThat(status).as("jar of %s", classes).isZero();
            return jar;
        }

        static Path trained(String name, String training) {
            try {
                return train(DIRECTORY.resolve(name), training);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static Path train(Path cache, String training) throws IOException {
            Files.deleteIfExists(cache);
            List<String> command = new ArrayList<>(List.of(java()));
            command.addAll(OPTIONS);
            command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-cp", CLASS_PATH, training));
            Path said = cache.resolveSibling(cache.getFileName() + ".log");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile())
                    .start();
            try {
                assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("training ends").isTrue();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
            assertThat(cache).as(Files.readString(said)).exists();
            return cache;
        }
    }

    /** Made by the first test that asks. */
    private static final class Asking {
        static final Path CACHE = Made.trained("commands.aot", "dev.fairlead.app.CommandTraining");
    }

    /** The command {@code java} of the JDK that runs the tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Jars alone. */
    public static String classPath() {
        return Made.CLASS_PATH;
    }

    /** What begins a command line that runs: Fairlead's own words follow. */
    public static List<String> command(String... javaOptions) {
        return at(classPath(), javaOptions);
    }

    /** What begins one that asks and ends. */
    static List<String> asking() {
        return cached(Asking.CACHE, classPath());
    }

    /** The same where the jars lie elsewhere. */
    static List<String> at(String classPath, String... javaOptions) {
        return cached(Made.CACHE, classPath, javaOptions);
    }

    private static List<String> cached(Path cache, String classPath, String... javaOptions) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        // One that does not fit, since the jars are elsewhere, is not used, and nothing is said.
        command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds=off"));
        command.addAll(List.of(javaOptions));
        command.addAll(List.of("-cp", classPath, MAIN));
        return command;
    }
}
