package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final String TWO_SERVICES = """
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            services:
              - {name: web, listen: "127.0.0.1:8080", endpoints: ["127.0.0.1:9001", "127.0.0.1:9002"]}
              - {name: api, listen: "127.0.0.1:8081", endpoints: ["127.0.0.1:9003"]}
            """;
    private static final String A_NOTE = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web-0}
            """;

    @TempDir
    Path folder;

    @Test
    void saysInOneLineWhatWouldBeAccepted() {
        assertThat(new Cli().in(TWO_SERVICES).execute("check", "-f", "-"))
                .isEqualTo(new Outcome(ExitCode.OK, "ok: 2 services, 3 endpoints\n", ""));
    }

    @Test
    void countsServicesThatAreNotProxied() {
        assertThat(new Cli().execute("check", "-f", Golden.file("explain/cluster.yaml").toString()).out())
                .isEqualTo("ok: 4 services, 9 endpoints, 3 services not proxied\n");
    }

    @Test
    void saysEverythingThatIsWrongAtOnceThenTheCount() throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                services:
                  - {name: web, listen: "127.0.0.1:808080", balancer: leastcon, endpoints: ["127.0.0.1:9001"]}
                """);

        Outcome outcome = new Cli().execute("check", "-f", file.toString());

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(3).satisfiesExactly(
                line -> assertThat(line).startsWith(file + ":4:25: services[0].listen: "),
                line -> assertThat(line).startsWith(file + ":4:55: services[0].balancer: unknown balancer")
                        .endsWith(" - did you mean \"least-conn\"?"),
                line -> assertThat(line).isEqualTo("2 problems"));
    }

    @Test
    void readsFilesDirectoriesAndStandardInputAsOneStream() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), TWO_SERVICES);
        Path more = Files.createDirectories(folder.resolve("more"));
        Files.writeString(more.resolve("pod.yml"), A_NOTE);

        Outcome outcome = new Cli().in(A_NOTE).execute("check", "-f", folder.resolve("a.yaml") + "," + more, "-f", "-");

        assertThat(outcome.out()).isEqualTo("ok: 2 services, 3 endpoints\n");
        assertThat(outcome.err()).startsWith("note: ");
    }

    @Test
    void aNoteIsAProblemOnlyWhenStrict() {
        Outcome strict = new Cli().in(A_NOTE).execute("check", "-f", "-", "--strict");

        assertThat(new Cli().in(A_NOTE).execute("check", "-f", "-").status()).isEqualTo(ExitCode.OK);
        assertThat(strict.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(strict.err()).startsWith("note: ").endsWith("1 note, which --strict does not accept\n");
    }

    @Test
    void strictAcceptsWhatHasNoNote() {
        assertThat(new Cli().in(TWO_SERVICES).execute("check", "-f", "-", "--strict").status()).isEqualTo(ExitCode.OK);
    }

    @Test
    void namesWhatCannotBeRead() {
        Path missing = folder.resolve("missing.yaml");

        assertThat(new Cli().execute("check", "-f", missing.toString(), "-f", folder.toString())).isEqualTo(
                new Outcome(ExitCode.BAD_INPUT, "", missing + ": no such file or directory\n" + folder
                        + ": holds no *.yaml, *.yml or *.json file (expected: at least one)\n2 problems\n"));
    }

    @Test
    void standardInputMustBeText() {
        Cli cli = new Cli().in(new byte[]{'a', (byte) 0xff});

        assertThat(cli.execute("check", "-f", "-").err())
                .isEqualTo("standard input: is not text (expected: YAML or JSON in UTF-8)\n1 problem\n");
    }

    @Test
    void opensNoSocket() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = TWO_SERVICES.replace("127.0.0.1:8080", "127.0.0.1:" + holder.getLocalPort());

            assertThat(new Cli().in(taken).execute("check", "-f", "-").status()).isEqualTo(ExitCode.OK);
        }
    }
}
