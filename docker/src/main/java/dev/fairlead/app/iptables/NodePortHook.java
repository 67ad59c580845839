package dev.fairlead.app.iptables;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * On which addresses of one family kube-proxy's rules lead to NodePorts (util/nodeport_addresses.go).
 *
 * @param all on every address that the kernel takes for its own
 * @param localhost whether loopback is among them; in IPv6 it never is, since the kernel would not route it
 * @param addresses where not all: these, the node's own order
 */
public record NodePortHook(boolean all, boolean localhost, List<InetAddress> addresses) {
    private static final InetAddress IPV4_LOOPBACK = IpText.parse("127.0.0.1").orElseThrow();

    public NodePortHook {
        addresses = List.copyOf(addresses);
    }

    /** What {@code nodePortAddresses} comes to on a node. */
    public static NodePortHook of(NodePorts settings, NodeIdentity node, IpFamily family) {
        boolean localhost = family == IpFamily.IPV4 && settings.localhost();
        List<Cidr> blocks = new ArrayList<>();
        boolean spoken = false;
        for (String word : settings.addresses()) {
            Optional<Cidr> block = Cidr.parse(word);
            if (word.strip().equals("all") || block.filter(b -> b.family() == family && b.prefix() == 0).isPresent()) {
                return new NodePortHook(true, localhost, List.of());
            }
            spoken |= block.isEmpty() || block.get().family() == family;
            block.filter(b -> b.family() == family).ifPresent(blocks::add);
            switch (word.strip()) {
                case "primary" -> node.primary(family).ifPresent(ip -> blocks.add(new Cidr(ip, family.bits())));
                case "localhost" -> blocks.add(new Cidr(IPV4_LOOPBACK, IpFamily.IPV4.bits()));
                default -> {
                    // A block, or nothing that can be read, which the translation has said already.
                }
            }
        }
        if (!spoken) {
            return new NodePortHook(true, localhost, List.of());
        }
        List<InetAddress> addresses = new ArrayList<>(node.addresses());
        if (localhost && !addresses.contains(IPV4_LOOPBACK)) {
            addresses.add(IPV4_LOOPBACK);
        }
        return new NodePortHook(false, localhost, addresses.stream()
                .filter(ip -> IpFamily.of(ip) == family && blocks.stream().anyMatch(block -> block.contains(ip)))
                .toList());
    }
}
