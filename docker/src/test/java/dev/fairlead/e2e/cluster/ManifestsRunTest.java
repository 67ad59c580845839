package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.ApiDouble;
import dev.fairlead.e2e.Opened;
import dev.fairlead.e2e.Requires;
import dev.fairlead.manifests.Workload;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each overlay of {@code docker/kubernetes}, started as its manifests say, in the network of a cluster. */
@Timeout(180)
class ManifestsRunTest {
    private static final String PREFIX = "fairlead-manifests-";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** With two endpoints at random, one in 2048 times one of them is not met, and it is tried again. */
    private static final int TRIES = 12;
    private static final int HTTP = 8080;
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String TOKEN = "the-token-of-the-service-account";
    /** Of the Service {@code kubernetes}, as the API server allots it. */
    private static final String KUBERNETES = "10.96.0.1";
    /** The address that the overlay for nodes names: here it is the first node's second. */
    private static final String API_SERVER = "192.0.2.10";
    /** NET_BIND_SERVICE, NET_ADMIN and BPF, as {@code /proc/PID/status} prints them. */
    private static final String OF_A_NODE = "0000008000001400";
    private static final String NONE = "0000000000000000";
    private static final Pattern REQUEST = Pattern.compile(
            "/apis?(?:/(?<group>[a-z0-9.]+\\.[a-z0-9.]+))?/v1(?:/namespaces/(?<namespace>[^/?]+))?/(?<resource>[a-z]+)"
                    + "(?:\\?(?<query>.*))?");

    @TempDir
    static Path directory;

    private static Path program = Path.of("");
    private static List<TlsIdentity> identity = List.of();

    private final Opened open = new Opened();
    private Network network;
    private ApiDouble api;
    private Endpoint[] endpoints;

    @BeforeAll
    static void prepare() throws IOException {
        PodContainer.required();
        Requires.command("curl");
        NetworkNamespace.deleteLeftovers(Pattern.compile(PREFIX + "(\\d+)-.*"));
        program = PodContainer.program(directory);
        identity = List.of(TlsIdentity.of(directory, List.of(API_SERVER, KUBERNETES)));
    }

    @BeforeEach
    void build() throws IOException {
        network = open.keep(Network.open(PREFIX + ProcessHandle.current().pid()));
        api = open.keep(new ApiDouble());
        List<Endpoint> all = new ArrayList<>();
        for (int node = 0; node < Network.NODES; node++) {
            api.apply(new Cluster.NodeObject(network, node, Cluster.ZONES.get(node)).yaml());
            Host pod = network.pod(node, "a");
            all.add(new Endpoint(pod.name(), pod, HTTP, pod.node(), open.keep(PodServer.start(pod, HTTP, pod.name()))));
        }
        endpoints = all.toArray(Endpoint[]::new);
    }

    @AfterEach
    void takeDown() throws Exception {
        open.closeAll();
    }

    /** The API server at an address inside. */
    private void apiServer(Host host, String address) throws IOException {
        URI url = URI.create(api.url());
        open.keep(Tunnel.open(host.namespace(), address, new InetSocketAddress(url.getHost(), url.getPort()),
                identity.getFirst()));
    }

    /** The Service {@code kubernetes} on a node, as kube-proxy's rules or another Fairlead serve it. */
    private void kubernetesService(int node) throws IOException {
        network.node(node).namespace().ip(List.of("address add " + KUBERNETES + "/32 dev lo"));
        apiServer(network.node(node), KUBERNETES + ":443");
    }

    private PodContainer started(Workload workload, Host host) throws IOException {
        Set<String> allowed = allowed(workload);
        api.allow(request -> allowed.contains(verb(request)));
        Map<String, Map<String, String>> account = Boolean.FALSE
                .equals(workload.pod().getAutomountServiceAccountToken())
                        ? Map.of()
                        : Map.of(ACCOUNT, Map.of("token",
                                TOKEN, "ca.crt", identity.getFirst().certificate(), "namespace", "default"));
        return open.keep(PodContainer.start(workload, host, program, account,
                Map.of("KUBERNETES_SERVICE_HOST", KUBERNETES, "KUBERNETES_SERVICE_PORT", "443")));
    }

    private List<PodContainer> onBothNodes(Workload workload) throws IOException {
        assertThat(workload.pod().getHostNetwork()).as("it is in the node's network").isTrue();
        List<PodContainer> containers = new ArrayList<>();
        for (int node = 0; node < Network.NODES; node++) {
            containers.add(started(workload, network.node(node)));
        }
        for (int node = 0; node < Network.NODES; node++) {
            containers.get(node).passes(workload.fairlead().getStartupProbe().getHttpGet(), network.node(node));
            containers.get(node).passes(workload.fairlead().getReadinessProbe().getHttpGet(), network.node(node));
        }
        return containers;
    }

    private static Service service(String name, String ip, int port) {
        return new Service(name, IpFamily.IPV4, ip, "", "", "",
                List.of(new Service.Port("http", port, Protocol.TCP, HTTP, 0)), "", "");
    }

    private void apply(Service service) {
        api.apply(service.yaml(), "---\n", Slice.of(service).ready(endpoints).yaml());
    }

    /** All of these are met at an address, and nobody else. */
    private static void answered(Protocol protocol, Host from, String address, String... names) {
        await(address + " from " + from).atMost(PATIENCE).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
                    Set<String> met = new TreeSet<>();
                    for (int i = 0; i < TRIES; i++) {
                        met.add(new Client(from).ask(protocol, address, "hostname"));
                    }
                    assertThat(met).containsExactlyInAnyOrder(names);
                });
    }

    private String[] names() {
        return Arrays.stream(endpoints).map(Endpoint::name).toArray(String[]::new);
    }

    /** Nothing is refused but this, and what is allowed is asked for. */
    private void asksForWhatItMay(Workload workload, String... refused) throws InterruptedException {
        Set<String> expected = allowed(workload);
        expected.addAll(List.of(refused));
        // Nothing here is a reason to write one.
        expected.removeIf(one -> one.startsWith("create "));
        Set<String> asked = new TreeSet<>();
        for (RecordedRequest request : api.asked()) {
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + TOKEN);
            asked.add(verb(request));
        }
        assertThat(asked).isEqualTo(expected);
    }

    /** Each as {@code verb group/resource}; in a namespace only, where a Role says so. */
    private static Set<String> allowed(Workload workload) {
        String where = workload.objects().stream().anyMatch(Role.class::isInstance) ? " in default" : "";
        return workload.rules().stream().flatMap(rule -> rule.getVerbs().stream().map(
                verb -> verb + " " + rule.getApiGroups().getFirst() + "/" + rule.getResources().getFirst() + where))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String verb(RecordedRequest request) {
        Matcher path = REQUEST.matcher(request.getPath());
        if (!path.matches()) {
            return request.getPath();
        }
        boolean watch = Optional.ofNullable(path.group("query")).orElse("").contains("watch=");
        return (request.getMethod().equals("POST") ? "create" : watch ? "watch" : "list") + " "
                + Optional.ofNullable(path.group("group")).orElse("") + "/" + path.group("resource")
                + Optional.ofNullable(path.group("namespace")).map(name -> " in " + name).orElse("");
    }

    @Test
    void onEveryNodeInPlaceOfKubeProxy() throws Exception {
        Workload workload = Workload.of("daemonset");
        apiServer(network.node(0), API_SERVER + ":6443");
        Service web = service("web", "10.96.0.80", 80).nodePort(30_080);
        Service names = service("names", "10.96.0.53", 53).over(Protocol.UDP);
        apply(web);
        apply(names);

        List<PodContainer> containers = onBothNodes(workload);

        for (int node = 0; node < Network.NODES; node++) {
            for (Host from : List.of(network.pod(node, "client"), network.node(node))) {
                answered(Protocol.TCP, from, web.address(), names());
                answered(Protocol.UDP, from, names.address(), names());
            }
            answered(Protocol.TCP, network.outside(), network.node(node).ipv4() + ":30080", names());
        }
        hasWhatItNeeds(containers);
        asksForWhatItMay(workload);
        isAsked(containers.getFirst());
    }

    /** Neither is anything missing nor anything given up. */
    private static void hasWhatItNeeds(List<PodContainer> containers) throws IOException {
        for (PodContainer container : containers) {
            assertThat(container.said()).doesNotContain("privileges without", "given up");
            holds(container, OF_A_NODE);
        }
    }

    private static void holds(PodContainer container, String capabilities) throws IOException {
        for (String set : List.of("CapPrm", "CapEff", "CapBnd")) {
            assertThat(container.status(set)).as(set).isEqualTo(capabilities);
        }
        assertThat(container.status("NoNewPrivs")).isEqualTo("1");
    }

    /** Commands find it by the socket, and may change something. */
    private static void isAsked(PodContainer container) throws Exception {
        assertThat(container.exec("get", "services")).containsPattern("default +web +");
        assertThat(container.exec("drain", "service", "default/web")).contains("takes no new connections");
        assertThat(container.exec("get", "services")).containsPattern("default +web .* drained ");
        container.exec("drain", "service", "default/web", "--undo");
    }

    private static void isNobody(PodContainer container) throws IOException {
        assertThat(container.said()).contains("privileges none, as configured");
        holds(container, NONE);
        assertThat(container.status("Uid")).isEqualTo("65534\t65534\t65534\t65534");
        assertThat(container.status("Gid")).isEqualTo("65534\t65534\t65534\t65534");
    }

    @Test
    void besideKubeProxyForThoseServicesAloneThatAreLabelled() throws Exception {
        Workload workload = Workload.of("daemonset-beside-kube-proxy");
        kubernetesService(0);
        kubernetesService(1);
        String label = "service.kubernetes.io/service-proxy-name: fairlead";
        Service ours = service("ours", "10.96.0.81", 80).labelled(label);
        Service kubes = service("kubes", "10.96.0.82", 80);
        Service others = service("others", "10.96.0.83", 80)
                .labelled("service.kubernetes.io/service-proxy-name: other");
        apply(ours);
        apply(kubes);
        apply(others);

        List<PodContainer> containers = onBothNodes(workload);

        for (int node = 0; node < Network.NODES; node++) {
            answered(Protocol.TCP, network.pod(node, "client"), ours.address(), names());
            notOurs(node, kubes);
            notOurs(node, others);
        }
        hasWhatItNeeds(containers);
        asksForWhatItMay(workload);

        apply(kubes.labelled(label));
        answered(Protocol.TCP, network.pod(1, "client"), kubes.address(), names());
        apply(kubes);
        await("it is kube-proxy's again").atMost(PATIENCE).untilAsserted(() -> notOurs(1, kubes));
        answered(Protocol.TCP, network.pod(1, "client"), ours.address(), names());
    }

    private void notOurs(int node, Service service) throws IOException {
        Host host = network.node(node);
        assertThat(host.namespace().run("ip", "route", "show", "table", "local", "proto", "70"))
                .doesNotContain(service.ip());
        assertThat(new Client(host, 500).ask(Protocol.TCP, service.address(), "hostname"))
                .as("nobody is kube-proxy here").satisfies(met -> assertThat(Client.answered(met)).isFalse());
    }

    @Test
    void asASidecarInThePodsOwnNetwork() throws Exception {
        Workload workload = Workload.of("sidecar");
        kubernetesService(0);
        Service web = service("web", "10.96.0.80", 8080);
        apply(web);
        Host pod = network.pod(0, "client");
        // It holds the namespace for the containers, as a pod's pause container does.
        Process pause = pod.namespace().call(() -> new ProcessBuilder(Requires.command("sleep").toString(), "300")
                .start());
        open.keep(pause::destroyForcibly);

        PodContainer fairlead = started(workload, pod);
        fairlead.passes(workload.fairlead().getStartupProbe().getHttpGet(), network.node(0));
        // The app's container is started when the startup probe has succeeded: another user in the same network.
        Process app = new ProcessBuilder("nsenter", "--net=/proc/" + pause.pid() + "/ns/net", "setpriv", "--reuid",
                "1000", "--regid", "1000", "--clear-groups", "--bounding-set", "-all", "--inh-caps", "-all", "curl",
                "-sS", "--max-time", "20", "http://127.0.0.1:8080/seen").redirectErrorStream(true).start();
        String met = new String(app.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(app.waitFor()).as(met).isZero();
        assertThat(met).isIn(Arrays.stream(endpoints).map(one -> pod.ipv4() + " " + one.name()).toList());
        answered(Protocol.TCP, pod, "127.0.0.1:8080", names());
        assertThat(new Client(network.node(0)).ask(Protocol.TCP, pod.ipv4() + ":8080", "hostname"))
                .as("from outside of the pod").isEqualTo(Client.REFUSED);
        fairlead.passes(workload.fairlead().getLivenessProbe().getHttpGet(), network.node(0));
        isNobody(fairlead);
        isAsked(fairlead);
        assertThat(fairlead.exec("explain", "--to", web.address())).contains("default/web");
        // Its own Node it may not see, which it finds out by asking, and does without.
        asksForWhatItMay(workload, "list /nodes");
        assertThat(fairlead.terminated(PATIENCE)).as(fairlead.said()).isZero();
    }

    @Test
    void standaloneInFrontOfWhatAFileNames() throws Exception {
        Workload workload = Workload.of("standalone");
        List<String> behind = new ArrayList<>();
        for (String letter : List.of("b", "c")) {
            Host pod = network.pod(1, letter);
            String ip = letter.equals("b") ? "192.0.2.21" : "192.0.2.22";
            pod.namespace().ip(List.of("address add " + ip + "/32 dev eth0"));
            network.node(1).namespace().ip(List.of("route add " + ip + " dev " + pod.name()));
            open.keep(PodServer.start(new Host(letter, pod.node(), pod.namespace(), ip, pod.ipv6()), HTTP, letter));
            behind.add(letter);
        }
        Host pod = network.pod(1, "a");
        endpoints[1].server().close();

        PodContainer fairlead = started(workload, pod);
        fairlead.passes(workload.fairlead().getReadinessProbe().getHttpGet(), network.node(1));
        fairlead.passes(workload.fairlead().getLivenessProbe().getHttpGet(), network.node(1));

        answered(Protocol.TCP, network.pod(0, "client"), pod.ipv4() + ":8080", behind.toArray(String[]::new));
        isNobody(fairlead);
        isAsked(fairlead);
        assertThat(api.asked()).isEmpty();
    }
}
