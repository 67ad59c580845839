package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientConfigTest {
    @TempDir
    private Path directory;

    private static ClientConfig configs(Map<String, String> environment) {
        return new ClientConfig(name -> Optional.ofNullable(environment.get(name)), Pace.DEFAULT);
    }

    private Path account() throws IOException {
        Files.writeString(directory.resolve("token"), " one\n");
        return directory;
    }

    @Test
    void inAPodTheEnvironmentNamesTheServer() throws Exception {
        ApiServer inCluster = new ApiServer.InCluster(account(), Optional.empty());
        assertThat(configs(Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "8443"))
                .read(inCluster, false).getMasterUrl()).startsWith("https://10.96.0.1:8443");
        Config config = configs(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1")).read(inCluster, false);

        assertThat(config.getMasterUrl()).startsWith("https://[fd00::1]:443");
        assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("one");
        assertThat(config.getCaCertFile()).as("there is none").isNull();
    }

    @Test
    void anExplicitServerGoesBeforeTheEnvironment() throws Exception {
        Config config = configs(Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1"))
                .read(new ApiServer.InCluster(account(), Optional.of("https://192.0.2.1:6443")), false);

        assertThat(config.getMasterUrl()).startsWith("https://192.0.2.1:6443");
    }

    @Test
    void theAuthorityOfTheServiceAccountIsTrusted() throws Exception {
        Path authority = Files.writeString(account().resolve("ca.crt"), "certificate");
        Config config = configs(Map.of()).read(new ApiServer.InCluster(directory, Optional.of("https://192.0.2.1")),
                false);

        assertThat(config.getCaCertFile()).isEqualTo(authority.toString());
    }

    @Test
    void withoutATokenThereIsNoAccount() {
        assertThatThrownBy(() -> configs(Map.of())
                .read(new ApiServer.InCluster(directory, Optional.of("https://192.0.2.1")), false))
                .isInstanceOf(UnusableAccess.class)
                .hasMessageStartingWith(directory.resolve("token") + ": there is no service account token here");
    }

    @Test
    void aTokenThatIsAwayForAnInstantIsTheLastOne() throws IOException {
        TokenFile token = new TokenFile(account().resolve("token"));
        assertThat(token.getToken()).isEqualTo("one");
        Files.delete(directory.resolve("token"));
        assertThat(token.getToken()).isEqualTo("one");

        assertThat(new TokenFile(directory.resolve("none")).getToken()).isEmpty();
    }

    @Test
    void nothingIsTakenFromTheSurroundings() throws Exception {
        Config config = configs(Map.of()).read(new ApiServer.Address("http://192.0.2.1:8001"), false);

        assertThat(config.getMasterUrl()).startsWith("http://192.0.2.1:8001");
        assertThat(config.getOauthToken()).isNull();
        assertThat(config.getAutoOAuthToken()).isNull();
        assertThat(config.getClientCertFile()).isNull();
        assertThat(config.getHttpsProxy()).isNull();
    }

    @Test
    void nodesComeBackOneAfterAnother() {
        assertThat(Pace.DEFAULT.spread("node-1").reconnect()).isNotEqualTo(Pace.DEFAULT.spread("node-2").reconnect());
        for (int i = 0; i < 1000; i++) {
            assertThat(Pace.DEFAULT.spread("node-" + i).reconnect().toMillis()).isBetween(400L, 600L);
        }
    }
}
