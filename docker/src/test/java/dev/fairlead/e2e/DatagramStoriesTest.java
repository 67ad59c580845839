package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stories of UDP beyond upstream's list, told to the assembled proxy through the API: real sockets at the ClusterIPs
 * and behind the endpoints. One proxy for all of them; each story has a Service of its own.
 */
@Timeout(60)
class DatagramStoriesTest {
    /** Upstream takes fifteen equal answers as a proof. */
    private static final int CONFIRMED = 15;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NODE_IP = Addresses.next();

    @TempDir
    static Path directory;

    private static ApiDouble api;
    private static FairleadProcess fairlead;

    private final List<DatagramPod> pods = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Requires.linux();
        api = new ApiDouble();
        api.apply("""
                apiVersion: v1
                kind: Node
                metadata: {name: n1}
                status: {addresses: [{type: InternalIP, address: %s}, {type: InternalIP, address: "::1"}]}
                """.formatted(NODE_IP));
        fairlead = FairleadSetup.in(directory).following(api).start();
    }

    @AfterAll
    static void end() throws IOException {
        fairlead.close();
        api.close();
    }

    @AfterEach
    void closePods() {
        pods.forEach(DatagramPod::close);
    }

    private DatagramPod pod(String name, Family family) throws IOException {
        DatagramPod pod = DatagramPod.start(name, family);
        pods.add(pod);
        return pod;
    }

    private static DatagramService service(Family family) {
        family.required();
        return DatagramService.of(family);
    }

    private static String nodePort(DatagramService service) {
        return Addresses.at(service.family() == Family.IPV4 ? NODE_IP : "::1", service.nodePort());
    }

    /** Who answers clients that were never here before. */
    private static Set<String> met(String address) throws IOException {
        Set<String> met = new TreeSet<>();
        for (int i = 0; i < CONFIRMED; i++) {
            met.add(DatagramClient.once(address));
        }
        return met;
    }

    private static void awaitAt(String address, String... expected) {
        Set<String> wanted = new TreeSet<>(List.of(expected));
        await(address + " leads to " + wanted).atMost(SOON).pollInterval(Duration.ofMillis(20))
                .until(() -> met(address).equals(wanted));
    }

    @ParameterizedTest
    @EnumSource
    void aPodThatDiesBeforeItsSliceIsGoneCostsItsClientNoMoreThanADatagram(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramPod one = pod("one", family);
        DatagramPod two = pod("two", family);
        api.apply(service.yaml(""), service.ready(one));
        awaitAt(service.address(), "one");
        try (DatagramClient client = DatagramClient.to(service.address())) {
            assertThat(client.ask()).isEqualTo("one");
            api.apply(service.ready(two));
            await("both serve").atMost(SOON).until(() -> met(service.address()).size() == 2);

            one.close();

            assertThat(client.ask()).as("the datagram that learns of it").isEqualTo("TIMEOUT");
            for (int i = 0; i < CONFIRMED; i++) {
                assertThat(client.ask()).isEqualTo("two");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientIsRefusedWhenItsLastEndpointGoesAndAnsweredWhenOneComes(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramPod one = pod("one", family);
        DatagramPod two = pod("two", family);
        api.apply(service.yaml(""), service.ready(one));
        try (SteadyClient client = SteadyClient.to(service.address())) {
            client.awaits("one");

            api.delete(service.ready(one));
            client.awaits("REFUSED");
            assertThat(client.next(CONFIRMED)).containsOnly("REFUSED");

            api.apply(service.ready(two));
            client.awaits("two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatTerminatesKeepsItsFlowsWhileItServesAndNewClientsGoElsewhere(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramPod one = pod("one", family);
        DatagramPod two = pod("two", family);
        api.apply(service.yaml(""), service.ready(one));
        awaitAt(service.address(), "one");
        try (SteadyClient client = SteadyClient.to(service.address())) {
            client.awaits("one");

            api.apply(service.ready(two), service.draining(one));
            awaitAt(service.address(), "two");
            assertThat(client.next(CONFIRMED)).containsOnly("one");

            api.delete(service.draining(one));
            client.awaits("two");
        }
    }

    private static void drain(DatagramService service, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("drain", "service", "default/" + service.name()));
        words.addAll(List.of(more));
        Process asking = fairlead.asking(words.toArray(String[]::new)).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(asking.waitFor()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatAnOperatorDrainsKeepsItsFlowsAndAnswersNobodyNew(Family family) throws Exception {
        DatagramService service = service(family);
        api.apply(service.yaml(""), service.ready(pod("one", family)));
        awaitAt(service.address(), "one");
        try (SteadyClient client = SteadyClient.to(service.address())) {
            client.awaits("one");

            drain(service);
            assertThat(DatagramClient.once(service.address())).isEqualTo("TIMEOUT");
            assertThat(client.next(CONFIRMED)).containsOnly("one");

            drain(service, "--undo");
            awaitAt(service.address(), "one");
            assertThat(client.next(CONFIRMED)).containsOnly("one");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeRequestEchoes(Family family) throws Exception {
        DatagramService service = service(family);
        api.apply(service.yaml(""), service.ready(pod("one", family)));
        awaitAt(service.address(), "one");
        try (DatagramClient client = DatagramClient.to(service.address())) {
            assertThat(client.ask(2_000)).isEqualTo("one");
            assertThat(client.ask(65_000)).isEqualTo("one");
        }
    }

    @ParameterizedTest
    @EnumSource
    void affinityKeepsAClientAddressAtOnePodWhateverItsPortUntilThatPodGoes(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramPod one = pod("one", family);
        DatagramPod two = pod("two", family);
        api.apply(service.yaml("sessionAffinity: ClientIP"), service.ready(one), service.ready(two));
        await("the service is there").atMost(SOON)
                .until(() -> !DatagramClient.once(service.address()).equals("REFUSED"));
        Set<String> first = met(service.address());
        assertThat(first).hasSize(1);

        api.apply(service.yaml("sessionAffinity: None"));
        awaitAt(service.address(), "one", "two");

        api.apply(service.yaml("sessionAffinity: ClientIP"));
        await("affinity is back").atMost(SOON).until(() -> met(service.address()).size() == 1);

        DatagramPod mine = met(service.address()).contains("one") ? one : two;
        api.delete(service.ready(mine));
        awaitAt(service.address(), mine == one ? "two" : "one");
    }

    @ParameterizedTest
    @EnumSource
    void oneOfTwoServicesOfThePodsIsDeletedAndTheOtherStays(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramService other = service(family);
        DatagramPod one = pod("one", family);
        api.apply(service.nodePortYaml(), service.ready(one), other.yaml(""), other.ready(one));
        awaitAt(nodePort(service), "one");
        awaitAt(service.address(), "one");
        try (SteadyClient client = SteadyClient.to(other.address())) {
            client.awaits("one");

            api.delete(service.nodePortYaml());

            awaitAt(service.address(), "REFUSED");
            awaitAt(nodePort(service), "REFUSED");
            assertThat(client.next(CONFIRMED)).containsOnly("one");
        }
    }

    @Test
    void bothProtocolsAreServedAtOnePortAndEitherMayBeRemoved() throws Exception {
        DatagramService service = DatagramService.of(Family.IPV4);
        String onlyUdp = service.yaml("");
        String both = onlyUdp.replace("ports: [", "ports: [{name: stream, port: 80, protocol: TCP}, ");
        String onlyTcp = both.replaceFirst(", \\{name: main.*]", "]");
        try (Pod stream = Pod.start("stream", 8080)) {
            DatagramPod datagrams = DatagramPod.start("datagrams", stream.ip(), 8080);
            pods.add(datagrams);
            String slice = service.ready(datagrams).replace("ports: [",
                    "ports: [{name: stream, port: 8080, protocol: TCP}, ");
            api.apply(both, slice);
            awaitAt(service.address(), "datagrams");
            try (SteadyClient client = SteadyClient.to(service.address())) {
                assertThat(Knock.at(service.address())).isEqualTo("stream");

                api.apply(onlyUdp);
                await("TCP is gone").atMost(SOON).until(() -> Knock.at(service.address()).equals("REFUSED"));
                assertThat(client.next(CONFIRMED)).containsOnly("datagrams");

                api.apply(both);
                await("TCP is back").atMost(SOON).until(() -> Knock.at(service.address()).equals("stream"));
                api.apply(onlyTcp);
                client.awaits("REFUSED");
                assertThat(Knock.at(service.address())).isEqualTo("stream");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlowIsOneLineOfTheAccessLogAndOneInEveryCount(Family family) throws Exception {
        DatagramService service = service(family);
        DatagramPod one = pod("one", family);
        DatagramPod two = pod("two", family);
        api.apply(service.yaml(""), service.ready(one));
        await("the door is open").atMost(SOON).until(() -> open(service));
        try (DatagramClient client = DatagramClient.to(service.address())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.ask(100)).isEqualTo("one");
            }
            assertThat(count("fairlead_service_connections_accepted_total", service)).isEqualTo(1);
            assertThat(count("fairlead_service_connections_open", service)).isEqualTo(1);
            assertThat(count("fairlead_connections_opened_total", service)).isEqualTo(1);
            assertThat(count("fairlead_connections_open", service)).isEqualTo(1);

            api.apply(service.ready(two));
            api.delete(service.ready(one));

            await("its line").atMost(SOON).until(() -> !lines(service).isEmpty());
            assertThat(lines(service)).singleElement().satisfies(line -> {
                assertThat(line.client()).isEqualTo(client.local());
                assertThat(line.frontend()).isEqualTo(service.address() + "/UDP");
                assertThat(line.endpoint()).isEqualTo(Addresses.at(one.ip(), one.port()));
                assertThat(line.field("up")).isEqualTo("300");
                assertThat(line.field("down")).isEqualTo("312");
                assertThat(line.end()).isEqualTo("PROXY/RELAY/NOT_SERVING");
            });
            assertThat(count("fairlead_service_connections_accepted_total", service)).isEqualTo(1);
            assertThat(count("fairlead_service_connections_open", service)).isZero();
            assertThat(fairlead.metric("fairlead_connections_ended_total")).isPositive();
            assertThat(fairlead.admin("/metrics").body())
                    .contains("fairlead_connections_ended_total{cause=\"NOT_SERVING\",phase=\"RELAY\",side=\"PROXY\"}");
        }
    }

    private static boolean open(DatagramService service) throws IOException {
        return count("fairlead_service_endpoints", service) == 1;
    }

    private static List<AccessLine> lines(DatagramService service) throws IOException {
        return fairlead.accessLog().stream().filter(line -> line.service().equals(service.portName())).toList();
    }

    /** A metric of this service alone. */
    private static double count(String metric, DatagramService service) throws IOException {
        return fairlead.admin("/metrics").body().lines()
                .filter(line -> line.startsWith(metric + "{") && line.contains("\"" + service.name() + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
