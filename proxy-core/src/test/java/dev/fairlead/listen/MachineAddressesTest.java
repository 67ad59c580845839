package dev.fairlead.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.netlink.InterfaceAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MachineAddressesTest {
    private static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    @Test
    void loopbackLinkLocalIpv6AndTheServicesOfIpvsAreNotTheNodes() {
        List<InterfaceAddress> all = Stream.of("lo 127.0.0.1", "lo ::1", "eth0 192.168.0.1", "eth0 fe80::1",
                "eth0 fd00::1", "kube-ipvs0 10.96.0.10", "nodelocaldns 169.254.20.10", "eth1 192.168.0.1")
                .map(words -> words.split(" ", -1)).map(words -> new InterfaceAddress(words[0], ip(words[1])))
                .toList();

        assertThat(MachineAddresses.usable(all)).containsExactly(ip("192.168.0.1"), ip("fd00::1"),
                ip("169.254.20.10"));
    }

    @Test
    void whoeverListensIsToldOfAChangeAndFindsItThen() throws Exception {
        try (Station station = new Station()) {
            AtomicInteger told = new AtomicInteger();
            try (MachineAddresses machine = station.node.inside(MachineAddresses::new)) {
                assertThat(machine.now().orElseThrow()).contains(ip("192.168.7.1"), ip("fd00:7::1"));
                machine.onChange(told::incrementAndGet);

                station.node.ip("address add 192.168.7.9/24 dev eth1");

                await().untilAsserted(() -> assertThat(told).hasPositiveValue());
                assertThat(machine.now().orElseThrow()).contains(ip("192.168.7.9"));
            }
        }
    }
}
