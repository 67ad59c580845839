package dev.fairlead.listen;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DoorPlace;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what is not this machine's at its loopback address: 10.96.0.10:8080 at 127.0.0.1:8080, and where that port is
 * taken or not permitted, at a free one. Changes nothing and needs no privilege: for a laptop and for a sidecar.
 */
public final class PortMapVip implements VipBinder {
    private static final Logger LOG = LoggerFactory.getLogger(PortMapVip.class);
    private static final Map<IpFamily, InetAddress> LOOPBACK = Map.of(IpFamily.IPV4,
            IpText.parse("127.0.0.1").orElseThrow(), IpFamily.IPV6, IpText.parse("::1").orElseThrow());

    // An address that opens again goes where it was, if it can: people have written it down.
    private final Map<TransportAddress, IpPort> before = new ConcurrentHashMap<>();

    @Override
    public Lease acquire(TransportAddress frontend) {
        IpPort wanted = frontend.address();
        if (isLocal(wanted.ip())) {
            return Lease.of(wanted);
        }
        InetAddress loopback = LOOPBACK.getOrDefault(wanted.family(), wanted.ip());
        return Lease.of(List.of(
                DoorPlace.own(before.getOrDefault(frontend, new IpPort(loopback, wanted.port()))),
                DoorPlace.own(new IpPort(loopback, 0))));
    }

    @Override
    public void opened(TransportAddress frontend, IpPort at) {
        if (!at.equals(frontend.address())) {
            before.put(frontend, at);
            LOG.info("{} is served at {}", frontend, at);
        }
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress() || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }
}
