package dev.fairlead.loadtest.bench.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Where contenders and generators meet: a network namespace of the bench's own, or, without root, the present one.
 *
 * @param name of the namespace, or {@code loopback}
 * @param enter the command in front of what shall run in it
 * @param vip the address that clients dial
 * @param block the first two numbers of the addresses for many services, such as {@code 10.97}
 * @param sources the same of the addresses from which a flood comes
 * @param endpoints the addresses of the endpoints, three
 */
public record Network(String name, List<String> enter, String vip, String block, String sources,
        List<String> endpoints) {
    /** Of the endpoints, how many serve; the third comes and goes in the churn scenario. */
    public static final int SERVING = 2;

    /** {@link #block} in a network namespace. */
    public static final String BLOCK = "10.97";

    private static final String SOURCES = "10.98";

    static Network namespace(String name, String ip) {
        return new Network(name, List.of(ip, "netns", "exec", name), "10.96.0.10", BLOCK, SOURCES,
                List.of("10.244.0.11", "10.244.0.12", "10.244.0.13"));
    }

    static Network loopback() {
        return new Network("loopback", List.of(), "127.96.0.10", "127.97", "127.98",
                List.of("127.244.0.11", "127.244.0.12", "127.244.0.13"));
    }

    /** The command, inside. The namespace's {@code ip netns exec} becomes the command: its process is the command's. */
    public List<String> command(List<String> inner) {
        List<String> whole = new ArrayList<>(enter);
        whole.addAll(inner);
        return whole;
    }
}
