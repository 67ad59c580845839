package dev.fairlead.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a storm does.
 *
 * @param to the address every connection is opened to
 * @param talk what is said on it
 * @param connections how many are opened, unless time ends first
 * @param concurrency how many at the same time
 * @param orders who closes first, taken in turn; only where the {@link Talk} is {@link Talk#TOLD}
 * @param mostBytes the largest payload each way; sizes are random and small ones as frequent as large ones
 * @param path what HTTP asks for
 * @param seed of all dice
 * @param time after which no connection is opened any more
 * @param silence how long an answer may take before the connection counts as failed
 */
public record StormPlan(InetSocketAddress to, Talk talk, int connections, int concurrency, List<CloseOrder> orders,
        long mostBytes, String path, long seed, Duration time, Duration silence) {
    public StormPlan {
        orders = List.copyOf(orders);
    }

    /** What is said. */
    public enum Talk {
        /** The endpoint says its name; the client tells it who closes how; payloads are checked. */
        TOLD,
        /** One HTTP request; the endpoint's name is the answer's {@code X-Endpoint}. */
        HTTP,
        /** The endpoint says its name and closes. */
        NAME
    }

    /** 1,000 told connections in every order, 32 at once, within a minute. */
    public static StormPlan to(InetSocketAddress address, long seed) {
        return new StormPlan(address, Talk.TOLD, 1000, 32, CloseOrder.all(), 64 * 1024, "/", seed,
                Duration.ofMinutes(1), Duration.ofSeconds(10));
    }

    public StormPlan withTalk(Talk value) {
        return new StormPlan(to, value, connections, concurrency, orders, mostBytes, path, seed, time, silence);
    }

    public StormPlan withConnections(int value) {
        return new StormPlan(to, talk, value, concurrency, orders, mostBytes, path, seed, time, silence);
    }

    public StormPlan withConcurrency(int value) {
        return new StormPlan(to, talk, connections, value, orders, mostBytes, path, seed, time, silence);
    }

    public StormPlan withOrders(List<CloseOrder> value) {
        return new StormPlan(to, talk, connections, concurrency, value, mostBytes, path, seed, time, silence);
    }

    public StormPlan withMostBytes(long value) {
        return new StormPlan(to, talk, connections, concurrency, orders, value, path, seed, time, silence);
    }

    public StormPlan withPath(String value) {
        return new StormPlan(to, talk, connections, concurrency, orders, mostBytes, value, seed, time, silence);
    }

    public StormPlan withTime(Duration value) {
        return new StormPlan(to, talk, connections, concurrency, orders, mostBytes, path, seed, value, silence);
    }

    public StormPlan withSilence(Duration value) {
        return new StormPlan(to, talk, connections, concurrency, orders, mostBytes, path, seed, time, value);
    }
}
