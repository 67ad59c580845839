package dev.fairlead.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DoorPlace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortMapVipTest {
    private final PortMapVip binder = new PortMapVip();

    private static TransportAddress tcp(String address) {
        return TransportAddress.tcp(IpPort.of(address));
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.10:8080, 127.0.0.1:8080, 127.0.0.1:0", "[fd00:96::a]:8080, [::1]:8080, [::1]:0"})
    void whatIsNotThisMachinesIsServedAtLoopbackAndWhereThePortIsTakenAtAFreeOne(String vip, String first,
            String second) {
        assertThat(binder.acquire(tcp(vip)).places()).containsExactly(DoorPlace.own(IpPort.of(first)),
                DoorPlace.own(IpPort.of(second)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "127.9.9.9:8080", "[::1]:8080", "0.0.0.0:8080"})
    void whatIsThisMachinesStaysWhereItIs(String address) {
        assertThat(binder.acquire(tcp(address)).places()).containsExactly(DoorPlace.own(IpPort.of(address)));
    }

    @Test
    void anAddressThatOpensAgainIsServedWhereItWas() {
        binder.opened(tcp("10.96.0.10:80"), IpPort.of("127.0.0.1:41234"));

        assertThat(binder.acquire(tcp("10.96.0.10:80")).places().getFirst())
                .isEqualTo(DoorPlace.own(IpPort.of("127.0.0.1:41234")));
    }
}
