package dev.fairlead.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class StickyPickerTest {
    private static final Duration TIMEOUT = Duration.ofHours(3);

    private final ManualTicker ticker = new ManualTicker();
    private final AffinityTable table = new AffinityTable(ticker);
    private final Balancer balancer = new StickyBalancer(new RandomBalancer(Seed.dice()), table, TIMEOUT);
    private final List<Upstream> all = Upstreams.some(5);

    private Picker over(List<Upstream> candidates) {
        return balancer.newPicker(candidates, Optional.empty());
    }

    private static Upstream pick(Picker picker, PickContext client) {
        return picker.pick(client).orElseThrow();
    }

    /** Picks, and the connection is made. */
    private static Upstream connect(Picker picker, PickContext client) {
        Upstream picked = pick(picker, client);
        picker.confirmed(client, picked);
        return picked;
    }

    @Test
    void aClientStaysWhereItsFirstConnectionWentAndTheLogSaysWhy() {
        Picker picker = over(all);
        Asking client = Asking.anybody();
        Upstream first = connect(picker, client);
        assertThat(client.why()).isEmpty();
        for (int i = 0; i < 100; i++) {
            assertThat(connect(picker, client)).isSameAs(first);
            assertThat(client.why()).isEqualTo("affinity");
        }
    }

    @Test
    void clientsAreSpreadByTheBalancerBeneath() {
        Picker picker = over(all);
        Tally tally = new Tally();
        for (int i = 0; i < 20_000; i++) {
            Asking client = Asking.from("172.16." + (i >> 8) + "." + (i & 255));
            tally.pick(picker, client, 1);
            picker.confirmed(client, pick(picker, client));
        }
        tally.isEvenOver(all);
    }

    @Test
    void aPickThatMadeNoConnectionIsNotRemembered() {
        Picker picker = over(all);
        new Tally().pick(picker, Asking.anybody(), 20_000).isEvenOver(all);
        assertThat(table.size()).isZero();
    }

    @Test
    void aClientIsForgottenThreeHoursAfterItsLastNewConnection() {
        Picker picker = over(all);
        Asking client = Asking.anybody();
        Upstream first = connect(picker, client);
        for (int i = 0; i < 5; i++) {
            ticker.advance(TIMEOUT.minusNanos(1));
            assertThat(connect(picker, client)).isSameAs(first);
        }
        ticker.advance(TIMEOUT);
        client.why();
        new Tally().pick(picker, client, 20_000).isEvenOver(all);
        assertThat(client.why()).isEmpty();
    }

    @Test
    void aClientWhoseEndpointDoesNotAnswerBelongsToTheOneThatDid() {
        Picker picker = over(all);
        Asking client = Asking.anybody();
        Upstream dead = connect(picker, client);
        Asking retry = Asking.anybody().without(dead);
        assertThat(pick(picker, client)).isSameAs(dead);
        Upstream alive = connect(picker, retry);
        assertThat(retry.why()).isEmpty();
        assertThat(alive).isNotSameAs(dead);
        for (int i = 0; i < 100; i++) {
            assertThat(connect(picker, client)).isSameAs(alive);
        }
    }

    @Test
    void aClientWhoseEndpointHasLeftGetsAnotherAndStaysThereWhenTheFirstIsBack() {
        Asking client = Asking.anybody();
        Upstream first = connect(over(all), client);
        Picker without = over(all.stream().filter(c -> c != first).toList());
        Upstream second = connect(without, client);
        assertThat(second).isNotSameAs(first);
        Picker again = over(all);
        for (int i = 0; i < 100; i++) {
            assertThat(connect(again, client)).isSameAs(second);
        }
    }

    @Test
    void aClientWhoseEndpointIsStillThereIsNotDisturbedByUpdates() {
        Asking client = Asking.anybody();
        Upstream first = connect(over(all), client);
        List<Upstream> more = Upstreams.some(20);
        for (int size = 5; size < 20; size++) {
            List<Upstream> candidates = new ArrayList<>(more.subList(5, size));
            candidates.add(first);
            assertThat(connect(over(candidates), client)).isSameAs(first);
        }
    }

    @Test
    void affinityGoesByAddressSoItHoldsAfterScalingToZeroAndBack() {
        Asking client = Asking.anybody();
        Upstream first = connect(over(all), client);
        assertThat(over(List.of()).pick(client)).isEmpty();
        List<Upstream> reborn = Upstreams.some(5);
        assertThat(connect(over(reborn), client)).isSameAs(reborn.get(all.indexOf(first)));
    }

    @Test
    void allScopesOfAServicePortShareTheMemoryAndEachUsesOnlyItsOwnCandidates() {
        Picker cluster = over(all);
        Picker local = over(all.subList(3, 5));
        Asking client = Asking.anybody();
        Upstream first = connect(local, client);
        for (int i = 0; i < 20; i++) {
            assertThat(connect(cluster, client)).isSameAs(first);
        }
        Asking other = Asking.from("192.0.2.2");
        cluster.confirmed(other, all.get(0));
        client.why();
        assertThat(pick(local, other)).isIn(all.get(3), all.get(4));
        assertThat(other.why()).isEmpty();
    }

    @Test
    void wrappingTwiceIsWrappingOnce() {
        Picker plain = new RandomBalancer(Seed.dice()).newPicker(all, Optional.empty());
        Picker twice = new StickyPicker(new StickyPicker(plain, all, table, TIMEOUT), all, table, TIMEOUT);
        assertThat(StickyPicker.beneath(twice)).isSameAs(plain);
        assertThat(StickyPicker.beneath(plain)).isSameAs(plain);
    }

    @Test
    void thePickerBeneathHearsOfConnectionsToo() {
        List<Upstream> heard = new ArrayList<>();
        Picker beneath = new Picker() {
            @Override
            public Optional<Upstream> pick(PickContext context) {
                return all.get(0).present();
            }

            @Override
            public void confirmed(PickContext context, Upstream upstream) {
                heard.add(upstream);
            }
        };
        Picker picker = new StickyPicker(beneath, all, table, TIMEOUT);
        picker.confirmed(Asking.anybody(), all.get(2));
        assertThat(heard).containsExactly(all.get(2));
    }

    /** Clients of whom nothing is remembered are balanced as without affinity. */
    @Nested
    final class AroundRandom implements BalancerContract {
        @Override
        public Balancer balancer(Randomness randomness) {
            return new StickyBalancer(new RandomBalancer(randomness), new AffinityTable(Ticker.SYSTEM), TIMEOUT);
        }
    }

    /** As above. */
    @Nested
    final class AroundRoundRobin implements BalancerContract {
        @Override
        public Balancer balancer(Randomness randomness) {
            return new StickyBalancer(new RoundRobinBalancer(randomness), new AffinityTable(Ticker.SYSTEM), TIMEOUT);
        }
    }

    /** Many clients, each remembered: so the memory decides, with as even a hand as it was filled. */
    @Nested
    final class AmongKnownClients implements BalancerContract {
        @Override
        public Balancer balancer(Randomness randomness) {
            return (candidates, previous) -> {
                AffinityTable full = new AffinityTable(Ticker.SYSTEM);
                Picker sticky = new StickyBalancer(new RandomBalancer(randomness), full, TIMEOUT).newPicker(candidates,
                        previous);
                List<InetAddress> clients = new ArrayList<>();
                for (int i = 0; i < 20 * candidates.size(); i++) {
                    InetAddress client = IpPort.of("172.16.0." + i % 200 + ":0").ip();
                    clients.add(client);
                    full.remember(client, candidates.get(i % candidates.size()).address(), TIMEOUT);
                }
                return context -> {
                    if (context instanceof Asking asking && !clients.isEmpty()) {
                        asking.client(clients.get(randomness.nextInt(clients.size())));
                    }
                    return sticky.pick(context);
                };
            };
        }
    }
}
