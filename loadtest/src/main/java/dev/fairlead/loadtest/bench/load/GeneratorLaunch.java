package dev.fairlead.loadtest.bench.load;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a generator is started.
 *
 * @param classPath with its classes
 * @param main its main class
 */
public record GeneratorLaunch(String classPath, String main) {
    private static final String MAIN = "dev.fairlead.loadtest.generate.Generator";

    /** The generator that lies beside the bench on the class path. */
    public static GeneratorLaunch beside() {
        return new GeneratorLaunch(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("test-classes")).collect(Collectors.joining(File.pathSeparator)),
                MAIN);
    }

    List<String> command(String role) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", classPath, main,
                "--role", role);
    }
}
