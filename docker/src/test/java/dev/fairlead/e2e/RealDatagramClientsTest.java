package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that people use, over UDP, and over TCP at the same address and port. */
@Timeout(60)
class RealDatagramClientsTest {
    /** In a hundred: a processor that is busy for longer than a socket's buffer lasts costs anybody datagrams. */
    private static final double MOST_LOST = 1;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void digIsAnsweredByARealNameServerOverUdpAndTcp(Family family) throws Exception {
        String dig = Requires.dig().toString();
        Requires.dnsmasq();
        family.required();
        String vip = family.address();
        int port = family.port(53);
        try (Dnsmasq dnsmasq = Dnsmasq.start(directory, family);
                FairleadProcess fairlead = FairleadSetup.in(directory).start(
                        KubernetesYaml.bothProtocols(family, "dns", vip, port, List.of(dnsmasq.address())))) {
            for (DnsName name : DnsName.all().subList(0, 3)) {
                for (String protocol : List.of("+notcp", "+tcp")) {
                    assertThat(run(dig, "@" + vip, "-p", Integer.toString(port), protocol, "+tries=1", "+time=5",
                            "+short", name.text(), "A")).as("%s %s", name, protocol).isEqualTo(name.ip() + "\n");
                }
            }
            String comments = run(dig, "@" + vip, "-p", Integer.toString(port), "+tries=1", "+time=5", "no.test", "A");
            assertThat(comments).contains("SERVER: " + vip + "#" + port);
            assertThat(fairlead.metric("fairlead_service_connections_accepted_total")).isEqualTo(7);
            await().untilAsserted(() -> assertThat(fairlead.accessLog()).as("those over TCP are over").hasSize(3));
        }
    }

    /** Its control connection is TCP, its data UDP to the same port. */
    @ParameterizedTest
    @EnumSource
    void iperfLosesNextToNothingAndSeesNothingOutOfOrder(Family family) throws Exception {
        String iperf = Requires.iperf().toString();
        family.required();
        String vip = family.address();
        int port = family.port(5200);
        String ip = family.address();
        int behind = family.port(5201);
        Path log = directory.resolve("iperf.log");
        Process server = new ProcessBuilder(iperf, "--server", "--forceflush", "--bind", ip, "--port",
                Integer.toString(behind)).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try (FairleadProcess fairlead = FairleadSetup.in(directory).start(
                KubernetesYaml.bothProtocols(family, "iperf", vip, port, List.of(Addresses.at(ip, behind))))) {
            await("iperf3 listens").until(() -> Files.readString(log).contains("Server listening"));
            for (String direction : List.of("up", "down")) {
                List<String> command = new ArrayList<>(List.of(iperf, "--client", vip, "--port",
                        Integer.toString(port), "--udp", "--bitrate", "4M", "--length", "1200", "--time", "2",
                        "--json"));
                if (direction.equals("down")) {
                    command.add("--reverse");
                }
                String report = run(command.toArray(String[]::new));
                // The sender's own figures come first, the receiver's last.
                long packets = numbers(report, "packets").getLast();
                assertThat(packets).as(report).isGreaterThan(800);
                assertThat(100.0 * numbers(report, "lost_packets").getLast() / packets)
                        .as("per cent lost %s: %s", direction, report).isLessThanOrEqualTo(MOST_LOST);
                assertThat(numbers(report, "out_of_order")).as("%s: %s", direction, report).isNotEmpty()
                        .containsOnly(0L);
            }
            assertThat(fairlead.metric("fairlead_service_connections_failed_total")).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    private static List<Long> numbers(String json, String field) {
        return Pattern.compile("\"" + field + "\":\\s*(\\d+)").matcher(json).results()
                .map(found -> Long.valueOf(found.group(1))).toList();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("exit code of %s, which said: %s", List.of(command), out).isZero();
        return out;
    }
}
