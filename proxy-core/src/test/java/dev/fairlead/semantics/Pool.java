package dev.fairlead.semantics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The few addresses of one family that generated clusters are made of: few, so that they meet.
 *
 * @param node this node's addresses, the primary first
 * @param localPods addresses of pods on this node
 * @param ranges source ranges, of which each lets some of the sources in
 */
record Pool(String family, List<String> clusterIps, String unusedClusterIp, String serviceBlock,
        List<String> externalIps, List<String> vips, List<String> node, String otherNode, List<String> localPods,
        List<String> otherPods, String podBlock, String nodePodBlock, List<String> loopbacks, List<String> strangers,
        List<String> ranges) {
    static final Pool V4 = new Pool("IPv4", List.of("10.96.0.10", "10.96.0.11", "10.96.0.24", "10.96.0.25"),
            "10.96.0.200", "10.96.0.0/24", List.of("203.0.113.1", "203.0.113.12", "198.51.100.77"),
            List.of("203.0.113.18", "203.0.113.19"), List.of("192.168.0.2", "192.168.1.2"), "192.168.0.3",
            List.of("10.244.1.10", "10.244.1.11"), List.of("10.244.2.10", "10.244.2.11"), "10.244.0.0/16",
            "10.244.1.0/24", List.of("127.0.0.1", "127.0.0.2"), List.of("198.18.0.5", "198.18.0.200"),
            List.of("198.18.0.0/25", " 198.18.0.0/25 ", "198.18.0.9/30", "010.244.000.000/16", "10.244.1.10/32",
                    "192.168.0.0/24", "192.168.0.2/32", "203.0.113.16/28", "128.0.0.0/1"));
    static final Pool V6 = new Pool("IPv6", List.of("fd03::10", "fd03::11", "fd03::24", "fd03::a25"), "fd03::200",
            "fd03::/108", List.of("fd04::1", "fd04::12", "2001:db8:7::77"), List.of("fd04::18", "fd04::19"),
            List.of("fd01::2", "fd01:0:0:1::2"), "fd01::3", List.of("fd02:0:0:1::10", "fd02:0:0:1::11"),
            List.of("fd02:0:0:2::10", "fd02:0:0:2::11"), "fd02::/48", "fd02:0:0:1::/64", List.of("::1"),
            List.of("2001:db8::5", "2001:db8:0:1::5"),
            List.of("2001:db8::/64", "\t2001:db8::/64", "2001:DB8::4/127", "fd02::/48", "fd02:0:0:1::10/128",
                    "fd01::/64", "fd01::2/128", "fd04::10/124", "2000::/3"));

    static Pool of(int bits) {
        return bits == 32 ? V4 : V6;
    }

    List<String> pods() {
        List<String> pods = new ArrayList<>(localPods);
        pods.addAll(otherPods);
        return pods;
    }

    /** The same address, sometimes written in another way: with leading zeros, in capitals, at full length. */
    static String spelled(Dice dice, String address) {
        if (dice.percent(75)) {
            return address;
        }
        if (address.contains(":")) {
            return dice.percent(50) ? Ip.of(address).toString() : address.toUpperCase(Locale.ROOT);
        }
        String[] parts = address.split("\\.", -1);
        int place = dice.below(parts.length);
        parts[place] = "0".repeat(dice.percent(70) ? 1 : 3 - Math.min(2, parts[place].length())) + parts[place];
        return String.join(".", parts);
    }
}
