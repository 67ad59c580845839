package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RealClientsTest {
    @TempDir
    Path directory;

    @Test
    void curlGetsPagesAndALongAnswerThroughIt() throws Exception {
        String curl = Requires.curl().toString();
        Requires.nginx();
        String vip = Addresses.next();
        try (Nginx web0 = Nginx.start(directory, "web-0");
                FairleadProcess fairlead = FairleadSetup.in(directory).start(
                        KubernetesYaml.service("web", vip, 8000, "random"),
                        KubernetesYaml.slice("web", Nginx.PORT, List.of(web0.ip())))) {
            String page = "http://" + vip + ":8000/";
            assertThat(run(curl, "--silent", "--show-error", "--fail", "--max-time", "10", page)).isEqualTo("web-0\n");

            Path got = directory.resolve("got");
            run(curl, "--silent", "--show-error", "--fail", "--max-time", "20", "--output", got.toString(),
                    page + "slow");
            assertThat(got).hasSize(Nginx.SLOW_BYTES);
            await().untilAsserted(() -> assertThat(fairlead.accessLog()).hasSize(2));
        }
    }

    @Test
    void redisCliTalksToARealRedis() throws Exception {
        String cli = Requires.redisCli().toString();
        String redis = Requires.redisServer().toString();
        String ip = Addresses.next();
        String vip = Addresses.next();
        Process store = new ProcessBuilder(redis, "--bind", ip, "--port", "6379", "--save", "", "--appendonly", "no",
                "--dir", directory.toString(), "--protected-mode", "no").redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile()).start();
        try (FairleadProcess fairlead = FairleadSetup.in(directory).start(
                KubernetesYaml.service("redis", vip, 6400, "random"),
                KubernetesYaml.slice("redis", 6379, List.of(ip)))) {
            await("redis answers").ignoreExceptions()
                    .untilAsserted(() -> assertThat(run(cli, "-h", ip, "ping")).isEqualTo("PONG\n"));

            assertThat(run(cli, "-h", vip, "-p", "6400", "ping")).isEqualTo("PONG\n");
            assertThat(run(cli, "-h", vip, "-p", "6400", "set", "fairlead", "fair lead")).isEqualTo("OK\n");
            assertThat(run(cli, "-h", ip, "get", "fairlead")).isEqualTo("fair lead\n");
            assertThat(run(cli, "-h", vip, "-p", "6400", "-r", "1000", "incr", "n")).endsWith("\n1000\n");
            assertThat(fairlead.alive()).isTrue();
        } finally {
            store.destroyForcibly();
        }
    }

    @Test
    void anEndpointThatSpeaksFirstIsHeardBeforeTheClientSaysAnything() throws Exception {
        Requires.linux();
        String ip = Addresses.next();
        String vip = Addresses.next();
        try (ToolProcess mail = ToolProcess.endpoint("mail-0", ip + ":2525", EndpointPlan.Mode.SMTP);
                FairleadProcess fairlead = FairleadSetup.in(directory).start(
                        KubernetesYaml.service("mail", vip, 2500, "random"),
                        KubernetesYaml.slice("mail", 2525, List.of(ip)));
                Socket client = new Socket()) {
            client.connect(Addresses.socket(vip + ":2500"), 5000);
            client.setSoTimeout(5000);
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(lines.readLine()).isEqualTo("220 mail-0 ESMTP");
            client.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(lines.readLine()).startsWith("221");
            assertThat(lines.readLine()).isNull();
            client.shutdownOutput();

            Path letter = Files.writeString(directory.resolve("letter"), "Subject: hello\r\n\r\nAll is well.\r\n");
            run(Requires.curl().toString(), "--silent", "--show-error", "--max-time", "10", "smtp://" + vip + ":2500",
                    "--mail-from", "a@fairlead.test", "--mail-rcpt", "b@fairlead.test", "--upload-file",
                    letter.toString());
            await().untilAsserted(() -> assertThat(fairlead.accessLog()).hasSize(2));
            assertThat(mail.stop()).contains("\"completed\":{\"smtp\":2}");
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("exit code of %s", List.of(command)).isZero();
        return out;
    }
}
