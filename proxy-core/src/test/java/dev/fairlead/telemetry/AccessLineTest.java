package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.forward.SessionSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLineTest {
    private static String text(SessionSummary summary) {
        StringBuilder out = new StringBuilder();
        new TextLine().append(summary, out);
        return out.toString();
    }

    private static String json(SessionSummary summary) {
        StringBuilder out = new StringBuilder();
        new JsonLine().append(summary, out);
        return out.toString();
    }

    @Test
    void aRelayedConnectionAsText() {
        assertThat(text(Summaries.relayed())).isEqualTo(
                "2026-11-23T17:20:31.123Z default/web:http 10.1.2.3:51234 -> 10.96.0.10:80 -> 10.1.0.9:8080"
                        + " picked=round-robin attempts=2 failed=10.1.0.8:8080/REFUSED connect=1.2ms duration=35ms"
                        + " up=120 down=4096 end=CLIENT/RELAY/FIN");
    }

    @Test
    void aFlowSaysThatItIsUdp() {
        assertThat(text(Summaries.flow())).contains(" 10.1.2.3:51234 -> 10.96.0.10:80/UDP -> 10.1.0.9:8080 ");
        assertThat(json(Summaries.flow())).contains("\"protocol\":\"UDP\"", "\"frontend\":\"10.96.0.10:80\"");
    }

    @Test
    void everyFieldIsPresentInTextWhereNothingIsKnown() {
        assertThat(text(Summaries.unknown()))
                .isEqualTo("2026-11-23T17:20:31.123Z - [fd00::3]:51234 -> [fd00::10]:80 -> -"
                        + " picked=- attempts=0 failed=- connect=- duration=0.09ms up=0 down=0 end=PROXY/ADMIT/NO_ROUTE");
    }

    @Test
    void everyEndpointTriedInVainIsTold() {
        assertThat(text(Summaries.failedEverywhere()))
                .contains(" -> - picked=random attempts=2 failed=10.1.0.8:8080/REFUSED,[fd00::9]:8080/TIMEOUT"
                        + " connect=- duration=2001ms up=0 down=0 end=UPSTREAM/CONNECT/TIMEOUT");
    }

    @ParameterizedTest(name = "{0} ns is {1}")
    @CsvSource({"1, 0.00ms", "4999, 0.00ms", "5000, 0.01ms", "90000, 0.09ms", "990000, 0.99ms", "994999, 0.99ms",
            "995000, 1.0ms", "1000000, 1.0ms", "1234567, 1.2ms", "9949999, 9.9ms", "9950000, 10ms", "10400000, 10ms",
            "10500000, 11ms", "99999999, 100ms", "86400000000000, 86400000ms"})
    void durationsAreRoundedToWhatAReaderCompares(long nanos, String expected) {
        assertThat(text(Summaries.lasting(nanos, nanos)))
                .contains(" connect=" + expected + " duration=" + expected + " ");
    }

    @Test
    void namesCannotForgeFieldsOrLines() {
        String line = text(Summaries.named("x/y end=PROXY/ADMIT/BUG\nz\\\u0085\u00a0\u2028\u001b:ü", "my way\t"));
        assertThat(line.split(" ", -1)).hasSameSizeAs(text(Summaries.relayed()).split(" ", -1));
        assertThat(line).contains(
                " x/y\\u0020end=PROXY/ADMIT/BUG\\u000az\\u005c\\u0085\\u00a0\\u2028\\u001b:ü ",
                " picked=my\\u0020way\\u0009 ");
        assertThat(line.chars()).noneMatch(c -> Character.isISOControl(c) || c == '\u2028');
    }

    @Test
    void aRelayedConnectionAsJson() {
        assertThat(json(Summaries.relayed())).isEqualTo("""
                {"time":"2026-11-23T17:20:31.123Z","service":"default/web:http","protocol":"TCP",\
                "client":"10.1.2.3:51234",\
                "frontend":"10.96.0.10:80","endpoint":"10.1.0.9:8080","picked":"round-robin","attempts":2,\
                "failed":[{"endpoint":"10.1.0.8:8080","cause":"REFUSED","detail":"Connection refused"}],\
                "connectMs":1.234,"durationMs":35.0,"up":120,"down":4096,"end":"CLIENT/RELAY/FIN",\
                "side":"CLIENT","phase":"RELAY","cause":"FIN"}""");
    }

    @Test
    void everyFieldIsPresentInJsonWhereNothingIsKnown() {
        Map<String, Object> line = JsonReading.object(json(Summaries.unknown()));
        assertThat(line.keySet())
                .containsExactlyElementsOf(JsonReading.object(json(Summaries.relayed())).keySet());
        for (String absent : List.of("service", "endpoint", "picked", "connectMs")) {
            assertThat(line).containsEntry(absent, Optional.empty());
        }
        assertThat(line).containsEntry("failed", List.of()).containsEntry("durationMs", 0.09)
                .containsEntry("attempts", 0.0);
    }

    @Test
    void hostileNamesStayInsideTheirJsonStrings() {
        String service = "a\"},{/b\\\n\u2028:\uD83D";
        Map<String, Object> line = JsonReading.object(json(Summaries.named(service, "\"\\")));
        assertThat(line).containsEntry("service", "a\"},{/b\\\n\u2028:\uFFFD").containsEntry("picked", "\"\\");
    }

    @ParameterizedTest
    @CsvSource({"0, 1970-01-01T00:00:00.000Z", "-1, 1969-12-31T23:59:59.999Z", "1009, 1970-01-01T00:00:01.009Z",
            "1709164800050, 2024-02-29T00:00:00.050Z", "4102444799999, 2099-12-31T23:59:59.999Z"})
    void timesAreUtcToTheMillisecond(long epochMillis, String expected) {
        StringBuilder out = new StringBuilder();
        Timestamp timestamp = new Timestamp();
        timestamp.append(Summaries.STARTED, new StringBuilder());
        timestamp.append(epochMillis, out);
        assertThat(out).hasToString(expected);
    }
}
