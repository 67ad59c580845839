package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.app.privilege.Feature;
import dev.fairlead.e2e.PrivilegeTable.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real process with exactly these capabilities or those, in a network namespace that lives as long as one script.
 * It follows a cluster without Services, whose API server is nginx, and a file with a Service for each feature.
 */
@Timeout(180)
class PrivilegesTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final int NOBODY = 65_534;
    /** What a script observes of each feature where it is had; in the order of the script's questions. */
    private static final Map<String, String> HAD = Map.of("low ports", "a socket at 127.0.0.1:53", "service addresses",
            "10.96.0.0/12 is ours, pod", "one door", "pod", "silent drop", "curl 28", "transparent", "192.0.2.7",
            "UDP buffers", "a socket at 127.0.0.1:5353");
    /** And where not. */
    private static final Map<String, String> MISSED = Map.of("low ports", "no socket at 127.0.0.1:53",
            "service addresses", "no route, curl 7", "one door", "ingress", "silent drop", "curl 56", "transparent",
            "192.0.2.8", "UDP buffers", "a socket at 127.0.0.1:5353");

    @TempDir
    Path directory;

    @BeforeEach
    void needs() throws Exception {
        for (String command : List.of("ip", "ss", "nft", "setpriv", "unshare", "curl", "nginx")) {
            Requires.command(command);
        }
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to make network namespaces");
        // Other users must get to what is in it.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        // The kernel's limit is everybody's: this is what a usual machine's says, in a mount namespace of our own.
        Files.writeString(directory.resolve("rmem_max"), "212992\n");
        Files.writeString(directory.resolve("nginx.conf"), """
                user root;
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server { listen 0.0.0.0:8082; return 200 "ingress\\n"; }
                  server { listen 127.0.0.1:8080; return 200 "pod\\n"; }
                  server { listen 192.0.2.8:8090; return 200 "$remote_addr\\n"; }
                  server {
                    listen 127.0.0.1:6443;
                    default_type application/json;
                    location / {
                      if ($arg_watch) { return 200 ""; }
                      return 200 '{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}';
                    }
                  }
                }
                """);
        Files.writeString(directory.resolve("fairlead.yaml"), CONFIGURATION);
    }

    private static final String CONFIGURATION = """
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            logging: {accessLog: off}
            kubernetes: {server: "http://127.0.0.1:6443"}
            nodeAddresses: ["192.168.7.1"]
            serviceCIDRs: ["10.96.0.0/12"]
            healthzBindAddress: off
            metricsBindAddress: off
            drain: {deadline: 0s}
            services:
            - {name: dns, protocol: UDP, listen: "127.0.0.1:53", endpoints: ["127.0.0.1:8080"]}
            - {name: datagrams, protocol: UDP, listen: "127.0.0.1:5353", endpoints: ["127.0.0.1:8080"]}
            - {name: owned, listen: "10.96.0.10:8081", endpoints: ["127.0.0.1:8080"]}
            - {name: taken, listen: "127.0.0.9:8082", endpoints: ["127.0.0.1:8080"]}
            - {name: seen, listen: "192.0.2.9:8083", endpoints: ["192.0.2.8:8090"], transparent: all}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: closed, namespace: default}
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.11
              ports: [{name: http, port: 8084}]
              loadBalancerSourceRanges: ["198.51.100.0/24"]
            status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: closed-1, namespace: default, labels: {kubernetes.io/service-name: closed}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: ["192.168.7.1"]}]
            """;

    private static final String QUESTIONS = """
            ask() { curl -s --max-time 2 "$@" || echo "curl $?"; }
            socket() { [ -n "$(ss -Hlun "src = $1")" ] && echo "a socket at $1" || echo "no socket at $1"; }
            owned() { ip route show table local proto 70 | grep -q 10.96.0.0/12 && echo "10.96.0.0/12 is ours" || echo "no route"; }
            echo "low ports=$(socket 127.0.0.1:53)"
            echo "service addresses=$(owned), $(ask http://10.96.0.10:8081/)"
            echo "one door=$(ask http://127.0.0.9:8082/)"
            # A reset that is there before curl has looked whether it is connected is "cannot connect" to it.
            echo "silent drop=$(ask http://203.0.113.9:8084/ | sed 's/^curl 7$/curl 56/')"
            echo "transparent=$(ask --interface 192.0.2.7 http://192.0.2.9:8083/)"
            echo "UDP buffers=$(socket 127.0.0.1:5353)"
            for task in /proc/$fairlead/task/*; do grep -h -E "CapEff|CapPrm" $task/status 2> /dev/null; done \\
              | cut -f 2 | sort -u | tr '\\n' ' ' | sed 's/^/capabilities=/'
            """;

    /** What a script says inside a new namespace after Fairlead is ready there, started behind these words. */
    private Map<String, String> observed(List<String> before, List<String> options, String questions)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("script"), """
                export PATH="$PATH:/usr/sbin:/sbin"
                cd %1$s
                mount --bind rmem_max /proc/sys/net/core/rmem_max
                ip link set lo up
                for ip in 192.168.7.1 192.0.2.7 192.0.2.8 192.0.2.9 203.0.113.9; do ip address add $ip/32 dev lo; done
                nginx -p %1$s -c %1$s/nginx.conf -e %1$s/error.log > nginx.log 2>&1 &
                nginx=$!
                until curl -s -o /dev/null http://127.0.0.1:8080/; do kill -0 "$nginx" || exit 1; sleep 0.1; done
                : > fairlead.log # where another has said that it was ready
                "$@" > fairlead.log 2>&1 &
                fairlead=$!
                until grep -q " ready  " fairlead.log; do
                  kill -0 "$fairlead" 2> /dev/null || { wait "$fairlead"; echo "ended=$?"; kill $nginx; exit; }
                  sleep 0.1
                done
                %2$s
                kill "$fairlead"; wait "$fairlead"
                kill "$nginx"; wait "$nginx"
                """.formatted(directory, questions));
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", file.toString()));
        command.addAll(before);
        command.addAll(FairleadProgram.at(before.contains("--reuid") ? copied() : FairleadProgram.classPath()));
        command.add("run");
        command.addAll(options);
        Path out = directory.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("done in time; %s", log()).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        Map<String, String> answers = new TreeMap<>();
        Files.readAllLines(out).stream().filter(line -> line.contains("=")).forEach(line -> answers
                .put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1).strip()));
        return answers;
    }

    private String log() throws IOException {
        Path log = directory.resolve("fairlead.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The class path where everybody may read it. */
    private String copied() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : FairleadProgram.classPath().split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            Path to = directory.resolve("copy-" + copies.size() + "-" + from.getFileName());
            copies.add(Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING).toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private List<String> file() {
        return List.of("-f", directory.resolve("fairlead.yaml").toString());
    }

    private static String added(Set<String> capabilities) {
        return Stream.concat(Stream.of("-all"), capabilities.stream().map(name -> "+" + name.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(","));
    }

    /** As root that has these and can have no others. */
    private static List<String> rootWith(Set<String> capabilities) {
        return List.of("setpriv", "--bounding-set", added(capabilities), "--inh-caps", added(Set.of()));
    }

    static Stream<Set<String>> setsOfTheTable() {
        return Stream.concat(Stream.of(Set.<String>of()), PrivilegeTable.rows().stream().map(Row::capabilities))
                .filter(set -> !set.contains("DAC_OVERRIDE")).distinct();
    }

    @Test
    void theTableHasARowForEachFeatureAndSaysWhatTheLogSays() {
        assertThat(PrivilegeTable.rows()).extracting(Row::feature)
                .containsExactly(Stream.of(Feature.values()).map(Feature::word).toArray(String[]::new));
        for (Feature feature : Feature.values()) {
            Row row = PrivilegeTable.rows().get(feature.ordinal());
            assertThat(row.capabilities()).isEqualTo(
                    feature.takes().stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new)));
            assertThat(HAD.containsKey(row.feature()) || feature == Feature.FILES).as("%s is tried", row).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("setsOfTheTable")
    void eachRowIsHadWithItsCapabilitiesAndMissedWithoutThem(Set<String> capabilities) throws Exception {
        Map<String, String> observed = observed(rootWith(capabilities), file(), QUESTIONS);

        for (Row row : PrivilegeTable.rows()) {
            if (!HAD.containsKey(row.feature())) {
                continue;
            }
            boolean had = capabilities.containsAll(row.capabilities());
            assertThat(observed.get(row.feature())).as("%s with %s; %s", row.feature(), capabilities, log())
                    .isEqualTo((had ? HAD : MISSED).get(row.feature()));
            Set<String> missing = new TreeSet<>(row.capabilities());
            missing.removeAll(capabilities);
            assertThat(log().lines().filter(line -> line.contains("privileges without")
                    && line.contains(row.without()))).as("%s with %s; %s", row.feature(), capabilities, log())
                    .hasSize(had ? 0 : 1).allMatch(line -> missing.stream().allMatch(line::contains));
        }
    }

    @Test
    void rootKeepsWhatIsNeededInEveryThreadAndCanReadOnWhatAnotherUserKeepsForHimself() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        Path there = Files.move(directory.resolve("fairlead.yaml"), own.resolve("fairlead.yaml"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        Files.setAttribute(own, "unix:uid", NOBODY);

        Map<String, String> observed = observed(List.of("env"), List.of("-f", there.toString()), QUESTIONS
                + """
                        echo
                        sed -i 's/127.0.0.1:53"/127.0.0.1:54"/' own/fairlead.yaml
                        tries=0
                        until [ -n "$(ss -Hlun 'src = 127.0.0.1:54')" ] || [ $tries -gt 300 ]; do tries=$((tries + 1)); sleep 0.1; done
                        echo "after=$(socket 127.0.0.1:54)"
                        """);

        // DAC_OVERRIDE, NET_BIND_SERVICE, NET_ADMIN and BPF, effective and permitted, whatever thread is asked.
        assertThat(observed).as(log()).containsAllEntriesOf(HAD).containsEntry("capabilities", "0000008000001402")
                .containsEntry("after", "a socket at 127.0.0.1:54");
        assertThat(log()).contains("privileges NET_BIND_SERVICE (low ports), NET_ADMIN (service addresses, one door,"
                + " silent drop, transparent, UDP buffers), BPF (one door), DAC_OVERRIDE (files of others);")
                .doesNotContain("privileges without");
    }

    @Test
    void withoutDacOverrideWhatAnotherUserKeepsForHimselfIsNotRead() throws Exception {
        Files.setPosixFilePermissions(directory.resolve("fairlead.yaml"),
                PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(directory.resolve("fairlead.yaml"), "unix:uid", NOBODY);

        assertThat(observed(rootWith(Set.of("DAC_OVERRIDE")), file(), QUESTIONS)).as(log())
                .containsEntry("capabilities", "0000000000000002");
        assertThat(log()).contains("privileges DAC_OVERRIDE (files of others)\n");

        assertThat(observed(rootWith(Set.of()), file(), QUESTIONS)).as(log()).containsEntry("ended", "1");
    }

    @Test
    void anotherUserWithAmbientCapabilitiesKeepsThemForTheCommandsThatItStarts() throws Exception {
        String these = added(Set.of("NET_ADMIN", "SYS_PTRACE"));

        Map<String, String> observed = observed(List.of("setpriv", "--reuid", Integer.toString(NOBODY), "--regid",
                Integer.toString(NOBODY), "--clear-groups", "--inh-caps", these, "--ambient-caps", these,
                "--bounding-set", these), file(), QUESTIONS);

        assertThat(observed).as(log()).containsEntry("capabilities", "0000000000001000")
                .containsEntry("service addresses", HAD.get("service addresses"))
                .containsEntry("transparent", HAD.get("transparent"));
    }

    @Test
    void withNoPrivilegesNothingIsKeptAndNothingIsTried() throws Exception {
        List<String> options = Stream.concat(file().stream(), Stream.of("--no-privileges")).toList();

        assertThat(observed(List.of("env"), options, QUESTIONS)).as(log()).containsAllEntriesOf(MISSED)
                .containsEntry("capabilities", "0000000000000000");
        assertThat(log()).contains("INFO  privileges none, as configured; ", "addresses  freebind: ",
                "doors      a listening socket for each address (it takes the capabilities NET_ADMIN and BPF",
                "cannot be kept: it takes the capability NET_ADMIN, which is not held").doesNotContain(
                        "Operation not permitted");
    }
}
