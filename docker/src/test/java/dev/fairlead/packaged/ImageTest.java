package dev.fairlead.packaged;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.Requires;
import dev.fairlead.e2e.cluster.NetworkNamespace;
import dev.fairlead.packaged.Made.Said;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The image: what is in it and how it is to be run, and that it runs like that. */
@Timeout(300)
class ImageTest {
    private static final long LARGEST = 120_000_000;
    private static final String ADMIN = "127.0.0.1:10349";
    private static final String DOOR = "127.0.10.10:8080";
    private static final String ENDPOINT = "127.0.0.1:8081";
    private static final String CONFIGURATION = """
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            admin: "%s"
            drain: {grace: 0s, deadline: 30s}
            services:
              - {name: web, listen: "%s", endpoints: ["%s"]}
            """.formatted(ADMIN, DOOR, ENDPOINT);
    /** As a runtime does: ROOT CONFIGURATION COMMAND..., in a mount namespace of its own. */
    private static final String SCRIPT = """
            set -e
            root=$1 configuration=$2
            shift 2
            mount --make-rprivate /
            mount --bind "$root" "$root"
            mount --bind "$configuration" "$root/etc/fairlead"
            mount -o remount,bind,ro "$root/etc/fairlead"
            mount -t proc proc "$root/proc"
            mount -t tmpfs -o mode=777 run "$root/run"
            mount -o remount,bind,ro "$root"
            exec "$@"
            """;
    /** What it takes to become nobody in there; he has none of it. */
    private static final String TO_BECOME_NOBODY = "-all,+sys_chroot,+setuid,+setgid";

    @TempDir
    static Path directory;

    private static List<Image> image = List.of();

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the archive is for Linux on x86_64");
        Requires.namespaces();
        for (String command : List.of("buildah", "mmdebstrap", "unshare", "nsenter", "setpriv")) {
            Requires.command(command);
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(Files.createDirectories(directory.resolve("configuration")).resolve("fairlead.yaml"),
                CONFIGURATION);
        Files.writeString(directory.resolve("script"), SCRIPT);
        image = List.of(Image.built());
    }

    @AfterAll
    static void remove() throws Exception {
        if (!image.isEmpty()) {
            Image.remove();
        }
    }

    private static Image image() {
        return image.getFirst();
    }

    @Test
    void itIsRunAsNobodyAndByJavaItself() {
        assertThat(image().word("User")).isEqualTo("65534:65534");
        assertThat(image().words("Entrypoint")).first().asString().endsWith("/bin/java");
        assertThat(image().words("Entrypoint")).last().isEqualTo("dev.fairlead.app.Main");
        assertThat(image().words("Cmd")).containsExactly("run", "-f", "/etc/fairlead");
        assertThat(image().words("Env")).contains("XDG_RUNTIME_DIR=/run");
        assertThat(image().root().resolve("run")).satisfies(ImageTest::isWritableToEverybody);
    }

    /** The socket of commands is in there, whoever runs it. */
    private static void isWritableToEverybody(Path folder) throws IOException {
        assertThat((int) Files.getAttribute(folder, "unix:mode") & 07777).isEqualTo(01777);
    }

    @Test
    void itIsSmall() throws Exception {
        long bytes = image().compressedBytes();

        System.out.println("image: " + bytes + " bytes compressed");
        assertThat(bytes).isBetween(1L, LARGEST);
    }

    @Test
    void noShellIsInItAndNoProgramButItsOwn() throws IOException {
        List<String> programs = new ArrayList<>();
        try (Stream<Path> all = Files.walk(image().root())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Set<PosixFilePermission> may = Files.getPosixFilePermissions(file);
                if (may.contains(PosixFilePermission.OTHERS_EXECUTE)
                        && !file.toString().matches(".*\\.so(\\.[0-9]+)*")) {
                    programs.add(image().root().relativize(file).toString());
                }
            }
        }
        assertThat(programs).isNotEmpty().allMatch(program -> program.startsWith("opt/fairlead/runtime/")
                || program.equals("opt/fairlead/bin/fairlead"));
    }

    @Test
    void withToolsItHasWhatATakeOverCalls() throws Exception {
        Image tools = Image.withTools();

        assertThat(tools.root().resolve("run")).satisfies(ImageTest::isWritableToEverybody);
        for (String setting : List.of("User", "Entrypoint", "Cmd", "WorkingDir", "Healthcheck")) {
            assertThat(tools.settings().path(setting)).as(setting).isEqualTo(image().settings().path(setting));
        }
        for (List<String> tool : List.of(List.of("nft", "--version"), List.of("ip", "-V"),
                List.of("iptables-save", "--version"), List.of("ip6tables-restore", "--version"),
                List.of("/opt/fairlead/runtime/bin/java", "--version"))) {
            Path output = directory.resolve("tool.log");
            Process process = builder(tools, tool, output).start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", tool, Files.readString(output)).isZero();
        }
    }

    @Test
    void itServesWhatAFileSaysAnswersItsProbesAndDrains() throws Exception {
        try (NetworkNamespace place = NetworkNamespace.alone();
                ServerSocket endpoint = place.call(() -> ServerSocketChannel.open().socket())) {
            endpoint.bind(Addresses.socket(ENDPOINT));
            Thread.ofPlatform().daemon().start(() -> echo(endpoint));
            Path output = directory.resolve("output.log");
            Process process = start(place, output);
            try {
                await("it is ready").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(() -> {
                    assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                    return status(place, "/readyz").equals("200");
                });
                assertThat(status(place, "/livez")).isEqualTo("200");
                assertIsNobodyAndWritesNothing(process.pid());
                assertThat(inside(process.pid(), image().healthCheck()).status()).isZero();
                assertThat(inside(process.pid(), List.of("java", "@fairlead", "get", "services")).text())
                        .startsWith("NAMESPACE ").containsPattern("default +web +8080/TCP +ok +1/1 ");
                assertThat(inside(process.pid(), List.of("java", "-XX:AOTMode=on", "@fairlead", "version")).text())
                        .as("with its cache, or not at all").startsWith("fairlead ");
                assertThat(inside(process.pid(), List.of("java", "@fairlead", "get", "token")))
                        .as("by the socket alone").matches(said -> said.text().matches("[0-9a-f]{32}\n"));

                try (Socket client = place.call(() -> SocketChannel.open().socket())) {
                    client.connect(Addresses.socket(DOOR));
                    client.setSoTimeout(20_000);
                    assertThat(exchanged(client, "before")).isEqualTo("before");
                    process.destroy();
                    await("it is not ready").atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50))
                            .until(() -> status(place, "/readyz").equals("503"));
                    assertThat(exchanged(client, "while it drains")).isEqualTo("while it drains");
                }
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
                assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void itsHealthCheckFailsWhereNothingRuns() throws Exception {
        try (NetworkNamespace place = NetworkNamespace.alone()) {
            Path output = directory.resolve("health.log");
            Process process = place.call(() -> builder(image(), image().healthCheck(), output).start());

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(1);
        }
    }

    private static Process start(NetworkNamespace place, Path output) throws IOException {
        List<String> command = new ArrayList<>(image().words("Entrypoint"));
        command.addAll(image().words("Cmd"));
        return place.call(() -> builder(image(), command, output).start());
    }

    /** A container's command: its root read-only, over it a read-only configuration. */
    private static ProcessBuilder builder(Image image, List<String> command, Path output) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--bounding-set", TO_BECOME_NOBODY + ",+sys_admin",
                "--inh-caps", "-all", "unshare", "--mount", "sh", directory.resolve("script").toString(),
                image.root().toString(), directory.resolve("configuration").toString(), "setpriv",
                "--bounding-set", TO_BECOME_NOBODY, "--no-new-privs", "env", "-i"));
        image.words("Env").forEach(all::add);
        // The image's variables hold from here on, its PATH too.
        all.addAll(List.of(Requires.command("unshare").toString(), "--root=" + image.root(),
                "--wd=" + image.word("WorkingDir"),
                "--setgid=65534", "--setuid=65534"));
        all.addAll(command);
        return new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
    }

    /** A command beside a container's process, as {@code exec} of an engine runs it. */
    private static Said inside(long pid, List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid), "--mount", "--net",
                "--root", "--wd", "--setgid=65534", "--setuid=65534"));
        all.addAll(command);
        return Made.run(image().words("Env").stream().map(one -> one.split("=", 2))
                .collect(Collectors.toMap(one -> one[0], one -> one[1])), all);
    }

    private static void assertIsNobodyAndWritesNothing(long pid) throws IOException {
        Path of = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(of.resolve("status"));
        assertThat(status).contains("Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534",
                "NoNewPrivs:\t1");
        assertThat(status).filteredOn(line -> line.matches("Cap(Inh|Prm|Eff|Amb):.*")).hasSize(4)
                .allMatch(line -> line.endsWith("\t0000000000000000"));
        assertThat(Files.readAllLines(of.resolve("mountinfo")).stream().map(line -> line.split(" ", -1))
                .filter(words -> words[4].equals("/") || words[4].equals("/etc/fairlead"))
                .map(words -> words[4] + " " + words[5].split(",", -1)[0]))
                .containsExactlyInAnyOrder("/ ro", "/etc/fairlead ro");
    }

    /** The status of an answer, or what went wrong. */
    private static String status(NetworkNamespace place, String path) {
        try (Socket socket = place.call(() -> SocketChannel.open().socket())) {
            socket.connect(Addresses.socket(ADMIN), 5000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: image.test\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            String[] words = new String(socket.getInputStream().readAllBytes(), US_ASCII).split(" ", 3);
            return words.length == 3 ? words[1] : "no answer";
        } catch (IOException nobody) {
            return nobody.toString();
        }
    }

    private static String exchanged(Socket client, String words) throws IOException {
        client.getOutputStream().write(words.getBytes(US_ASCII));
        return new String(client.getInputStream().readNBytes(words.length()), US_ASCII);
    }

    private static void echo(ServerSocket endpoint) {
        try (Socket connection = endpoint.accept()) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException over) {
            // So is the test.
        }
    }
}
