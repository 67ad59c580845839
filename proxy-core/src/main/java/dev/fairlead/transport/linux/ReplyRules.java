package dev.fairlead.transport.linux;

import dev.fairlead.model.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Replies to an address that a socket of ours has assumed, and ICMP errors about what it sent, come to that socket,
 * instead of being routed to whose address it is: nftables marks them, and the mark has a routing table in which every
 * address is local (Documentation/networking/tproxy.rst). Made by the commands {@code ip} and {@code nft} in the
 * network namespace of this process. Rules that a process left behind when it was killed are replaced.
 */
public final class ReplyRules {
    /** One bit, so that the other bits' meanings stay whoever's they are. */
    private static final String MARK = "0x40/0x40";
    /** Of the routing table; the rule that looks there has the same priority. */
    private static final String NUMBER = "4070";
    private static final String NAME = "inet fairlead_replies";

    private static final String RULES = """
            table %1$s
            delete table %1$s
            table %1$s {
              chain prerouting {
                type filter hook prerouting priority mangle; policy accept;
                meta l4proto { tcp, udp, icmp, ipv6-icmp } socket transparent 1 meta mark set meta mark or 0x40
              }
            }
            """.formatted(NAME);

    private ReplyRules() {
    }

    /** Why sockets cannot assume an address here, or the rules cannot be made; empty where they may be. */
    public static Optional<String> unavailable() {
        Optional<String> noKernel = Kernel.unavailable();
        if (noKernel.isPresent()) {
            return noKernel;
        }
        if (!Capability.effective().contains(Capability.NET_ADMIN)) {
            return Optional.of("it takes the capability NET_ADMIN, which is not held");
        }
        Kernel kernel = new Kernel();
        int fd = kernel.socket(IpFamily.IPV4);
        if (fd < 0) {
            return Optional.of(Errno.word(-fd));
        }
        int result = kernel.transparent(fd);
        kernel.close(fd);
        return result == 0
                ? Optional.empty()
                : Optional.of(Errno.word(-result));
    }

    /**
     * Makes the rules.
     *
     * @throws IOException what could not be done, and what the command said; nothing is left then
     */
    public static void install() throws IOException {
        try {
            run(RULES, "nft", "-f", "-");
            for (String family : families()) {
                run("", "ip", family, "route", "replace", "local", "default", "dev", "lo", "table", NUMBER);
                addRule(family);
            }
        } catch (IOException failure) {
            remove();
            throw failure;
        }
    }

    /** One that is there is left alone: connections of a process that is being replaced rely on it. */
    private static void addRule(String family) throws IOException {
        try {
            run("", "ip", family, "rule", "add", "fwmark", MARK, "lookup", NUMBER, "priority", NUMBER);
        } catch (IOException failure) {
            if (!String.valueOf(failure.getMessage()).contains("File exists")) {
                throw failure;
            }
        }
    }

    /** Removes them, whoever made them; whether there was anything to remove. */
    public static boolean remove() {
        boolean there = attempt("nft", "delete", "table", "inet", NAME.substring(NAME.indexOf(' ') + 1));
        for (String family : families()) {
            there |= attempt("ip", family, "rule", "del", "fwmark", MARK, "lookup", NUMBER);
            attempt("ip", family, "route", "flush", "table", NUMBER);
        }
        return there;
    }

    private static List<String> families() {
        return Files.exists(Path.of("/proc/net/if_inet6")) ? List.of("-4", "-6") : List.of("-4");
    }

    /** What is not there need not be removed. */
    private static boolean attempt(String command, String... arguments) {
        try {
            run("", command, arguments);
            return true;
        } catch (IOException nothingThere) {
            return false;
        }
    }

    private static void run(String input, String command, String... arguments) throws IOException {
        SystemCommand.required(command).run(input, arguments);
    }
}
