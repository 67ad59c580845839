package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StaticRunTest {
    @TempDir
    Path directory;

    @Test
    void aRunOnFilesLoadsNoClassOfTheKubernetesClient() throws Exception {
        Requires.linux();
        Path classes = directory.resolve("classes.txt");
        // What a cache holds is loaded with it, needed or not.
        FairleadSetup setup = FairleadSetup.in(directory).withJavaOptions("-XX:AOTMode=off",
                "-Xlog:class+load:file=" + classes + ":none");
        try (FairleadProcess fairlead = setup.start(KubernetesYaml.service("web", Addresses.next(), 8000, "random"),
                KubernetesYaml.slice("web", 8080, List.of(Addresses.next())))) {
            assertThat(fairlead.admin("/metrics").status()).isEqualTo(200);
            List<String> loaded = Files.readAllLines(classes);

            assertThat(loaded).anyMatch(line -> line.startsWith("dev.fairlead."));
            assertThat(loaded).noneMatch(line -> line.startsWith("io.fabric8."))
                    .noneMatch(line -> line.startsWith("com.fasterxml.jackson."));
        }
    }
}
