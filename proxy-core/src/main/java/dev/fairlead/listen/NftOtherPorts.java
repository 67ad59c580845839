package dev.fairlead.listen;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.transport.linux.SystemCommand;
import dev.fairlead.transport.linux.netlink.AddressSet;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One nftables table of constant size: packets to the proxy's addresses that would reach a socket bound to the wildcard
 * address are rejected, as where nobody listens. Sockets bound to just that address, which are the proxy's doors, are
 * not looked at.
 */
public final class NftOtherPorts implements OtherPorts {
    /** The name of the table, of family inet; nobody else's. */
    public static final String TABLE = "fairlead";

    private static final Logger LOG = LoggerFactory.getLogger(NftOtherPorts.class);
    private static final String SET_4 = "vips4";
    private static final String SET_6 = "vips6";

    private final SystemCommand nft;
    private final List<Cidr> blocks;
    private Optional<AddressSet> set = Optional.empty();
    private boolean told;

    /**
     * Changes nothing yet: the table comes with the first address.
     *
     * @param nft the command
     * @param blocks addresses that are all the proxy's, beside those that come one by one
     */
    public NftOtherPorts(SystemCommand nft, List<Cidr> blocks) {
        this.nft = nft;
        this.blocks = List.copyOf(blocks);
    }

    /** The command {@code nft}; empty where it is not installed. */
    public static Optional<SystemCommand> command() {
        return SystemCommand.find("nft");
    }

    /** Puts the table in place, new and without the addresses that an earlier run had added to it. */
    public synchronized void install() throws IOException {
        nft.run("table inet " + TABLE + "\ndelete table inet " + TABLE + "\n" + table(), "-f", "-");
        set = Optional.of(new AddressSet(TABLE, SET_4, SET_6));
    }

    private String table() {
        StringBuilder text = new StringBuilder("""
                table inet %s {
                  set %s { type ipv4_addr; }
                  set %s { type ipv6_addr; }
                  chain wildcard {
                    socket wildcard 1 meta l4proto tcp reject with tcp reset
                    socket wildcard 1 meta l4proto udp reject
                  }
                  chain input {
                    type filter hook input priority filter - 10; policy accept;
                    ip daddr @%s goto wildcard
                    ip6 daddr @%s goto wildcard
                """.formatted(TABLE, SET_4, SET_6, SET_4, SET_6));
        for (Cidr block : blocks) {
            text.append("    ").append(block.family() == IpFamily.IPV4 ? "ip" : "ip6").append(" daddr ").append(block)
                    .append(" goto wildcard\n");
        }
        return text.append("  }\n}\n").toString();
    }

    @Override
    public synchronized void refuseAt(InetAddress address) {
        try {
            if (set.isEmpty()) {
                install();
            }
            set.orElseThrow().add(address);
        } catch (IOException failure) {
            tell(failure);
        }
    }

    @Override
    public synchronized void leave(InetAddress address) {
        try {
            if (set.isPresent()) {
                set.get().remove(address);
            }
        } catch (IOException failure) {
            tell(failure);
        }
    }

    private void tell(IOException failure) {
        if (!told) {
            told = true;
            LOG.warn("processes that listen at 0.0.0.0 or [::] may answer at service addresses: {}",
                    failure.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        set.ifPresent(AddressSet::close);
        set = Optional.empty();
        try {
            remove(nft);
        } catch (IOException failure) {
            LOG.warn("the nftables table inet {} may be left: {}", TABLE, failure.getMessage());
        }
    }

    /** Removes the table, whoever made it; whether there was one. */
    public static boolean remove(SystemCommand nft) throws IOException {
        boolean there = isThere(nft);
        if (there) {
            nft.run("delete table inet " + TABLE + "\n", "-f", "-");
        }
        return there;
    }

    /** Whether there is a table, whoever made it. */
    static boolean isThere(SystemCommand nft) throws IOException {
        return nft.run("list tables inet\n", "-f", "-").lines().anyMatch(line -> line.equals("table inet " + TABLE));
    }
}
