package dev.fairlead.packaged;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.ApiDouble;
import dev.fairlead.e2e.Requires;
import dev.fairlead.e2e.cluster.NetworkNamespace;
import dev.fairlead.packaged.Made.Said;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive for Linux, and the jar for other systems. */
@Timeout(240)
class ArchiveTest {
    /** The JVM ends with an error where it cannot use its cache. */
    private static final Map<String, String> WITH_ITS_CACHE = Map.of("FAIRLEAD_JAVA_OPTS", "-XX:AOTMode=on");

    @TempDir
    static Path directory;

    private static String version = "";
    private static Path home = Path.of("");

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
                "the archive is for Linux on x86_64");
        version = Made.ofPom("version");
        Path archive = Made.TARGET.resolve("fairlead-" + version + "-linux-x86_64.tar.gz");
        Path elsewhere = Files.createDirectories(directory.resolve("somewhere else"));
        assertThat(Made.run(Map.of(), List.of("tar", "-xzf", archive.toString(), "-C", elsewhere.toString())))
                .isEqualTo(new Said(0, ""));
        home = elsewhere.resolve("fairlead-" + version);
    }

    private static String launcher() {
        return home.resolve("bin/fairlead").toString();
    }

    @Test
    void itsCommandsStartFromTheirCacheWhereverItLies() throws Exception {
        Said said = Made.run(WITH_ITS_CACHE, List.of(launcher(), "version"));

        assertThat(said.status()).as(said.text()).isZero();
        assertThat(said.text()).startsWith("fairlead " + version + " (Java 25").hasLineCount(1);
    }

    @Test
    void itIsCalledThroughALinkToo() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("fairlead"), Path.of(launcher()));

        assertThat(Made.run(Map.of(), List.of(link.toString(), "version")).text()).startsWith("fairlead " + version);
    }

    @Test
    void itRelays() throws Exception {
        assertRelays(WITH_ITS_CACHE, List.of(launcher()));
    }

    @Test
    void itsDemoAnswers() throws Exception {
        Requires.namespaces();
        Path output = directory.resolve("demo.log");
        try (NetworkNamespace place = NetworkNamespace.alone()) {
            Process process = place.call(() -> new ProcessBuilder(launcher(), "demo").redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start());
            try {
                await("both have answered").atMost(Duration.ofSeconds(60)).until(() -> {
                    assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                    return Files.readString(output).contains("requests answered: web-0 3   web-1 3");
                });
                assertThat(Files.readString(output)).doesNotContain("WARN");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void itFollowsACluster() throws Exception {
        try (ApiDouble api = new ApiDouble();
                ServerSocket endpoint = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answer(endpoint));
            String ip = Addresses.next();
            api.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web, namespace: default}
                    spec: {clusterIP: %s, ports: [{name: http, port: 8000}]}
                    """.formatted(ip), """
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
                    addressType: IPv4
                    ports: [{name: http, port: %d}]
                    endpoints: [{addresses: ["127.0.0.1"], conditions: {ready: true}}]
                    """.formatted(endpoint.getLocalPort()));
            Path file = Files.writeString(directory.resolve("cluster.yaml"), """
                    apiVersion: fairlead.dev/v1alpha1
                    kind: ProxyConfiguration
                    admin: "127.0.0.1:%d"
                    nodeName: n1
                    healthzBindAddress: off
                    metricsBindAddress: off
                    serviceAddresses: given
                    oneDoor: "off"
                    kubernetes: {server: "%s"}
                    """.formatted(free(), api.url()));

            assertEchoes(WITH_ITS_CACHE, List.of(launcher(), "run", "-f", file.toString()),
                    Addresses.socket(ip + ":8000"));
        }
    }

    @Test
    void theJarRelaysUnderAnyJava25() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertRelays(Map.of(), List.of(java, "-jar", Made.TARGET.resolve("fairlead-" + version + ".jar").toString()));
    }

    /** Each path that its README and its help name is there. */
    @Test
    void whatItNamesIsInIt() throws Exception {
        String named = Files.readString(home.resolve("README.md")) + Made.run(Map.of(), List.of(launcher())).text();

        assertThat(Pattern.compile("(bin|config|completions)/[\\w./]+|\\w+\\.schema\\.json").matcher(named).results()
                .map(MatchResult::group).distinct()).hasSize(5)
                .allSatisfy(path -> assertThat(home.resolve(path)).exists());
        for (String file : List.of("laptop", "kubernetes", "policies")) {
            Said said = Made.run(Map.of(),
                    List.of(launcher(), "check", "-f", home.resolve("config/examples/" + file + ".yaml").toString()));
            assertThat(said.status()).as(said.text()).isZero();
        }
    }

    @Test
    void itsCompletionsAreTheProgramsOwn() throws Exception {
        Path completions = home.resolve("completions/fairlead.bash");

        assertThat(Made.run(Map.of(), List.of("bash", "-n", completions.toString()))).isEqualTo(new Said(0, ""));
        assertThat(Files.readString(completions)).isEqualTo(Made.run(Map.of(),
                List.of(launcher(), "completion")).text());
    }

    /** But for the caches, which runs write. */
    @Test
    void theSameAppMakesTheSameBytes() throws Exception {
        Path again = Files.createDirectories(directory.resolve("again"));
        assertThat(Made.run(Map.of(), List.of("cp", "-R", Made.TARGET.resolve("app").toString(), again.toString()))
                .status()).isZero();

        Said said = Made.run(Map.of(), List.of(
                Repository.root().resolve("docker/src/main/archive/assemble").toString(), again.toString(), version,
                Made.ofPom("project.build.outputTimestamp"), "without-caches"));

        assertThat(said.status()).as(said.text()).isZero();
        Map<String, String> first = files(home);
        assertThat(first.remove("app/fairlead.aot")).isNotNull();
        assertThat(first.remove("app/commands.aot")).isNotNull();
        assertThat(files(again.resolve("archive/fairlead-" + version))).isEqualTo(first);
    }

    /** Each with what it holds, who may do what with it, and its date. */
    private static Map<String, String> files(Path root) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))) + " "
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " "
                        + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private static void assertRelays(Map<String, String> environment, List<String> program) throws Exception {
        try (ServerSocket endpoint = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answer(endpoint));
            int door = free();
            List<String> command = new ArrayList<>(program);
            command.addAll(List.of("run", "--listen", "127.0.0.1:" + door, "--to",
                    "127.0.0.1:" + endpoint.getLocalPort(), "--admin", "127.0.0.1:" + free()));
            assertEchoes(environment, command, new InetSocketAddress(InetAddress.getLoopbackAddress(), door));
        }
    }

    private static void assertEchoes(Map<String, String> environment, List<String> command, InetSocketAddress door)
            throws Exception {
        Path output = Files.createTempFile(directory, "output", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            await("it is ready").atMost(Duration.ofSeconds(60)).until(() -> {
                assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                return Files.readString(output).contains("ready  ");
            });
            try (Socket client = new Socket(door.getAddress(), door.getPort())) {
                client.getOutputStream().write("hello".getBytes(US_ASCII));
                assertThat(client.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
            }
            process.destroy();
            assertThat(process.onExit().join().exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void answer(ServerSocket endpoint) {
        try (Socket connection = endpoint.accept()) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException over) {
            // So is the test.
        }
    }

    private static int free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
