package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Randomness;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AffinityTableTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofDays(1);
    private static final IpPort HERE = IpPort.of("10.0.0.1:80");
    private static final IpPort THERE = IpPort.of("10.0.0.2:80");

    private final ManualTicker ticker = new ManualTicker();

    private static InetAddress client(int number) {
        return IpPort.of("172." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255) + ":0").ip();
    }

    private static InetAddress client(String ip) {
        return IpPort.of(ip + ":0").ip();
    }

    @Test
    void whoNeverCameIsNotKnown() {
        AffinityTable table = new AffinityTable(ticker);
        assertThat(table.recall(client(1), TIMEOUT)).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void theLastConnectionCounts() {
        AffinityTable table = new AffinityTable(ticker);
        table.remember(client(1), HERE, TIMEOUT);
        table.remember(client(1), THERE, TIMEOUT);
        assertThat(table.recall(client(1), TIMEOUT)).isEqualTo(THERE);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aMemoryIsOverOnceItsAgeReachesTheTimeout() {
        AffinityTable table = new AffinityTable(ticker);
        table.remember(client(1), HERE, TIMEOUT);
        ticker.advance(TIMEOUT.minusNanos(1));
        assertThat(table.recall(client(1), TIMEOUT)).isEqualTo(HERE);
        ticker.advance(Duration.ofNanos(1));
        assertThat(table.recall(client(1), TIMEOUT)).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void eachConnectionBeginsTheTimeAnewAndEachQuestionDoesNot() {
        AffinityTable table = new AffinityTable(ticker);
        for (int i = 0; i < 5; i++) {
            table.remember(client(1), HERE, TIMEOUT);
            ticker.advance(TIMEOUT.minusSeconds(1));
            assertThat(table.recall(client(1), TIMEOUT)).isEqualTo(HERE);
        }
        ticker.advance(Duration.ofSeconds(1));
        assertThat(table.recall(client(1), TIMEOUT)).isNull();
    }

    @Test
    void aShorterTimeoutHoldsForWhatIsRememberedAlready() {
        AffinityTable table = new AffinityTable(ticker);
        table.remember(client(1), HERE, LONG);
        table.remember(client(2), HERE, LONG);
        ticker.advance(TIMEOUT);
        assertThat(table.recall(client(1), TIMEOUT)).isNull();
        assertThat(table.recall(client(2), LONG)).isEqualTo(HERE);
    }

    @Test
    void everyAddressIsAClientOfItsOwn() {
        AffinityTable table = new AffinityTable(ticker);
        List<String> clients = List.of("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1");
        for (String client : clients) {
            String bracketed = client.contains(":") ? "[" + client + "]" : client;
            table.remember(client(bracketed), IpPort.of(bracketed + ":80"), TIMEOUT);
        }
        assertThat(table.size()).isEqualTo(clients.size());
        assertThat(table.recall(client("[2001:db8::2]"), TIMEOUT)).isEqualTo(IpPort.of("[2001:db8::2]:80"));
        assertThat(table.recall(client("[2001:db8::3]"), TIMEOUT)).isNull();
    }

    @Test
    void whenFullWhoCameLastTheLongestAgoMakesRoom() {
        AffinityTable table = new AffinityTable(ticker, 3);
        table.remember(client(1), HERE, LONG);
        table.remember(client(2), HERE, LONG);
        table.remember(client(3), HERE, LONG);
        table.remember(client(1), HERE, LONG);
        table.recall(client(2), LONG);
        table.remember(client(4), HERE, LONG);
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.recall(client(2), LONG)).isNull();
        table.remember(client(5), HERE, LONG);
        assertThat(table.recall(client(3), LONG)).isNull();
        assertThat(List.of(1, 4, 5)).allSatisfy(n -> assertThat(table.recall(client(n), LONG)).isEqualTo(HERE));
    }

    @Test
    void aTableOfOneRemembersTheLastClient() {
        AffinityTable table = new AffinityTable(ticker, 1);
        for (int i = 0; i < 10; i++) {
            table.remember(client(i), HERE, LONG);
            assertThat(table.recall(client(i), LONG)).isEqualTo(HERE);
            assertThat(table.size()).isEqualTo(1);
        }
    }

    @Test
    void whatIsExpiredIsSweptTwoAtATimeWhileOthersCome() {
        AffinityTable table = new AffinityTable(ticker, 1_000);
        for (int i = 0; i < 100; i++) {
            table.remember(client(i), HERE, TIMEOUT);
        }
        ticker.advance(TIMEOUT);
        for (int i = 1; i <= 50; i++) {
            table.remember(client(1_000 + i), HERE, TIMEOUT);
            assertThat(table.size()).isEqualTo(100 - 2 * i + i);
        }
        for (int i = 51; i <= 60; i++) {
            table.remember(client(1_000 + i), HERE, TIMEOUT);
            assertThat(table.size()).isEqualTo(i);
        }
    }

    @Test
    void whoeverComesWhenEverythingElseIsExpiredIsRememberedAllTheSame() {
        AffinityTable table = new AffinityTable(ticker, 2);
        table.remember(client(1), HERE, TIMEOUT);
        ticker.advance(TIMEOUT);
        table.remember(client(1), THERE, TIMEOUT);
        assertThat(table.recall(client(1), TIMEOUT)).isEqualTo(THERE);
        ticker.advance(TIMEOUT);
        table.remember(client(2), HERE, TIMEOUT);
        assertThat(table.recall(client(2), TIMEOUT)).isEqualTo(HERE);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aFloodOfClientsNeverTakesMoreThanTheBound() {
        AffinityTable table = new AffinityTable(ticker);
        for (int i = 0; i < 3 * AffinityTable.DEFAULT_CAPACITY; i++) {
            table.remember(client(i), HERE, LONG);
        }
        assertThat(table.size()).isEqualTo(AffinityTable.DEFAULT_CAPACITY);
        assertThat(table.recall(client(0), LONG)).isNull();
        assertThat(table.recall(client(3 * AffinityTable.DEFAULT_CAPACITY - 1), LONG)).isEqualTo(HERE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 256, 65_536})
    void addressesAtRegularDistancesDoNotCrowdIntoAFewStripes(int distance) {
        AffinityTable table = new AffinityTable(ticker);
        int clients = AffinityTable.DEFAULT_CAPACITY / 2;
        for (int i = 0; i < clients; i++) {
            long address = (10L << 24) + (long) i * distance & 0xFFFF_FFFFL;
            table.remember(client((address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "."
                    + (address & 255)), HERE, LONG);
        }
        assertThat(table.size()).isEqualTo(clients);
    }

    @Test
    void aTableWithoutPlacesIsRefused() {
        assertThatThrownBy(() -> new AffinityTable(ticker, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity: 0 (expected: at least 1)");
    }

    @Test
    void manyLoopsAtOnceNeitherMixUpClientsNorBreakTheBound() throws Exception {
        AffinityTable table = new AffinityTable(ticker, 500);
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                Randomness dice = Seed.dice(loop);
                done.add(loops.submit(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        int number = dice.nextInt(1_000);
                        IpPort endpoint = new IpPort(client(number), 80);
                        IpPort known = table.recall(client(number), TIMEOUT);
                        assertThat(known == null || known.equals(endpoint)).isTrue();
                        table.remember(client(number), endpoint, TIMEOUT);
                        assertThat(table.size()).isLessThanOrEqualTo(500);
                        ticker.advance(Duration.ofMillis(dice.nextInt(100)));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        assertThat(table.size()).isPositive();
    }
}
