package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The namespaces of one run: a plain one, and one more for kernel DNAT, since connection tracking taxes every packet of
 * a namespace once a NAT rule exists in it. Closing deletes them.
 */
public final class Networks implements AutoCloseable {
    private static final Pattern OURS = Pattern.compile("^fairlead-(\\d+)-(plain|dnat|extra-[a-z-]+)\\b.*");

    private final String ip;
    private final Network plain;
    private final Optional<Network> dnat;
    private final List<String> notes;
    private final Set<String> extras = ConcurrentHashMap.newKeySet();

    private Networks(String ip, Network plain, Optional<Network> dnat, List<String> notes) {
        this.ip = ip;
        this.plain = plain;
        this.dnat = dnat;
        this.notes = List.copyOf(notes);
    }

    /** Makes them; without the right to, loopback serves and {@link #notes} says what is missing. */
    public static Networks open() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return loopback("not root");
        }
        Optional<String> ip = Command.find("ip").map(Object::toString);
        if (ip.isEmpty()) {
            return loopback("the command ip is not installed (Debian: iproute2)");
        }
        removeLeftovers(ip.get());
        long pid = ProcessHandle.current().pid();
        Network plain = Network.namespace("fairlead-" + pid + "-plain", ip.get());
        Network dnat = Network.namespace("fairlead-" + pid + "-dnat", ip.get());
        List<String> notes = new ArrayList<>();
        Networks made = new Networks(ip.get(), plain, Optional.of(dnat), notes);
        try {
            Command.run(List.of(ip.get(), "netns", "add", plain.name()));
        } catch (IOException forbidden) {
            return loopback("a network namespace cannot be made: " + forbidden.getMessage());
        }
        try {
            Command.run(List.of(ip.get(), "netns", "add", dnat.name()));
            for (Network network : List.of(plain, dnat)) {
                notes.addAll(furnish(network, ip.get()));
            }
        } catch (IOException | InterruptedException failed) {
            made.close();
            throw failed;
        }
        return new Networks(ip.get(), plain, Optional.of(dnat), notes.stream().distinct().toList());
    }

    /** The present namespace's loopback addresses: what is left without root. */
    public static Networks loopback(String reason) {
        return new Networks("", Network.loopback(), Optional.empty(),
                List.of(reason
                        + ": loopback addresses serve, in the present network namespace. Missing then: kernel DNAT,"
                        + " and the same port range, TIME_WAIT and congestion control for all (the machine's own hold)"));
    }

    public Network plain() {
        return plain;
    }

    public Optional<Network> dnat() {
        return dnat;
    }

    /** One more namespace, for a while, with nothing in it; none where there is no right to make one. */
    public Optional<Extra> extra(String purpose) throws IOException, InterruptedException {
        if (dnat.isEmpty()) {
            return Optional.empty();
        }
        Network network = Network.namespace("fairlead-" + ProcessHandle.current().pid() + "-extra-" + purpose, ip);
        extras.add(network.name());
        Command.run(List.of(ip, "netns", "add", network.name()));
        return Optional.of(new Extra(network, this));
    }

    /** A namespace that is deleted when it is closed. */
    public record Extra(Network network, Networks of) implements AutoCloseable {
        @Override
        public void close() {
            delete(of.ip, network.name());
            of.extras.remove(network.name());
        }
    }

    /** What a reader of the numbers should know of the set-up. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {
        dnat.ifPresent(both -> {
            delete(ip, plain.name());
            delete(ip, both.name());
            extras.forEach(name -> delete(ip, name));
        });
    }

    private static List<String> furnish(Network network, String ip) throws IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        inside(network, ip, "link", "set", "lo", "up");
        inside(network, ip, "address", "add", network.vip() + "/32", "dev", "lo");
        for (String endpoint : network.endpoints()) {
            inside(network, ip, "address", "add", endpoint + "/32", "dev", "lo");
        }
        // A whole block is local without ten thousand addresses.
        for (String block : List.of(network.block(), network.sources())) {
            inside(network, ip, "route", "add", "local", block + ".0.0/16", "dev", "lo");
        }
        // The bench's own ports are below the range from which the kernel gives ports to clients.
        set(network, "net.ipv4.ip_local_port_range", "10240 65535");
        set(network, "net.ipv4.tcp_tw_reuse", "1");
        set(network, "net.core.somaxconn", "8192");
        set(network, "net.ipv4.tcp_max_syn_backlog", "8192");
        notes.add("congestion control " + congestionControl(network));
        return notes;
    }

    /** BBR paces and measures the network, which is no part of a comparison on loopback. */
    private static String congestionControl(Network network) throws IOException, InterruptedException {
        for (String name : List.of("cubic", "reno")) {
            try {
                set(network, "net.ipv4.tcp_congestion_control", name);
                return name;
            } catch (IOException notAllowedHere) {
                // The next one; reno is built into every kernel.
            }
        }
        return "as the machine has it (neither cubic nor reno can be set)";
    }

    private static void set(Network network, String key, String value) throws IOException, InterruptedException {
        inside(network, "sysctl", "-q", "-w", key + "=" + value);
    }

    private static void inside(Network network, String... command) throws IOException, InterruptedException {
        Command.run(network.command(List.of(command)));
    }

    /** A run that was killed could not tidy up; its process id says that it is gone. */
    private static void removeLeftovers(String ip) throws IOException, InterruptedException {
        for (String line : Command.run(List.of(ip, "netns", "list")).split("\n", -1)) {
            Matcher ours = OURS.matcher(line);
            if (ours.matches() && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
                delete(ip, "fairlead-" + ours.group(1) + "-" + ours.group(2));
            }
        }
    }

    private static void delete(String ip, String name) {
        try {
            Command.run(List.of(ip, "netns", "delete", name));
        } catch (IOException notThere) {
            // That is what was wanted.
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
