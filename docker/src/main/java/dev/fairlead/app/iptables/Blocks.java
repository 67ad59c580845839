package dev.fairlead.app.iptables;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Blocks of addresses as iptables takes them: by their first address. */
final class Blocks {
    /** How far {@link #pick} looks for an address that is not to be taken. */
    private static final int PATIENCE = 4096;

    private Blocks() {
    }

    /** The same block, written by its first address. */
    static Cidr network(Cidr block) {
        byte[] bytes = block.base().getAddress();
        for (int bit = block.prefix(); bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return new Cidr(address(bytes), block.prefix());
    }

    /** The same sources in as few blocks as follow from leaving out those inside others; in the order of their text. */
    static List<Cidr> outermost(Collection<Cidr> blocks) {
        List<Cidr> networks = blocks.stream().map(Blocks::network).distinct().toList();
        return networks.stream()
                .filter(block -> networks.stream().noneMatch(other -> !other.equals(block) && inside(block, other)))
                .sorted((a, b) -> a.toString().compareTo(b.toString())).toList();
    }

    /** Whether every address of one block lies in another. */
    static boolean inside(Cidr inner, Cidr outer) {
        return inner.prefix() >= outer.prefix() && outer.contains(inner.base());
    }

    /** Whether one of the blocks has the address. */
    static boolean contain(Collection<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    /** For a reader: {@code 10.0.0.0/8, 192.0.2.1/32}. */
    static String words(Collection<Cidr> blocks) {
        return blocks.stream().map(Cidr::toString).collect(Collectors.joining(", "));
    }

    /**
     * An address of the block that may be taken; empty where all near its ends may not. From the end first, since pods
     * get theirs from the start.
     */
    static Optional<InetAddress> pick(Cidr block, Predicate<InetAddress> free) {
        byte[] first = network(block).base().getAddress();
        byte[] last = first.clone();
        for (int bit = block.prefix(); bit < last.length * 8; bit++) {
            last[bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        // The ends of an IPv4 network are nobody's.
        int skip = block.family() == IpFamily.IPV4 && block.prefix() < 31 ? 1 : 0;
        for (int i = 0; i < PATIENCE; i++) {
            for (byte[] end : List.of(last, first)) {
                InetAddress candidate = address(end);
                if (i >= skip && block.contains(candidate) && free.test(candidate)) {
                    return Optional.of(candidate);
                }
            }
            step(last, -1);
            step(first, 1);
        }
        return Optional.empty();
    }

    private static void step(byte[] bytes, int by) {
        int carry = by;
        for (int i = bytes.length - 1; i >= 0 && carry != 0; i--) {
            int sum = (bytes[i] & 0xff) + carry;
            bytes[i] = (byte) sum;
            carry = sum < 0 ? -1 : sum > 0xff ? 1 : 0;
        }
    }

    /** A block as iptables prints one: with a prefix, a dotted mask, or none. */
    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.indexOf('.', slash) < 0) {
            return Cidr.parse(text);
        }
        Optional<InetAddress> base = IpText.parse(text.substring(0, slash));
        Optional<InetAddress> mask = IpText.parse(text.substring(slash + 1));
        if (base.isEmpty() || mask.isEmpty()) {
            return Optional.empty();
        }
        int bits = 0;
        for (byte part : mask.get().getAddress()) {
            bits = (bits << 8) | (part & 0xff);
        }
        int prefix = Integer.numberOfLeadingZeros(~bits);
        boolean contiguous = prefix == 32 || bits << prefix == 0;
        return contiguous && IpFamily.of(base.get()) == IpFamily.IPV4
                ? Optional.of(new Cidr(base.get(), prefix))
                : Optional.empty();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("length: " + bytes.length + " (expected: 4 or 16)", impossible);
        }
    }
}
