package dev.fairlead.balance;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import java.util.List;
import java.util.stream.IntStream;

/** Upstreams to pick from. */
public final class Upstreams {
    public static final ServicePortName SERVICE = new ServicePortName(new ServiceName("default", "web"), "http",
            Protocol.TCP, IpFamily.IPV4);

    private Upstreams() {
    }

    /** Sorted by address: 10.0.0.0:80, 10.0.0.1:80, ... */
    static List<Upstream> some(int count) {
        return IntStream.range(0, count).mapToObj(Upstreams::at).toList();
    }

    static Upstream at(int index) {
        return new Upstream(SERVICE, IpPort.of("10.0." + (index >> 8) + "." + (index & 255) + ":80"), Gate.OPEN);
    }
}
