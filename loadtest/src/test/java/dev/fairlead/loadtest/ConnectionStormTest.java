package dev.fairlead.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.SpoilingRelay.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConnectionStormTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long SEED = 20261123;

    @ParameterizedTest
    @EnumSource(CloseOrder.class)
    void everyCloseOrderGoesAsAgreedBetweenTheTwoAlone(CloseOrder order) throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.TOLD)) {
            StormReport report = storm(endpoint.address(), List.of(order));

            assertThat(report.failed()).isEmpty();
            assertThat(report.succeeded()).isEqualTo(40);
            await().until(() -> endpoint.report().open() == 0 && endpoint.report().accepted() == 40);
            assertThat(endpoint.report().failures()).isEmpty();
            if (order == CloseOrder.CLOSE_BEFORE_ANYTHING) {
                assertThat(endpoint.report().unsaid()).isEqualTo(40);
            } else {
                assertThat(endpoint.report().completed()).containsExactlyEntriesOf(Map.of(order.word(), 40L));
                assertThat(report.answeredBy("web-0")).isEqualTo(40);
            }
        }
    }

    @Test
    void aRelayThatSpoilsNothingIsNotBlamed() throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.TOLD);
                SpoilingRelay relay = new SpoilingRelay(Fault.NONE, endpoint.address())) {
            StormReport report = storm(relay.address(), CloseOrder.all());

            assertThat(report.failed()).isEmpty();
            await().until(() -> endpoint.report().open() == 0);
            assertThat(endpoint.report().failures()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} during {1}: the client says {2}")
    @CsvSource({"FLIPS_A_BYTE_DOWN, CLIENT_FIN_FIRST, CORRUPT", "FLIPS_A_BYTE_DOWN, HALF_CLOSE_THEN_READ, CORRUPT",
            "FLIPS_A_BYTE_DOWN, ENDPOINT_WRITE_THEN_CLOSE, CORRUPT", "ENDS_SHORT, ENDPOINT_FIN_FIRST, ENDED_SHORT",
            "RESETS_AFTER_SOME, BOTH_AT_ONCE, RESET_AFTER_FIRST_BYTE",
            "RESETS_AT_ONCE, CLIENT_FIN_FIRST, RESET_BEFORE_FIRST_BYTE",
            "ENDS_AT_ONCE, CLIENT_FIN_FIRST, ENDED_BEFORE_FIRST_BYTE", "STALLS, CLIENT_FIN_FIRST, TIMEOUT",
            "RESET_BECOMES_FIN, ENDPOINT_RESET, FIN_INSTEAD_OF_RESET",
            "FIN_CLOSES_BOTH, HALF_CLOSE_THEN_READ, ENDED_SHORT", "ADDS_A_BYTE, ENDPOINT_FIN_FIRST, TOO_MUCH"})
    void whatARelaySpoilsTheClientNotices(Fault fault, CloseOrder order, Failure expected) throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.TOLD);
                SpoilingRelay relay = new SpoilingRelay(fault, endpoint.address())) {
            StormReport report = storm(relay.address(), List.of(order));

            assertThat(report.failures().keySet())
                    .as("%s", report.failed().stream().filter(one -> one.failure() != expected).toList())
                    .isEqualTo(Set.of(expected));
            assertThat(report.succeeded() + report.failedCount()).isEqualTo(report.opened()).isEqualTo(40);
            assertThat(report.failed()).hasSize((int) report.failedCount());
        }
    }

    @ParameterizedTest(name = "{0} during {1}: the endpoint says {2}")
    @CsvSource({"FLIPS_A_BYTE_UP, WRITE_THEN_CLOSE, write-then-close: corrupt",
            "LOSES_THE_END, WRITE_THEN_CLOSE, write-then-close: ended-short",
            "RESET_BECOMES_FIN, CLIENT_RESET, client-reset: fin-instead-of-reset"})
    void whatTheClientCannotSeeTheEndpointNotices(Fault fault, CloseOrder order, String expected) throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.TOLD);
                SpoilingRelay relay = new SpoilingRelay(fault, endpoint.address())) {
            storm(relay.address(), List.of(order));

            await().untilAsserted(() -> assertThat(endpoint.report().failures()).containsKey(expected));
        }
    }

    @Test
    void nobodyListeningIsRefused() throws Exception {
        StormReport report = storm(closedAddress(), CloseOrder.all());

        assertThat(report.failures()).containsExactlyEntriesOf(Map.of(Failure.REFUSED, 40L));
    }

    @Test
    void theSameSeedMakesTheSameConnections() {
        StormPlan plan = StormPlan.to(ANYWHERE, SEED).withMostBytes(1 << 20);
        for (int i = 0; i < 500; i++) {
            assertThat(new StormTalk(plan, i).what()).isEqualTo(new StormTalk(plan, i).what());
        }
        assertThat(IntStream.range(0, 500).mapToObj(i -> new StormTalk(plan, i).what()).distinct()
                .count()).isGreaterThan(250);
    }

    @Test
    void anHttpStormCountsWhoAnsweredAndNoticesACutAnswer() throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.HTTP);
                SpoilingRelay relay = new SpoilingRelay(Fault.ENDS_SHORT, endpoint.address())) {
            StormPlan plan = StormPlan.to(endpoint.address(), SEED).withTalk(StormPlan.Talk.HTTP).withConnections(100);
            StormReport well = new ConnectionStorm(plan).run();
            assertThat(well.failed()).isEmpty();
            assertThat(well.answeredBy("web-0")).isEqualTo(100);

            StormReport cut = new ConnectionStorm(StormPlan.to(relay.address(), SEED).withTalk(StormPlan.Talk.HTTP)
                    .withConnections(10)).run();
            assertThat(cut.failures()).containsOnlyKeys(Failure.ENDED_SHORT);
        }
    }

    @Test
    void aNameStormCountsWhoAnswered() throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.NAME)) {
            StormReport report = new ConnectionStorm(
                    StormPlan.to(endpoint.address(), SEED).withTalk(StormPlan.Talk.NAME).withConnections(100)).run();

            assertThat(report.answeredBy("web-0")).isEqualTo(100);
            assertThat(report.failed()).isEmpty();
        }
    }

    @Test
    void aStoppedStormEndsWhatIsOpenAndReports() throws Exception {
        try (EndpointProcess endpoint = endpoint(EndpointPlan.Mode.TOLD)) {
            ConnectionStorm storm = new ConnectionStorm(
                    StormPlan.to(endpoint.address(), SEED).withConnections(1_000_000));
            Thread stopper = Thread.ofVirtual().start(() -> {
                await().until(() -> storm.soFar() > 50);
                storm.stop();
            });
            StormReport report = storm.run();
            stopper.join();

            assertThat(report.opened()).isBetween(50L, 999_999L);
            assertThat(report.failed()).isEmpty();
        }
    }

    @Test
    void aReportIsOneLineOfJson() {
        StormReport report = new StormReport(7, 2, 1, new TreeMap<>(Map.of("web-0", 1L)),
                new TreeMap<>(Map.of(Failure.RESET_BEFORE_FIRST_BYTE, 1L)),
                List.of(new StormReport.FailedConnection("127.0.0.1:1", "name", "", Failure.RESET_BEFORE_FIRST_BYTE,
                        "a \"quoted\"\nword")),
                12);

        assertThat(report.toJson()).isEqualTo("{\"seed\":7,\"opened\":2,\"succeeded\":1,\"endpoints\":{\"web-0\":1},"
                + "\"failures\":{\"reset-before-first-byte\":1},\"failed\":[{\"client\":\"127.0.0.1:1\","
                + "\"detail\":\"a \\\"quoted\\\"\\u000aword\",\"endpoint\":\"\","
                + "\"failure\":\"reset-before-first-byte\",\"what\":\"name\"}],\"millis\":12}");
    }

    private static StormReport storm(InetSocketAddress to, List<CloseOrder> orders) throws InterruptedException {
        // Above the 100 bytes after which the relay spoils: such a payload meets its fault for certain.
        return new ConnectionStorm(StormPlan.to(to, SEED).withConnections(40).withConcurrency(8).withOrders(orders)
                .withMostBytes(64 * 1024).withSilence(Duration.ofMillis(1500))).run();
    }

    private static EndpointProcess endpoint(EndpointPlan.Mode mode) throws IOException {
        return EndpointProcess.start(EndpointPlan.on(ANYWHERE, "web-0", mode));
    }

    private static InetSocketAddress closedAddress() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(once.getInetAddress(), once.getLocalPort());
        }
    }
}
