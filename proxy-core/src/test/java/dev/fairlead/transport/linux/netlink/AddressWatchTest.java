package dev.fairlead.transport.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.NetworkNamespace;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressWatchTest {
    @Test
    void addressesThatComeAndGoAreToldInBothFamilies() throws Exception {
        List<List<InterfaceAddress>> told = new CopyOnWriteArrayList<>();
        try (NetworkNamespace node = NetworkNamespace.open()) {
            node.ip("link add bridge0 type bridge");
            node.ip("link set bridge0 up");
            try (AddressWatch watch = node.inside(() -> AddressWatch.start(told::add))) {
                assertThat(watch.now()).contains(new InterfaceAddress("lo", IpText.parse("127.0.0.1").orElseThrow()));

                for (String address : List.of("192.168.7.9/24", "fd00:7::9/64")) {
                    InterfaceAddress expected = new InterfaceAddress("bridge0",
                            IpText.parse(address.substring(0, address.indexOf('/'))).orElseThrow());
                    node.ip("address add " + address + " dev bridge0" + (address.contains(":") ? " nodad" : ""));
                    await().untilAsserted(() -> assertThat(told).anyMatch(all -> all.contains(expected)));
                    assertThat(watch.now()).contains(expected);

                    node.ip("address del " + address + " dev bridge0");
                    await().untilAsserted(() -> assertThat(told.getLast()).doesNotContain(expected));
                    assertThat(watch.now()).doesNotContain(expected);
                }
            }
        }
    }

    @Test
    void anAddressIsToldOnceItIsKnownToBeNobodyElses() throws Exception {
        InterfaceAddress ours = new InterfaceAddress("eth1", IpText.parse("fd00:8::9").orElseThrow());
        List<List<InterfaceAddress>> told = new CopyOnWriteArrayList<>();
        try (NetworkNamespace node = NetworkNamespace.open()) {
            node.ip("link add eth1 type veth peer name eth2");
            node.ip("link set eth2 up");
            node.ip("link set eth1 up");
            try (AddressWatch watch = node.inside(() -> AddressWatch.start(told::add))) {
                node.ip("address add fd00:8::9/64 dev eth1");

                await().untilAsserted(() -> assertThat(watch.now()).contains(ours));
                assertThat(node.ip("address show dev eth1 tentative")).doesNotContain("fd00:8::9");
            }
        }
    }
}
