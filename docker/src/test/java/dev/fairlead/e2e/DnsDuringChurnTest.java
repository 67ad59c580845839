package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real name servers come and go behind a Service while clients ask. */
@Timeout(60)
class DnsDuringChurnTest {
    private static final int QUERIES = 20_000;
    private static final int CLIENTS = 8;
    /** A client that never changes its port would see few endpoints, one that always does no endpoint that leaves. */
    private static final int QUERIES_PER_PORT = 100;
    private static final int CHANGES = 40;
    private static final int CHANGES_PER_RESTART = 8;
    private static final Duration PACE = Duration.ofMillis(1);

    @TempDir
    Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    /**
     * Whoever is taken out may have been asked just before: the answer to that is lost. A retry is not to meet the same
     * fate by chance, so it excludes the change.
     */
    private final ReadWriteLock changing = new ReentrantReadWriteLock();

    @Test
    void twentyThousandQueriesAreAnsweredAtTheFirstRetryAtTheLatestWhileNameServersComeAndGo() throws Exception {
        Requires.dnsmasq();
        DatagramService service = DatagramService.of(Family.IPV4);
        List<Dnsmasq> servers = new ArrayList<>();
        try (ApiDouble api = new ApiDouble(); ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                servers.add(Dnsmasq.start(directory, service.family()));
            }
            api.apply("""
                    apiVersion: v1
                    kind: Node
                    metadata: {name: n1}
                    status: {addresses: [{type: InternalIP, address: %s}]}
                    """.formatted(Addresses.next()));
            FairleadSetup setup = FairleadSetup.in(directory).following(api);
            try (FairleadProcess fairlead = setup.start()) {
                api.apply(service.yaml(""));
                applied(api, fairlead, service, servers);
                List<Future<Integer>> retries = IntStream.range(0, CLIENTS)
                        .mapToObj(i -> clients.submit(() -> askOn(service))).toList();

                for (int change = 1; change <= CHANGES; change++) {
                    Dnsmasq leaving = servers.get(change % servers.size());
                    List<Dnsmasq> others = servers.stream().filter(one -> one != leaving).toList();
                    changing.writeLock().lock();
                    try {
                        applied(api, fairlead, service, others);
                    } finally {
                        changing.writeLock().unlock();
                    }
                    if (change % CHANGES_PER_RESTART == 0) {
                        leaving.restart();
                    }
                    applied(api, fairlead, service, servers);
                    changes.incrementAndGet();
                }

                int all = 0;
                for (Future<Integer> one : retries) {
                    all += one.get();
                }
                assertThat(all).as("each change may cost each client one answer").isLessThanOrEqualTo(
                        CHANGES * CLIENTS);
                assertThat(asked.get()).isGreaterThanOrEqualTo(QUERIES);
                await("the access log is written").untilAsserted(
                        () -> assertThat(fairlead.accessLog().stream().map(AccessLine::endpoint)
                                .collect(Collectors.toSet())).containsAll(addresses(servers)));
            }
        } finally {
            servers.forEach(Dnsmasq::close);
        }
    }

    /**
     * Asks until enough has been asked and changed, and fails where a retry is in vain.
     *
     * @return how many queries took a retry
     */
    private int askOn(DatagramService service) throws IOException, InterruptedException {
        int retries = 0;
        while (asked.get() < QUERIES || changes.get() < CHANGES) {
            try (StubResolver resolver = StubResolver.to(service.address())) {
                for (int i = 0; i < QUERIES_PER_PORT; i++) {
                    DnsName name = DnsName.of(asked.getAndIncrement());
                    if (!resolver.ask(name)) {
                        retries++;
                        changing.readLock().lock();
                        try {
                            assertThat(resolver.again()).as("the first retry for %s was answered", name).isTrue();
                        } finally {
                            changing.readLock().unlock();
                        }
                    }
                    Thread.sleep(PACE);
                }
            }
        }
        return retries;
    }

    /** Returns when new flows go to these alone. */
    private static void applied(ApiDouble api, FairleadProcess fairlead, DatagramService service,
            List<Dnsmasq> servers) {
        api.apply(service.ready(addresses(servers)));
        await("so many endpoints are used").pollInterval(Duration.ofMillis(20))
                .until(() -> fairlead.metric("fairlead_service_endpoints") == servers.size());
    }

    private static List<String> addresses(List<Dnsmasq> servers) {
        return servers.stream().map(Dnsmasq::address).toList();
    }
}
