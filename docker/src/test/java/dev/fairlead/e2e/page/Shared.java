package dev.fairlead.e2e.page;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One browser and one scene for all tests that ask for them, started by the first of them and ended after the last. */
final class Shared implements ParameterResolver {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(Shared.class);

    /** What runs in a directory of its own, which goes with it. */
    private record Started(Closeable what, Path directory) implements AutoCloseable {
        static Started now(Class<?> kind) {
            try {
                Path directory = Files.createTempDirectory("fairlead-page");
                return new Started(kind == Browser.class ? Browser.start(directory) : Scene.start(directory),
                        directory);
            } catch (IOException e) {
                throw new IllegalStateException("cannot start the " + kind.getSimpleName(), e);
            }
        }

        @Override
        public void close() throws IOException {
            what.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        Class<?> kind = parameter.getParameter().getType();
        return kind == Browser.class || kind == Scene.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        Class<?> kind = parameter.getParameter().getType();
        return extension.getRoot().getStore(HERE).computeIfAbsent(kind, Started::now, Started.class).what();
    }
}
