package dev.fairlead.discovery.kubernetes;

import static dev.fairlead.discovery.kubernetes.Given.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.kubernetes.ApiServerQuestion.Answer;
import dev.fairlead.discovery.kubernetes.ScriptedApiServer.Refusal;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerQuestionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScriptedApiServer server = new ScriptedApiServer();

    @TempDir
    private Path directory;

    ApiServerQuestionTest() throws IOException {
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Answer ask(ApiServer of) {
        return new ApiServerQuestion(ApiCalls.NONE, Ticker.SYSTEM).ask(ClusterAccess.to(of), PATIENCE);
    }

    private Answer ask() {
        return ask(new ApiServer.Address(server.url()));
    }

    @Test
    void oneThatListsServicesServes() {
        server.put(service("shop", "web", "10.96.0.1"));

        assertThat(ask()).isInstanceOfSatisfying(Answer.Serves.class,
                serves -> assertThat(serves.url()).startsWith(server.url()));
    }

    @Test
    void oneThatRefusesIsQuoted() {
        server.refuse((_, _) -> Optional.of(new Refusal(403, "User \"nobody\" cannot list services")));

        assertThat(ask()).isInstanceOfSatisfying(Answer.Refuses.class, refuses -> assertThat(refuses.why())
                .startsWith(server.url()).contains("it answers 403: ").contains("cannot list services"));
    }

    @Test
    void whereNobodyListensTheAddressIsSaid() {
        server.close();

        assertThat(ask()).isInstanceOfSatisfying(Answer.Refuses.class,
                refuses -> assertThat(refuses.why()).startsWith(server.url()).contains("onnection refused"));
    }

    @Test
    void aKubeconfigThatIsNotThereIsNamed() {
        Path missing = directory.resolve("config");

        assertThat(ask(new ApiServer.Kubeconfig(missing, Optional.empty()))).isInstanceOfSatisfying(
                Answer.Refuses.class, refuses -> assertThat(refuses.why()).startsWith(missing.toString()));
    }
}
