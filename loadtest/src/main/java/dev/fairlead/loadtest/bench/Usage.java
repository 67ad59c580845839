package dev.fairlead.loadtest.bench;

/** What {@code loadtest/run --help} says, on one screen. */
final class Usage {
    private Usage() {
    }

    static String text() {
        return """
                Measures Fairlead beside HAProxy, nginx, no proxy and kernel DNAT on the same work.
                Usage: loadtest/run [SCENARIO...] [OPTIONS]
                  --all               Every scenario but kernel-rules, one-door, its discovery,
                                      scrape, udp-fresh-untold, the udp-floods and the soak.
                  --list              Name the scenarios.
                  --against=WHO,...   Of haproxy, nginx, direct and dnat; all of them by default.
                  --rounds=N          Turns of each contender, which alternate: A B C, A B C (5).
                  --seconds=S         Measured per turn (1.6).
                  --minutes=M         Length of the soak (10).
                  --out=DIR           Where SCENARIO.json and chart.svg go (loadtest/results).
                  --readme            Write the results into README.md, also without a scenario.
                  -h, --help          Show this and exit.

                As root the contenders run in network namespaces of their own; without, on
                loopback addresses, and without kernel DNAT. Compared is CPU per unit of work,
                read from the operating system; latency is taken in an open loop at 70 % of
                what the slowest can do. Exit code 1: something failed or a row has errors.
                """;
    }
}
