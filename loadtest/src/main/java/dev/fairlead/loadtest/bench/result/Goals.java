package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.result.Condition.Against;
import java.util.List;
import java.util.regex.Pattern;

/** What was promised, as data. */
public final class Goals {
    private static final Pattern EPOLL = Pattern.compile("fairlead(-epoll)?");
    private static final Pattern IO_URING = Pattern.compile("fairlead-uring");
    private static final Pattern CHANNEL = Pattern.compile("fairlead-channel");
    private static final Pattern FAST = Pattern.compile("fairlead(-epoll|-uring)?");
    private static final Pattern ONE_LOOP = Pattern.compile("fairlead(-epoll|-uring)?-1");
    private static final Pattern MANY_SERVICES = Pattern.compile("fairlead(-epoll|-uring)?-10000");

    private Goals() {
    }

    /** In the order of the README. */
    public static List<Goal> all() {
        return List.of(
                new Goal("connect-64", "new connections, 64 at once, epoll", EPOLL,
                        List.of(cpu(Against.HAPROXY, 0.97), cpu(Against.NGINX, 1.00), rate(Against.HAPROXY, 0.97),
                                rate(Against.NGINX, 0.97), p99(Against.BETTER_PEER))),
                new Goal("connect-64", "new connections, 64 at once, io_uring", IO_URING,
                        List.of(cpu(Against.BETTER_PEER, 0.95), rate(Against.BETTER_PEER, 1),
                                rate(Against.DNAT, 0.92))),
                new Goal("connect-64-log", "the same, one access-log line each", FAST,
                        List.of(cpu(Against.HAPROXY, 0.95))),
                new Goal("pingpong-64", "ping-pong 64 B, 64 connections", FAST,
                        List.of(cpu(Against.BETTER_PEER, 0.90), p99(Against.BETTER_PEER))),
                new Goal("pingpong-512", "ping-pong 64 B, 512 connections", FAST,
                        List.of(cpu(Against.BETTER_PEER, 0.88), p99(Against.BETTER_PEER))),
                bulk("bulk-1-down", "bulk down, 1 stream", 0.60), untuned("bulk-1-down", 0.60),
                bulk("bulk-1-up", "bulk up, 1 stream", 0.60), untuned("bulk-1-up", 0.60),
                bulk("bulk-8-down", "bulk down, 8 streams", 0.42), untuned("bulk-8-down", 0.42),
                bulk("bulk-8-up", "bulk up, 8 streams", 0.42), untuned("bulk-8-up", 0.42),
                new Goal("idle", "9,900 idle connections", FAST,
                        List.of(absolute(Metric.MEMORY_EACH, 1), absolute(Metric.MEMORY_LOADED, 110))),
                new Goal("udp-fixed", "UDP 64 B, 512 client ports", FAST, udp(0.70)),
                new Goal("udp-fixed-1200", "UDP 1,200 B, 512 client ports", FAST, udp(0.70)),
                new Goal("udp-fresh", "UDP 64 B, fresh client ports", FAST, udp(0.65)),
                new Goal("udp-idle", "15,000 idle UDP flows", FAST, List.of(absolute(Metric.HEAP_EACH, 1))),
                new Goal("start", "start to first connection answered", FAST, List.of(absolute(Metric.START, 200))),
                new Goal("services-connect", "10,000 services, new connections", MANY_SERVICES,
                        List.of(cpu(Against.REFERENCE, 1.05))),
                new Goal("services-pingpong", "10,000 services, ping-pong", MANY_SERVICES,
                        List.of(cpu(Against.REFERENCE, 1.05))),
                new Goal("fairness", "ping-pong beside 4 bulk streams on one loop", ONE_LOOP,
                        List.of(p99(Against.BETTER_PEER))),
                new Goal("discovery", "10,000 Services with 25 endpoints each: first state, one change", FAST,
                        List.of(absolute(Metric.SYNC, 10), absolute(Metric.HEAP, 1000),
                                absolute(Metric.CHANGE_P99, 5))),
                new Goal("kernel-rules", "one Service of 10,000 changes", FAST,
                        List.of(change(Against.IPTABLES_LEGACY), change(Against.NFT))),
                new Goal("scrape", "metrics of 10,000 services, all used, are read", MANY_SERVICES,
                        List.of(absolute(Metric.SCRAPE, 300))),
                new Goal("connect-64", "new connections, 64 at once, portable path", CHANNEL, List.of()),
                new Goal("pingpong-64", "ping-pong 64 B, 64 connections, portable path", CHANNEL, List.of()));
    }

    private static Goal bulk(String scenario, String work, double part) {
        return new Goal(scenario, work, FAST, List.of(cpu(Against.BETTER_PEER, part), rate(Against.DNAT, 0.85),
                rate(Against.DEFAULTS, 2.2)));
    }

    /** The peers as they were when the goal was set: HAProxy's pipes are those that it comes with. */
    private static Goal untuned(String scenario, double part) {
        return new Goal(scenario, "the same, HAProxy without tune.pipesize", FAST,
                List.of(cpu(Against.SPLICE_OR_LARGE, part)));
    }

    private static List<Condition> udp(double part) {
        return List.of(cpu(Against.NGINX, part), rate(Against.NGINX, 1.25));
    }

    private static Condition cpu(Against against, double factor) {
        return new Condition(Metric.CPU, against, factor);
    }

    private static Condition rate(Against against, double factor) {
        return new Condition(Metric.RATE, against, factor);
    }

    private static Condition p99(Against against) {
        return new Condition(Metric.P99, against, 1);
    }

    /** Fifty times as fast. */
    private static Condition change(Against against) {
        return new Condition(Metric.CHANGE_P50, against, 0.02);
    }

    private static Condition absolute(Metric metric, double bound) {
        return new Condition(metric, Against.ABSOLUTE, bound);
    }
}
