package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HeldConnectionsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void heldConnectionsEchoWhenTouchedAndCloseWhenReleased(int loops) throws Exception {
        try (Pair pair = new Pair(loops)) {
            String to = pair.serve("echo");

            Answer held = pair.clients("hold connections=600 to=" + to);
            assertThat(held.json()).startsWith("{\"open\":600,\"errors\":0,\"errorKinds\":{},\"seconds\":");
            // To a client a connection is open before the endpoint has taken it.
            await().until(() -> pair.endpoints("status").number("open") == 600);
            for (int i = 0; i < 3; i++) {
                assertThat(pair.clients("touch").json()).startsWith("{\"echoed\":600,\"errors\":0,");
            }
            assertThat(pair.clients("release").json()).isEqualTo("{\"closed\":600}");
            await().until(() -> pair.endpoints("status").number("open") == 0);
            assertThat(pair.endpoints("status").number("accepted")).isEqualTo(600);
        }
    }

    @Test
    void connectionsThatAreDroppedMeanwhileAreErrorsOfTheNextTouch() throws Exception {
        try (Pair pair = new Pair(1)) {
            String staying = pair.serve("echo");
            String leaving = pair.serve("echo");
            pair.clients("hold connections=10 to=" + staying + "," + leaving);

            assertThat(pair.endpoints("drop listen=" + leaving).json()).isEqualTo("{\"dropped\":5}");

            assertThat(pair.clients("touch").json())
                    .isEqualTo("{\"echoed\":5,\"errors\":5,\"errorKinds\":{\"reset\":5}}");
            assertThat(pair.clients("touch").json()).isEqualTo("{\"echoed\":5,\"errors\":0,\"errorKinds\":{}}");
            assertThat(pair.clients("release").json()).isEqualTo("{\"closed\":5}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void heldClientPortsExchangeADatagramEachWhenTouched(int loops) throws Exception {
        try (Pair pair = new Pair(loops)) {
            String to = pair.serve("udp-reply");

            assertThat(pair.clients("hold kind=udp-fixed connections=600 to=" + to).json())
                    .startsWith("{\"open\":600,\"errors\":0,");
            for (int i = 1; i <= 3; i++) {
                assertThat(pair.clients("touch").json()).startsWith("{\"echoed\":600,\"errors\":0,");
                assertThat(pair.endpoints("status").number("accepted")).isEqualTo(600 * i);
            }
            assertThat(pair.clients("release").json()).isEqualTo("{\"closed\":600}");
        }
    }

    @Test
    void heldClientPortsThatNobodyAnswersAreAllTouchedAllTheSame() throws Exception {
        try (Pair pair = new Pair(1)) {
            String at = pair.serve("udp-reply");
            pair.clients("hold kind=udp-fixed connections=200 to=" + at);
            pair.endpoints("drop listen=" + at);

            assertThat(pair.clients("touch").json())
                    .isEqualTo("{\"echoed\":0,\"errors\":200,\"errorKinds\":{\"refused\":200}}");
        }
    }

    @Test
    void afterADropNobodyListensUntilTheAddressIsServedAgain() throws Exception {
        try (Pair pair = new Pair(1)) {
            String at = pair.serve("echo");
            pair.endpoints("drop listen=" + at);

            assertThat(pair.clients("hold connections=3 to=" + at).json())
                    .startsWith("{\"open\":0,\"errors\":3,\"errorKinds\":{\"refused\":3},");
            pair.clients("release");
            assertThat(pair.endpoints("serve kind=echo listen=" + at).address()).isEqualTo(at);
            assertThat(pair.clients("hold connections=3 to=" + at).json()).startsWith("{\"open\":3,\"errors\":0,");
        }
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        try (Pair pair = new Pair(1)) {
            String at = pair.serve("echo");

            assertThatThrownBy(() -> pair.clients("touch")).hasMessageContaining("hold first");
            assertThat(pair.clients("release").json()).isEqualTo("{\"closed\":0}");
            pair.clients("hold connections=1 to=" + at);
            assertThatThrownBy(() -> pair.clients("hold connections=1 to=" + at)).hasMessageContaining("release first");
            assertThatThrownBy(() -> pair.endpoints("serve kind=echo listen=" + at))
                    .hasMessageContaining("drop first");
            assertThatThrownBy(() -> pair.endpoints("drop listen=127.0.0.1:1")).hasMessageContaining(at);
        }
    }
}
