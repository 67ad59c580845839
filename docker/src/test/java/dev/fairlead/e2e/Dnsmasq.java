package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real dnsmasq on an address and a port of its own, UDP and TCP, which knows {@link DnsName names} and asks nobody.
 */
final class Dnsmasq implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path log;
    private final String ip;
    private final int port;
    private Process process;

    private Dnsmasq(Path log, String ip, int port, Process process) {
        this.log = log;
        this.ip = ip;
        this.port = port;
        this.process = process;
    }

    /** Starts one; returns when it answers. */
    static Dnsmasq start(Path directory, Family family) throws IOException {
        String ip = family.address();
        int port = family.port(5353);
        Path log = directory.resolve("dnsmasq-" + ip + "-" + port + ".log");
        Dnsmasq dnsmasq = new Dnsmasq(log, ip, port, launch(log, ip, port));
        dnsmasq.awaitAnswer();
        return dnsmasq;
    }

    String ip() {
        return ip;
    }

    int port() {
        return port;
    }

    String address() {
        return Addresses.at(ip, port);
    }

    /** Ends it in order and starts it again at the same address. */
    void restart() throws IOException, InterruptedException {
        Signal.TERM.to(process.pid());
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("dnsmasq ended").isTrue();
        process = launch(log, ip, port);
        awaitAnswer();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void awaitAnswer() {
        await("dnsmasq answers").atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive()).as("dnsmasq runs, see %s", log).isTrue();
            try (StubResolver resolver = StubResolver.to(address())) {
                return resolver.ask(DnsName.of(0));
            }
        });
    }

    private static Process launch(Path log, String ip, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(Requires.dnsmasq().toString(), "--keep-in-foreground",
                "--conf-file=/dev/null", "--pid-file=", "--log-facility=-", "--no-resolv", "--no-hosts",
                "--bind-interfaces", "--listen-address=" + ip, "--port=" + port,
                "--user=" + System.getProperty("user.name")));
        for (DnsName name : DnsName.all()) {
            command.add("--address=/" + name.text() + "/" + name.ip());
        }
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    }
}
