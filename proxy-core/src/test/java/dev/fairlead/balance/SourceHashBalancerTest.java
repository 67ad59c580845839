package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract is about shares, so each pick there is another client's. */
final class SourceHashBalancerTest implements BalancerContract {
    private static final InetAddress[] EVERYBODY = everybody();

    private final List<Upstream> ten = Upstreams.some(10);

    private final List<InetAddress> clients = IntStream.range(0, 10_000)
            .mapToObj(i -> address("172.16." + (i >> 8) + "." + (i & 255))).toList();

    @Override
    public Balancer balancer(Randomness randomness) {
        return changingClients(new SourceHashBalancer());
    }

    /** More clients than the contract has picks, so that none comes twice, made beforehand. */
    private static InetAddress[] everybody() {
        int first = Seed.dice().nextInt(Integer.MAX_VALUE);
        InetAddress[] clients = new InetAddress[1 << 18];
        for (int i = 0; i < clients.length; i++) {
            int ip = first + i;
            clients[i] = address(new byte[]{(byte) (ip >> 24), (byte) (ip >> 16), (byte) (ip >> 8), (byte) ip});
        }
        return clients;
    }

    private static Balancer changingClients(Balancer balancer) {
        AtomicInteger next = new AtomicInteger();
        return (candidates, previous) -> {
            Picker picker = balancer.newPicker(candidates, previous);
            return context -> {
                if (context instanceof Asking asking) {
                    asking.client(EVERYBODY[next.getAndIncrement() & (EVERYBODY.length - 1)]);
                }
                return picker.pick(context);
            };
        };
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("only a wrong length is refused", e);
        }
    }

    private static InetAddress address(String text) {
        return IpPort.of((text.contains(":") ? "[" + text + "]" : text) + ":0").ip();
    }

    private static Upstream upstream(String address) {
        return new Upstream(Upstreams.SERVICE, IpPort.of(address), Gate.OPEN);
    }

    private static Picker over(List<Upstream> candidates) {
        return new SourceHashBalancer().newPicker(candidates, Optional.empty());
    }

    private static IpPort pick(Picker picker, InetAddress client) {
        Asking asking = Asking.anybody();
        asking.client(client);
        return picker.pick(asking).orElseThrow().address();
    }

    private List<IpPort> picks(List<Upstream> candidates) {
        Picker picker = over(candidates);
        return clients.stream().map(client -> pick(picker, client)).toList();
    }

    @Test
    void aClientKeepsItsEndpointHoweverOftenItComes() {
        Picker picker = over(ten);
        Tally tally = new Tally().pick(picker, Asking.anybody(), 1_000);
        assertThat(tally.of(ten)).containsOnlyOnce(1_000L).filteredOn(count -> count == 0).hasSize(9);
    }

    @Test
    void aRestartChangesNothingNorDoesTheOrderOfTheCandidates() {
        List<Upstream> reborn = new ArrayList<>(Upstreams.some(10));
        Collections.shuffle(reborn, new Random(5));
        assertThat(picks(reborn)).isEqualTo(picks(ten));
    }

    @Test
    void anEndpointThatLeavesMovesItsOwnClientsOnly() {
        List<IpPort> before = picks(ten);
        for (Upstream gone : ten) {
            List<IpPort> after = picks(ten.stream().filter(c -> c != gone).toList());
            assertThat(IntStream.range(0, clients.size()).filter(i -> !after.get(i).equals(before.get(i))).boxed())
                    .isNotEmpty().allMatch(i -> before.get(i).equals(gone.address()));
        }
    }

    @Test
    void anEndpointThatComesTakesItsShareAndMovesNobodyElse() {
        List<IpPort> before = picks(ten);
        List<IpPort> after = picks(Upstreams.some(11));
        List<IpPort> moved = IntStream.range(0, clients.size()).filter(i -> !after.get(i).equals(before.get(i)))
                .mapToObj(after::get).toList();
        assertThat(moved).hasSizeBetween(800, 1_020).containsOnly(Upstreams.at(10).address());
    }

    @Test
    void whoIsExcludedIsReplacedByWhoeverWouldComeIfItWereGone() {
        Picker picker = over(ten);
        for (InetAddress client : clients.subList(0, 200)) {
            List<Upstream> left = new ArrayList<>(ten);
            Asking asking = Asking.anybody();
            asking.client(client);
            while (!left.isEmpty()) {
                Upstream picked = picker.pick(asking).orElseThrow();
                assertThat(picked.address()).isEqualTo(pick(over(left), client));
                left.remove(picked);
                asking.without(picked);
            }
            assertThat(picker.pick(asking)).isEmpty();
        }
    }

    @Test
    void neighbouringClientsAreSpreadOverEndpointsOfAllKinds() {
        List<Upstream> onOneAddress = IntStream.range(8080, 8090).mapToObj(port -> upstream("10.0.0.1:" + port))
                .toList();
        List<Upstream> six = IntStream.range(0, 10).mapToObj(i -> upstream("[fd00:10:244:" + i + "::1]:80")).toList();
        for (List<Upstream> candidates : List.of(ten, onOneAddress, six)) {
            assertThat(shares(candidates, clients)).allSatisfy(share -> assertThat(share).isBetween(880L, 1_120L));
        }
    }

    @Test
    void podsOfAnIpv6ClusterAreSpreadThoughTheirWordsAddUpToTheSame() {
        List<InetAddress> pods = IntStream.range(0, 10_000)
                .mapToObj(i -> address("fd00:10:244:" + Integer.toHexString(i / 100) + "::"
                        + Integer.toHexString(i % 100 + 1)))
                .toList();
        assertThat(shares(ten, pods)).allSatisfy(share -> assertThat(share).isBetween(880L, 1_120L));
        // The same sum of words for each: a hash that adds them up has one endpoint for all.
        List<InetAddress> sameSum = IntStream.range(0, 100)
                .mapToObj(i -> address("fd00:10:244:" + Integer.toHexString(i) + "::" + Integer.toHexString(100 - i)))
                .toList();
        assertThat(sameSum.stream().mapToInt(InetAddress::hashCode).distinct()).hasSize(1);
        assertThat(shares(ten, sameSum)).allSatisfy(share -> assertThat(share).isPositive());
    }

    private static List<Long> shares(List<Upstream> candidates, List<InetAddress> clients) {
        Picker picker = over(candidates);
        Tally tally = new Tally();
        for (InetAddress client : clients) {
            Asking asking = Asking.anybody();
            asking.client(client);
            tally.pick(picker, asking, 1);
        }
        assertThat(tally.empty()).isZero();
        return tally.of(candidates);
    }

    /** Another hash would send every client elsewhere while proxies of two versions serve side by side. */
    @ParameterizedTest
    @CsvSource({"192.0.2.1, 21340", "192.0.2.2, 10342", "10.244.3.7, 43210", "0.0.0.0, 41320", "255.255.255.255, 41203",
            "2001:db8::1, 12304", "fd00:10:244:1::2, 02431", "fd00:10:244:2::1, 30412", "::1, 43210"})
    void theHashIsTheSameInEveryVersion(String client, String endpoints) {
        List<Upstream> mixed = List.of(upstream("10.244.1.2:8080"), upstream("10.244.1.2:8081"),
                upstream("10.244.2.9:8080"), upstream("[fd00:10:244::5]:8080"), upstream("[fd00:10:244:1::5]:8080"));
        assertThat(order(mixed, address(client))).isEqualTo(endpoints);
    }

    /** The places of the candidates in the order in which a client would try them. */
    private static String order(List<Upstream> candidates, InetAddress client) {
        Asking asking = Asking.anybody();
        asking.client(client);
        Picker picker = over(candidates);
        StringBuilder order = new StringBuilder();
        for (Optional<Upstream> next = picker.pick(asking); next.isPresent(); next = picker.pick(asking)) {
            order.append(candidates.indexOf(next.get()));
            asking.without(next.get());
        }
        return order.toString();
    }

    @Test
    void affinityGoesBeforeTheHashAndWhereItKnowsNothingTheHashDecides() {
        Balancer sticky = new StickyBalancer(new SourceHashBalancer(), new AffinityTable(Ticker.SYSTEM),
                Duration.ofHours(3));
        Asking client = Asking.anybody();
        Picker before = sticky.newPicker(ten.subList(0, 5), Optional.empty());
        Upstream first = before.pick(client).orElseThrow();
        assertThat(first.address()).isEqualTo(pick(over(ten.subList(0, 5)), client.client()));
        assertThat(client.why()).isEmpty();
        Upstream made = ten.stream().filter(c -> c != first).findFirst().orElseThrow();
        before.confirmed(client, made);
        Picker after = sticky.newPicker(ten, Optional.of(before));
        assertThat(after.pick(client)).contains(made);
        assertThat(client.why()).isEqualTo("affinity");
        assertThat(after.pick(client.without(made)).map(Upstream::address)).contains(
                pick(over(ten.stream().filter(c -> c != made).toList()), client.client()));
    }

    /** Clients of whom nothing is remembered are balanced as without affinity. */
    @Nested
    final class BeneathAffinity implements BalancerContract {
        @Override
        public Balancer balancer(Randomness randomness) {
            return changingClients(new StickyBalancer(new SourceHashBalancer(), new AffinityTable(Ticker.SYSTEM),
                    Duration.ofHours(3)));
        }
    }
}
