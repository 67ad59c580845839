package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.FairleadProgram;
import dev.fairlead.e2e.Requires;
import dev.fairlead.manifests.Workload;
import dev.fairlead.model.IpFamily;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod's container of Fairlead as a kubelet and its runtime start it: the manifest's arguments behind those of the
 * image, its variables and no others, its files, its user and capabilities, and a root of its own. The program is that
 * of the classes under test.
 */
final class PodContainer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The image's, where a manifest names none. */
    private static final long NOBODY = 65_534;
    /** The image's variables. */
    private static final Map<String, String> OF_IMAGE = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
            "XDG_RUNTIME_DIR", "/run");
    private static final List<String> JAVA = List.of("/opt/fairlead/runtime/bin/java", "-Xmx256m", "-XX:+UseSerialGC",
            "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-Djava.library.path=app/native",
            "-Dio.netty.leakDetection.level=paranoid", "-cp", "app/lib/*", FairleadProgram.MAIN);
    /** In a mount namespace of its own: ROOT RUNTIME APP READ-ONLY (DIRECTORY PATH)... -- EMPTY... -- COMMAND... */
    private static final String SCRIPT = """
            set -e
            root=$1 runtime=$2 app=$3 read_only=$4
            shift 4
            mount --make-rprivate /
            mount -t tmpfs -o mode=755 pod "$root"
            for top in bin sbin lib lib32 lib64 usr; do
              if [ -L "/$top" ]; then
                cp -P "/$top" "$root/"
              elif [ -d "/$top" ]; then
                mkdir "$root/$top"
                mount --bind "/$top" "$root/$top"
                mount -o remount,bind,ro "$root/$top"
              fi
            done
            mkdir -p "$root/proc" "$root/dev" "$root/etc" "$root/tmp" "$root/opt/fairlead/runtime" "$root/opt/fairlead/app"
            chmod 1777 "$root/tmp"
            for settings in /etc/java*; do [ ! -d "$settings" ] || cp -a "$settings" "$root/etc/"; done
            mount --bind "$runtime" "$root/opt/fairlead/runtime"
            mount --bind "$app" "$root/opt/fairlead/app"
            while [ "$1" != -- ]; do
              mkdir -p "$root$2"
              mount --bind "$1" "$root$2"
              mount -o remount,bind,ro "$root$2"
              shift 2
            done
            shift
            while [ "$1" != -- ]; do
              mkdir -p "$root$1"
              mount -t tmpfs -o mode=777 empty "$root$1"
              shift
            done
            shift
            mount --rbind /dev "$root/dev"
            mount -t proc proc "$root/proc"
            mount --bind "$root/proc/sys" "$root/proc/sys"
            mount -o remount,bind,ro "$root/proc/sys"
            [ "$read_only" != true ] || mount -o remount,bind,ro "$root"
            exec "$@"
            """;

    private final Workload workload;
    private final Host host;
    private final Process process;
    private final Path output;

    private PodContainer(Workload workload, Host host, Process process, Path output) {
        this.workload = workload;
        this.host = host;
        this.process = process;
        this.output = output;
    }

    /** Copies the program under test to where every user may read it, as the image has it; its directory. */
    static Path program(Path directory) throws IOException {
        Path app = Files.createDirectories(directory.resolve("app"));
        Path natives = Files.createDirectories(app.resolve("native"));
        for (String entry : FairleadProgram.classPath().split(":", -1)) {
            Path from = Path.of(entry);
            Files.copy(from, Files.createDirectories(app.resolve("lib")).resolve(from.getFileName()));
            try (var jar = FileSystems.newFileSystem(from)) {
                Path inside = jar.getPath("META-INF/native");
                if (Files.isDirectory(inside)) {
                    copy(inside, natives);
                }
            }
        }
        return app;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path there = to.resolve(from.relativize(one).toString()).normalize();
                if (Files.isDirectory(one)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(one, there);
                }
            }
        }
    }

    /**
     * Starts it, and waits for nothing.
     *
     * @param host whose network it has
     * @param program what {@link #program} made
     * @param more files by name, for each path, that the cluster mounts without being told: a service account's
     * @param variables those that the kubelet sets without being told
     */
    static PodContainer start(Workload workload, Host host, Path program, Map<String, Map<String, String>> more,
            Map<String, String> variables) throws IOException {
        SecurityContext security = workload.fairlead().getSecurityContext();
        Path own = Files.createTempDirectory(program.getParent(), "pod");
        Path script = Files.writeString(own.resolve("script"), SCRIPT);
        Path root = Files.createDirectory(own.resolve("root"));
        Map<String, Map<String, String>> files = new TreeMap<>(workload.files());
        files.putAll(more);
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", script.toString(), root.toString(),
                System.getProperty("java.home"), program.toString(),
                Boolean.toString(Boolean.TRUE.equals(security.getReadOnlyRootFilesystem()))));
        for (Map.Entry<String, Map<String, String>> mount : files.entrySet()) {
            Path source = Files.createDirectory(own.resolve("mount-" + command.size()));
            for (Map.Entry<String, String> file : mount.getValue().entrySet()) {
                Files.writeString(source.resolve(file.getKey()), file.getValue());
            }
            command.addAll(List.of(source.toString(), mount.getKey()));
        }
        command.add("--");
        command.addAll(workload.empty());
        command.addAll(List.of("--", "env", "-i"));
        Map<String, String> environment = new TreeMap<>(OF_IMAGE);
        environment.putAll(variables);
        environment.putAll(workload.environment(field -> switch (field) {
            case "spec.nodeName" -> host.node();
            default -> throw new IllegalArgumentException("the kubelet of the tests does not know " + field);
        }));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("unshare", "--root=" + root, "--wd=/opt/fairlead"));
        command.addAll(user(security));
        command.addAll(JAVA);
        command.addAll(workload.fairlead().getArgs());
        Path output = own.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        return new PodContainer(workload, host, host.namespace().call(builder::start), output);
    }

    /** The words that make it the user that the manifest names, with the capabilities that it leaves him. */
    private static List<String> user(SecurityContext security) {
        long user = Optional.ofNullable(security.getRunAsUser()).orElse(NOBODY);
        if (Boolean.TRUE.equals(security.getRunAsNonRoot()) && user == 0) {
            throw new IllegalArgumentException("runAsNonRoot, and the user is root");
        }
        if (!security.getCapabilities().getDrop().equals(List.of("ALL"))) {
            throw new IllegalArgumentException("what a runtime leaves by default is not known here");
        }
        String group = Long.toString(Optional.ofNullable(security.getRunAsGroup()).orElse(user));
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid", Long.toString(user), "--regid", group,
                "--clear-groups", "--inh-caps", "-all", "--bounding-set",
                Stream.concat(Stream.of("-all"), security.getCapabilities().getAdd().stream()
                        .map(name -> "+" + name.toLowerCase(Locale.ROOT))).collect(Collectors.joining(","))));
        if (Boolean.FALSE.equals(security.getAllowPrivilegeEscalation())) {
            words.add("--no-new-privs");
        }
        return words;
    }

    Workload workload() {
        return workload;
    }

    /** All it has written. */
    String said() throws IOException {
        return Files.readString(output);
    }

    /** Waits until the manifest's probe for this succeeds, as the node's kubelet asks it. */
    void passes(HTTPGetAction probe, Host kubelet) {
        String ip = Optional.ofNullable(probe.getHost()).orElse(host.ip(IpFamily.IPV4));
        String address = Addresses.at(ip, port(probe.getPort()));
        await(address + probe.getPath()).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(process.isAlive()).as("it runs; it said: %s", said()).isTrue();
            return new Client(kubelet).head(address, probe.getPath()).startsWith("HTTP/1.1 200 ");
        });
    }

    private int port(IntOrString port) {
        return port.getStrVal() == null
                ? port.getIntVal()
                : workload.fairlead().getPorts().stream().filter(one -> one.getName().equals(port.getStrVal()))
                        .mapToInt(ContainerPort::getContainerPort).findFirst().orElseThrow();
    }

    /** What a command says that is run in it, as {@code kubectl exec} does; it ends well. */
    String exec(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(process.pid()), "--mount",
                "--net", "--root", "--wd", "--setuid", status("Uid").split("\t", -1)[0], "--setgid",
                status("Gid").split("\t", -1)[0]));
        command.addAll(JAVA);
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(OF_IMAGE);
        Process asking = builder.start();
        String said = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asking.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    /** A line of {@code /proc/PID/status}. */
    String status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(key + ":")).map(line -> line.substring(key.length() + 1).strip())
                .findFirst().orElseThrow();
    }

    /** SIGTERM, and how it ended. */
    int terminated(Duration patience) throws IOException, InterruptedException {
        process.destroy();
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)).as("it ends; it said: %s", said())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        assertThat(said()).doesNotContain("LEAK:", "a defect", "OutOfMemoryError");
    }

    /** Whether all that it takes is here. */
    static void required() {
        Requires.namespaces();
        for (String command : List.of("unshare", "setpriv", "mount", "nsenter")) {
            Requires.command(command);
        }
    }
}
