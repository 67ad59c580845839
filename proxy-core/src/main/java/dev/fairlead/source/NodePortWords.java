package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code nodePortAddresses} means on one node (kube-proxy's util/nodeport_addresses.go; the words localhost and
 * all are KEP-6032's). A word is about both families, a CIDR about its own; a family that nothing is about has all
 * addresses.
 */
final class NodePortWords {
    static final String PRIMARY = "primary";
    static final String LOCALHOST = "localhost";
    static final String ALL = "all";

    private static final InetAddress IPV4_LOOPBACK = IpText.parse("127.0.0.1").orElseThrow();
    private static final InetAddress IPV6_LOOPBACK = IpText.parse("::1").orElseThrow();

    private final List<InetAddress> known;
    private final boolean localhostToo;
    private final List<InetAddress> primary = new ArrayList<>();
    private final List<Cidr> blocks = new ArrayList<>();
    private final Set<IpFamily> all = EnumSet.noneOf(IpFamily.class);
    private final Set<IpFamily> loopback = EnumSet.noneOf(IpFamily.class);

    private NodePortWords(List<InetAddress> known, boolean localhostToo) {
        this.known = known;
        this.localhostToo = localhostToo;
    }

    /**
     * What cannot be read was meant to narrow: it is noted, and does not open every address.
     *
     * @param interfaces the addresses that blocks and all choose from; empty where they are not known, and the node's
     *     own are all there are
     */
    static NodePortWords read(TranslationSettings.NodePorts settings, NodeIdentity node,
            Optional<List<InetAddress>> interfaces, Notes notes) {
        NodePortWords words = new NodePortWords(interfaces.orElse(node.addresses()), settings.localhost());
        EnumSet<IpFamily> about = EnumSet.noneOf(IpFamily.class);
        for (String text : settings.addresses()) {
            switch (text.strip()) {
                case PRIMARY -> {
                    about.addAll(List.of(IpFamily.values()));
                    for (IpFamily family : IpFamily.values()) {
                        node.primary(family).ifPresent(words.primary::add);
                    }
                }
                case LOCALHOST -> {
                    about.addAll(List.of(IpFamily.values()));
                    words.loopback.addAll(List.of(IpFamily.values()));
                }
                case ALL -> {
                    about.addAll(List.of(IpFamily.values()));
                    words.all.addAll(List.of(IpFamily.values()));
                    words.loopback.addAll(List.of(IpFamily.values()));
                }
                default -> {
                    Optional<Cidr> block = Cidr.parse(text);
                    if (block.isEmpty()) {
                        about.addAll(List.of(IpFamily.values()));
                        notes.add("nodePortAddresses: \"" + text
                                + "\" matches nothing (expected: a CIDR such as 10.0.0.0/8, primary, localhost or all)");
                    } else {
                        about.add(block.get().family());
                        words.add(block.get());
                    }
                }
            }
        }
        words.all.addAll(EnumSet.complementOf(about));
        return words;
    }

    private void add(Cidr block) {
        if (block.prefix() == 0) {
            all.add(block.family());
            return;
        }
        blocks.add(block);
        if (block.contains(loopback(block.family()))) {
            loopback.add(block.family());
        }
    }

    /** Those that are said by their names first, then as the node has them, loopback last. */
    List<InetAddress> addresses(IpFamily family) {
        List<InetAddress> addresses = new ArrayList<>(
                primary.stream().filter(ip -> IpFamily.of(ip) == family).toList());
        for (InetAddress ip : known) {
            if (IpFamily.of(ip) == family && !addresses.contains(ip)
                    && (all.contains(family) || blocks.stream().anyMatch(block -> block.contains(ip)))) {
                addresses.add(ip);
            }
        }
        // kube-proxy's rules reach 127.0.0.1 wherever they reach all of a known node's addresses, and never ::1.
        boolean byDefault = family == IpFamily.IPV4 && all.contains(family) && localhostToo
                && !known.isEmpty();
        InetAddress own = loopback(family);
        if ((byDefault || loopback.contains(family)) && !addresses.contains(own)) {
            addresses.add(own);
        }
        return addresses;
    }

    private static InetAddress loopback(IpFamily family) {
        return switch (family) {
            case IPV4 -> IPV4_LOOPBACK;
            case IPV6 -> IPV6_LOOPBACK;
        };
    }
}
