package dev.fairlead.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The image of {@code docker/Dockerfile}, built of the archive by buildah, without an engine and without a registry: on
 * a base of this machine's own Debian packages.
 *
 * @param settings what its manifest says of how it is run
 * @param root its files
 * @param name by which buildah knows it
 */
record Image(JsonNode settings, Path root, String name) {
    private static final String BASE = "localhost/fairlead-base";
    private static final String NAME = "localhost/fairlead";
    private static final Path FOLDER = Made.TARGET.resolve("image");

    /** Builds it, which takes the better part of a minute, and half of that where the base is still there. */
    static Image built() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        remove();
        if (!Files.exists(base())) {
            bootstrap();
        }
        String container = buildah("from", "scratch");
        buildah("add", "--quiet", container, base().toString(), "/");
        buildah("commit", "--quiet", "--rm", "--disable-compression", container, BASE);
        return of(NAME);
    }

    /** The one that has other programs too; on the base that {@link #built} has made. */
    static Image withTools() throws IOException, InterruptedException {
        return of(NAME + "-tools", "--target", "tools");
    }

    private static Image of(String name, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("build", "--isolation", "chroot", "--pull-never", "--format",
                "docker", "--build-arg", "BASE=" + BASE, "--build-arg", "VERSION=" + Made.ofPom("version"), "--tag",
                name, "--file", Made.TARGET.resolve("../Dockerfile").normalize().toString()));
        command.addAll(List.of(more));
        command.add(Made.TARGET.toString());
        buildah(command.toArray(String[]::new));
        JsonNode inspected = new JsonMapper().readTree(buildah("inspect", "--type", "image", name));
        String files = buildah("mount", buildah("from", "--pull-never", name));
        return new Image(inspected.path("Docker").path("config"), Path.of(files), name);
    }

    private static Path base() {
        return FOLDER.resolve("base.tar");
    }

    /** The smallest Debian that installs packages, from where this machine has its own. */
    private static void bootstrap() throws IOException, InterruptedException {
        String suite = Files.readAllLines(Path.of("/etc/os-release")).stream()
                .filter(line -> line.startsWith("VERSION_CODENAME=")).findFirst().orElse("=").split("=", 2)[1];
        assumeTrue(!suite.isEmpty(), "needs a system of Debian's kind, to make the image's base");
        List<String> command = new ArrayList<>(List.of("mmdebstrap", "--quiet", "--variant=apt", suite,
                FOLDER.resolve("base.fresh.tar").toString()));
        try (Stream<Path> more = Files.walk(Path.of("/etc/apt"), 2)) {
            for (Path sources : more
                    .filter(path -> path.toString().matches(".*/sources\\.list(\\.d/.*\\.(list|sources))?"))
                    .filter(Files::isRegularFile).sorted().toList()) {
                if (Files.readString(sources).contains(suite)) {
                    command.add(sources.toString());
                }
            }
        }
        Made.Said said = Made.run(Map.of(), command);
        assumeTrue(said.status() == 0 || System.getenv("CI") != null,
                "needs Debian's packages, to make the image's base: " + said.text());
        assertThat(said.status()).as(said.text()).isZero();
        Files.move(FOLDER.resolve("base.fresh.tar"), base());
    }

    private static String buildah(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("buildah", "--storage-driver", "vfs", "--root",
                FOLDER.resolve("store").toString(), "--runroot", FOLDER.resolve("run").toString()));
        command.addAll(List.of(words));
        Made.Said said = Made.run(Map.of(), command);
        assertThat(said.status()).as("%s: %s", command, said.text()).isZero();
        return said.text().strip();
    }

    /** The sum of its layers as they are transferred. */
    long compressedBytes() throws IOException, InterruptedException {
        Path transferred = FOLDER.resolve("transferred");
        buildah("push", "--quiet", name, "dir:" + transferred);
        long sum = 0;
        for (JsonNode layer : new JsonMapper().readTree(transferred.resolve("manifest.json").toFile())
                .path("layers")) {
            assertThat(layer.path("mediaType").asString()).endsWith("gzip");
            sum += layer.path("size").asLong();
        }
        return sum;
    }

    String word(String name) {
        return settings.path(name).asString();
    }

    /** A setting of several words. */
    List<String> words(String name) {
        return texts(settings.path(name));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** What an engine asks it, as the words of a command. */
    List<String> healthCheck() {
        List<String> test = texts(settings.path("Healthcheck").path("Test"));
        assertThat(test).as("without a shell").startsWith("CMD");
        return test.subList(1, test.size());
    }

    /** Takes away all but the base. */
    static void remove() throws IOException, InterruptedException {
        assertThat(Made.run(Map.of(), List.of("rm", "-rf", FOLDER.resolve("store").toString(),
                FOLDER.resolve("run").toString(), FOLDER.resolve("transferred").toString())).status()).isZero();
    }
}
