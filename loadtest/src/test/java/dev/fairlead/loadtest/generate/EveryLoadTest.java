package dev.fairlead.loadtest.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EveryLoadTest {
    @ParameterizedTest
    @CsvSource({"connect,reply,1", "connect,reply,64", "pingpong,echo,1", "pingpong,echo,64", "bulk-down,source,2",
            "bulk-up,sink,2", "slow,source,4", "udp-fixed,udp-reply,8", "udp-fresh,udp-reply,8"})
    void eachKindDoesUnitsWithoutAnErrorAgainstItsEndpoint(String kind, String endpoint, int connections)
            throws Exception {
        try (Pair pair = new Pair(1)) {
            String to = pair.serve(endpoint);

            Answer answer = pair.clients(run(kind, to, connections) + pace(kind));

            assertThat(answer.json()).startsWith("{\"kind\":\"" + kind + "\",\"units\":").contains("\"errors\":0,")
                    .contains("\"errorKinds\":{}");
            assertThat(answer.number("units")).isPositive();
            assertThat(answer.number("seconds")).isGreaterThanOrEqualTo(0.3);
            assertThat(answer.number("rate"))
                    .isCloseTo(answer.number("units") / answer.number("seconds"), within());
            assertThat(answer.number("count") > 0).isEqualTo(LoadKind.byWord(kind).hasUnits());
            // Whoever reads slowly for a third of a second may use less than the kernel's clock tells.
            assertThat(answer.cpu("generator")).isGreaterThanOrEqualTo(kind.equals("slow") ? 0 : Double.MIN_VALUE);
        }
    }

    @ParameterizedTest
    @CsvSource({"connect,reply", "pingpong,echo", "udp-fixed,udp-reply"})
    void severalLoopsShareALoad(String kind, String endpoint) throws Exception {
        try (Pair pair = new Pair(2)) {
            Answer answer = pair.clients(run(kind, pair.serve(endpoint), 5) + pace(kind));

            assertThat(answer.json()).contains("\"errors\":0,");
            assertThat(answer.number("units")).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,64,128", "1,1200,1200", "4,64,128", "64,8,8"})
    void burstsOfDatagramsOfAnySizeComeThrough(int burst, int request, int reply) throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients(run("udp-fixed", pair.serve("udp-reply bytes=" + reply), 4) + " request="
                    + request + " reply=" + reply + " burst=" + burst);

            assertThat(answer.json()).contains("\"errors\":0,");
            assertThat(answer.number("bytes")).isEqualTo(answer.number("units") * (request + reply)).isPositive();
        }
    }

    @Test
    void messagesThatFillTheSocketBuffersComeThrough() throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients(run("pingpong", pair.serve("echo"), 4) + " request=262144");

            assertThat(answer.json()).contains("\"errors\":0,");
            assertThat(answer.number("bytes")).isEqualTo(answer.number("units") * 2 * 262_144).isPositive();
        }
    }

    @Test
    void aLargeRequestAndALargeReplyComeThrough() throws Exception {
        try (Pair pair = new Pair(1)) {
            String to = pair.serve("reply bytes=3000000 request=200000");

            Answer answer = pair.clients(run("connect", to, 4) + " request=200000 reply=3000000");

            assertThat(answer.json()).contains("\"errors\":0,");
            assertThat(answer.number("bytes")).isEqualTo(answer.number("units") * 3_200_000).isPositive();
        }
    }

    @Test
    void connectionsTakeTheFrontendsInTurn() throws Exception {
        try (Pair pair = new Pair(1)) {
            String first = pair.serve("echo");
            String second = pair.serve("echo");

            pair.clients("hold connections=6 to=" + first + "," + second);

            assertThat(pair.endpoints("drop listen=" + first).json()).isEqualTo("{\"dropped\":3}");
            assertThat(pair.endpoints("drop listen=" + second).json()).isEqualTo("{\"dropped\":3}");
        }
    }

    @Test
    void slowReadersTakeNoMoreThanTheyMay() throws Exception {
        try (Pair pair = new Pair(1)) {
            Answer answer = pair.clients(run("slow", pair.serve("source"), 4) + " bytesPerSecond=50000");

            // A tick's worth may have been saved up when the window began.
            assertThat(answer.number("units")).isPositive()
                    .isLessThanOrEqualTo(4 * 50_000 * (answer.number("seconds") + 0.3));
        }
    }

    @Test
    void aLoadGoesOnInTheBackgroundOfARun() throws Exception {
        try (Pair pair = new Pair(1)) {
            String source = pair.serve("source");
            String echo = pair.serve("echo");

            assertThat(pair.clients("background kind=bulk-down connections=2 to=" + source).json())
                    .isEqualTo("{\"running\":true}");
            Answer run = pair.clients(run("pingpong", echo, 4));
            Answer background = pair.clients("background-stop");

            assertThat(run.json()).contains("\"errors\":0,");
            assertThat(run.number("units")).isPositive();
            assertThat(background.number("units")).isPositive();
            assertThat(background.number("seconds")).isGreaterThan(run.number("seconds"));
            assertThat(background.number("errors")).isZero();
        }
    }

    static String run(String kind, String to, int connections) {
        return "run warm=0.1 measure=0.3 kind=" + kind + " to=" + to + " connections=" + connections;
    }

    private static String pace(String kind) {
        return kind.equals("slow") ? " bytesPerSecond=200000" : "";
    }

    private static Percentage within() {
        return Percentage.withPercentage(0.01);
    }
}
