package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.BalancerChoice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BalancersTest {
    private static final String SERVICES = "META-INF/services/dev.fairlead.balance.BalancerProvider";

    @TempDir
    private Path directory;

    @Test
    void fairleadsOwnAreThoseThatItsJarNames() {
        assertThat(Balancers.own().names()).isEqualTo(Balancers.visibleTo(Balancers.class.getClassLoader()).names());
        assertThat(Balancers.own().faults()).isEmpty();
    }

    @Test
    void ourOwnAreKnownByTheirNames() {
        Balancers balancers = Balancers.installed();
        assertThat(balancers.names()).containsExactly("least-conn", "random", "round-robin",
                "source-hash");
        assertThat(balancers.faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "round-robin", "least-conn"})
    void ourOwnNeedNoParameters(String name) {
        BalancerChoice choice = BalancerChoice.named(name);
        assertThat(Balancers.installed().problem(choice)).isEmpty();
        List<Upstream> candidates = Upstreams.some(3);
        Picker picker = Balancers.installed().create(choice, Seed.dice()).newPicker(candidates, Optional.empty());
        new Tally().pick(picker, Asking.anybody(), 30_000).isEvenOver(candidates);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "leastcon    |   | unknown balancer \"leastcon\" (expected: one of least-conn, random, round-robin, source-hash) - did you mean \"least-conn\"?",
            "Round_Robin |   | unknown balancer \"Round_Robin\" (expected: one of least-conn, random, round-robin, source-hash) - did you mean \"round-robin\"?",
            "maglev      |   | unknown balancer \"maglev\" (expected: one of least-conn, random, round-robin, source-hash)",
            "random      | x | random takes no parameters: [x]",
            "source-hash | x | source-hash takes no parameters: [x]",
            "round-robin | x | round-robin takes no parameters: [x]",
            "least-conn  | x | least-conn has no parameter \"x\" (expected: choices)"})
    void aChoiceThatCannotBeHadIsNamedAndNotMade(String name, String parameter, String problem) {
        BalancerChoice choice = new BalancerChoice(name, parameter == null ? Map.of() : Map.of(parameter, "1"));
        assertThat(Balancers.installed().problem(choice)).contains(problem);
        assertThatThrownBy(() -> Balancers.installed().create(choice, Seed.dice()))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(problem);
    }

    @Test
    void aJarOnTheClassPathAddsOne() throws Exception {
        Path jar = jar("com.example.Firsts", provider("Firsts", "\"first-of\""), "com.example.Firsts\n");
        try (URLClassLoader loader = loader(jar)) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("first-of", "least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.faults()).isEmpty();
            List<Upstream> candidates = Upstreams.some(3);
            Picker picker = balancers.create(BalancerChoice.named("first-of"), Seed.dice()).newPicker(candidates,
                    Optional.empty());
            Tally tally = new Tally().pick(picker, Asking.anybody().without(candidates.get(0)), 10);
            assertThat(tally.of(candidates)).containsExactly(0L, 10L, 0L);
            assertThat(balancers.problem(new BalancerChoice("first-of", Map.of("x", "y"))))
                    .contains("first-of takes no parameters: [x]");
        }
    }

    @Test
    void ofTwoWithOneNameTheFirstServesAndTheOtherIsReported() throws Exception {
        Path jar = jar("com.example.Impostor", provider("Impostor", "\"random\""), "com.example.Impostor\n");
        try (URLClassLoader loader = loader(jar)) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.create(BalancerChoice.named("random"), Seed.dice()))
                    .isInstanceOf(RandomBalancer.class);
            assertThat(balancers.faults()).containsExactly("balancer \"random\" of com.example.Impostor is left out: "
                    + "dev.fairlead.balance.RandomBalancer$Provider has that name and came first");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "My Balancer", "random(2)", "x--y"})
    void aNameThatCannotBeConfiguredIsReported(String name) throws Exception {
        Path jar = jar("com.example.Odd", provider("Odd", "\"" + name + "\""), "com.example.Odd\n");
        try (URLClassLoader loader = loader(jar)) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.faults()).containsExactly("balancer \"" + name + "\" of com.example.Odd is left out: "
                    + "its name cannot be configured (expected: lower case words joined by hyphens)");
        }
    }

    @Test
    void whatCannotBeLoadedIsReportedAndHidesNobodyElse() throws Exception {
        Path jar = jar("com.example.Good", provider("Good", "\"good\""),
                "com.example.Missing\ndev.fairlead.balance.Upstream\ncom.example.Good\n");
        try (URLClassLoader loader = loader(jar)) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("good", "least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.faults()).satisfiesExactly(
                    fault -> assertThat(fault).startsWith("a balancer cannot be loaded and is left out: ")
                            .contains("com.example.Missing"),
                    fault -> assertThat(fault).contains("dev.fairlead.balance.Upstream not a subtype"));
        }
    }

    @Test
    void aConstructorThatThrowsIsReportedWithItsReason() throws Exception {
        String source = provider("Angry", "\"angry\"").replace("public String name()",
                "public Angry() { throw new IllegalStateException(\"no licence\"); } public String name()");
        Path jar = jar("com.example.Angry", source, "com.example.Angry\n");
        try (URLClassLoader loader = loader(jar)) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.faults()).singleElement().asString().contains("com.example.Angry")
                    .endsWith("java.lang.IllegalStateException: no licence");
        }
    }

    @Test
    void aNameThatThrowsIsReported() throws Exception {
        Path jar = jar("com.example.Mute", provider("Mute", "String.valueOf(1 / (getClass().getName().length() - 16))"),
                "com.example.Mute\n");
        try (URLClassLoader loader = loader(jar)) {
            assertThat(Balancers.visibleTo(loader).faults()).containsExactly("a balancer cannot be loaded and is left "
                    + "out: java.lang.ArithmeticException: / by zero");
        }
    }

    @Test
    void aClassFileOfAnotherClassIsReportedAndHidesNobodyElse() throws Exception {
        Path jar = jar("com.example.Good", provider("Good", "\"good\""), "com.example.Broken\ncom.example.Good\n");
        Path broken = directory.resolve("broken/com/example/Broken.class");
        Files.createDirectories(broken.getParent());
        Files.copy(directory.resolve("com/example/Good.class"), broken);
        try (URLClassLoader loader = loader(jar, directory.resolve("broken"))) {
            Balancers balancers = Balancers.visibleTo(loader);
            assertThat(balancers.names()).containsExactly("good", "least-conn", "random", "round-robin",
                    "source-hash");
            assertThat(balancers.faults()).singleElement().asString()
                    .startsWith("a balancer cannot be loaded and is left out: java.lang.NoClassDefFoundError: "
                            + "com/example/Broken");
        }
    }

    @Test
    void aClassLoaderThatCannotListItsFilesIsReportedOnce() {
        ClassLoader loader = new ClassLoader(null) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        Balancers balancers = Balancers.visibleTo(loader);
        assertThat(balancers.names()).isEmpty();
        assertThat(balancers.faults()).singleElement().asString().endsWith("java.io.IOException: disk on fire");
    }

    private static String provider(String name, String balancer) {
        return """
                package com.example;

                import dev.fairlead.balance.*;
                import dev.fairlead.transport.Randomness;
                import java.util.*;

                public final class %s implements BalancerProvider {
                    public String name() {
                        return %s;
                    }

                    public Balancer create(Map<String, String> parameters, Randomness randomness) {
                        return (candidates, previous) -> context ->
                                candidates.stream().filter(c -> !context.excluded(c)).findFirst();
                    }
                }
                """.formatted(name, balancer);
    }

    /** A jar as somebody else would build it: compiled against Fairlead, with a services file. */
    private Path jar(String className, String source, String services) throws IOException {
        String path = className.replace('.', '/');
        Path sourceFile = directory.resolve(path + ".java");
        Files.createDirectories(sourceFile.getParent());
        Files.writeString(sourceFile, source);
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-classpath",
                System.getProperty("java.class.path"), "-d", directory.toString(), sourceFile.toString());
        assertThat(result).as("javac's exit code").isZero();
        Path jar = directory.resolve("theirs.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry(SERVICES));
            out.write(services.getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry(path + ".class"));
            out.write(Files.readAllBytes(directory.resolve(path + ".class")));
        }
        return jar;
    }

    private static URLClassLoader loader(Path... jars) {
        URL[] urls = Stream.of(jars).map(jar -> {
            try {
                return jar.toUri().toURL();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }).toArray(URL[]::new);
        return new URLClassLoader(urls, BalancersTest.class.getClassLoader());
    }
}
