package dev.fairlead.loadtest.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.loadtest.bench.machine.Command;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.Networks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final EndpointKind[] DATAGRAMS = Arrays.stream(EndpointKind.values()).filter(EndpointKind::udp)
            .toArray(EndpointKind[]::new);
    private static final Network LOOPBACK = Networks.loopback("a test").plain();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, DEFAULT, false", "2, DEFAULT, true", "1, LARGE, false", "2, SPLICE_LARGE, false",
            "1, SPLICE, false"})
    void haproxyAcceptsItsConfiguration(int threads, Buffers buffers, boolean log) throws Exception {
        Path haproxy = installed("haproxy");
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), new Haproxy(threads, buffers)
                .configuration(assignment(log, EndpointKind.REPLY, EndpointKind.SOURCE)));

        assertThat(Command.run(List.of(haproxy.toString(), "-c", "-f", file.toString())))
                .contains("Configuration file is valid").doesNotContain("WARNING");
    }

    @ParameterizedTest
    @CsvSource({"1, DEFAULT, false", "2, DEFAULT, true", "1, LARGE, false"})
    void nginxAcceptsItsConfiguration(int workers, Buffers buffers, boolean log) throws Exception {
        assumeTrue(Nginx.installed(), "needs nginx with its stream module, which is not installed");
        assertThat(nginxSays(new Nginx(workers, buffers), assignment(log, EndpointKind.REPLY)))
                .contains("test is successful").doesNotContain("[warn]");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nginxAcceptsItsConfigurationOfEveryServiceOfDatagrams(int workers) throws Exception {
        assumeTrue(Nginx.installed(), "needs nginx with its stream module, which is not installed");

        // What it may warn of is that it has fewer descriptors than connections, which count twice for each flow.
        assertThat(nginxSays(new Nginx(workers, Buffers.DEFAULT), assignment(false, DATAGRAMS)).lines()
                .filter(line -> !line.contains("exceed open file resource limit"))).noneMatch(
                        line -> line.contains("[warn]"))
                .anyMatch(line -> line.contains("test is successful"));
    }

    @Test
    void everybodyIsToldTheSameOfHowFlowsEnd() {
        Assignment assignment = assignment(false, DATAGRAMS);

        assertThat(new Nginx(2, Buffers.DEFAULT).configuration(assignment))
                .contains(
                        "listen 127.96.0.10:2034 udp rcvbuf=1m reuseport;\n    proxy_timeout 1s;\n    proxy_pass udp-kept;")
                .contains(
                        "listen 127.96.0.10:2036 udp rcvbuf=1m reuseport;\n    proxy_timeout 1s;\n    proxy_responses 1;\n");
        assertThat(Fairlead.on(DataPathName.AUTO, List.of("./fairlead")).configuration(assignment, List.of()))
                .contains("{name: udp-kept, listen: \"127.96.0.10:2034\", protocol: UDP, udpTimeout: 1s, "
                        + "udpStreamTimeout: 1s, balancer: round-robin, endpoints: [\"127.244.0.11:7004\"")
                .contains("udpStreamTimeout: 1s, responses: 1, balancer");
    }

    @Test
    void theFrontendsOfOneSlotDoNotReachTheNextOnes() {
        Service last = Service.of(EndpointKind.values()[EndpointKind.values().length - 1], LOOPBACK, 0);
        Service next = Service.of(EndpointKind.REPLY, LOOPBACK, 1);

        assertThat(last.port()).isLessThan(next.port());
    }

    @Test
    void fairleadsConfigurationHasTheMeasuredServiceFirstAndEachOtherOneOnAnAddressOfItsOwn() {
        Fairlead fairlead = Fairlead.on(DataPathName.AUTO, List.of("./fairlead")).withServices(252);

        List<String> lines = fairlead.configuration(assignment(false, EndpointKind.REPLY), List.of()).lines().toList();

        assertThat(lines.stream().filter(line -> line.contains("name:"))).hasSize(252).doesNotHaveDuplicates();
        assertThat(lines).contains(
                "  - {name: reply, listen: \"127.96.0.10:2030\", balancer: round-robin, endpoints: "
                        + "[\"127.244.0.11:7000\", \"127.244.0.12:7000\"]}",
                "  - {name: other-250, listen: \"127.97.1.1:8003\", balancer: round-robin, endpoints: "
                        + "[\"127.244.0.11:7000\", \"127.244.0.12:7000\"]}");
        assertThat(fairlead.name()).isEqualTo("fairlead-252");
    }

    @Test
    void fairleadIsStartedAsUsersStartItWithTheDataPathThatItsNameSays() throws Exception {
        Assignment assignment = assignment(false, EndpointKind.ECHO);

        assertThat(Fairlead.on(DataPathName.IO_URING, List.of("./fairlead")).launch(assignment).command())
                .containsExactly("./fairlead", "run", "-f", directory.resolve("fairlead.yaml").toString(),
                        "--data-path", "io_uring");
        assertThat(Fairlead.on(DataPathName.AUTO, List.of("./fairlead")).launch(assignment).command())
                .doesNotContain("--data-path");
    }

    @Test
    void endpointsThatComeAndGoAreWrittenByTheirPlace() {
        assertThat(Fairlead.on(DataPathName.AUTO, List.of("./fairlead"))
                .configuration(assignment(false, EndpointKind.REPLY), List.of(1, 2)))
                .contains("[\"127.244.0.12:7000\", \"127.244.0.13:7000\"]");
    }

    @Test
    void theKernelTranslatesToTheEndpointsInTurn() {
        assertThat(Dnat.rules(assignment(false, EndpointKind.REPLY, EndpointKind.UDP_KEPT)))
                .contains("ip daddr 127.96.0.10 tcp dport 2030 dnat ip to numgen inc mod 2 map "
                        + "{ 0 : 127.244.0.11 . 7000, 1 : 127.244.0.12 . 7000 }")
                .contains("udp dport 2034");
    }

    @Test
    void nginxHasNoSplicing() {
        assertThatThrownBy(() -> new Nginx(1, Buffers.SPLICE)).hasMessageContaining("does not splice");
    }

    @Test
    void whoAContenderIsStandsAtTheFrontOfItsName() {
        assertThat(Family.ofContender("haproxy-256k-2")).isEqualTo(Family.HAPROXY);
        assertThat(Family.ofContender("dnat")).isEqualTo(Family.DNAT);
        assertThatThrownBy(() -> Family.ofContender("envoy-1")).hasMessageContaining("envoy-1");
    }

    private String nginxSays(Nginx contender, Assignment assignment) throws Exception {
        Path file = Files.writeString(directory.resolve("nginx.conf"), contender.configuration(assignment));
        return Command.run(List.of(installed("nginx").toString(), "-t", "-p", directory.toString(), "-c",
                file.toString(), "-e", directory.resolve("error.log").toString()));
    }

    private Assignment assignment(boolean log, EndpointKind... kinds) {
        return Assignment.of(LOOPBACK, directory, 3, List.of(kinds), log);
    }

    private static Path installed(String command) {
        assumeTrue(Command.find(command).isPresent(), "needs the command " + command + ", which is not installed");
        return Command.find(command).orElseThrow();
    }
}
