package dev.fairlead.listen;

import dev.fairlead.listen.AnyIpVip.Wishes;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.ListeningSocket;
import java.util.List;
import java.util.stream.Stream;

/**
 * A station's binder, each of whose steps is done in the node's namespace: what it changes beside routes belongs to the
 * namespace of the thread that calls it.
 */
final class NodeBinder implements AutoCloseable {
    private final Station station;
    private final AnyIpVip binder;

    private NodeBinder(Station station, AnyIpVip binder) {
        this.station = station;
        this.binder = binder;
    }

    /** @param blocks where ClusterIPs come from */
    static NodeBinder open(Station station, OtherPorts others, boolean keep, String... blocks) throws Exception {
        Wishes wishes = new Wishes(Stream.of(blocks).map(block -> Cidr.parse(block).orElseThrow()).toList(), List.of(),
                keep);
        return new NodeBinder(station, station.node.inside(() -> AnyIpVip.open(wishes, others)));
    }

    Lease acquire(String address) throws Exception {
        return station.node.inside(() -> binder.acquire(TransportAddress.tcp(IpPort.of(address))));
    }

    /** A lease, and a socket that listens where it allows. */
    Lease listen(String address) throws Exception {
        Lease lease = acquire(address);
        ListeningSocket socket = station.node
                .inside(() -> ListeningSocket.open(lease.places().getFirst(), SourceFilter.EVERYBODY));
        station.closing(() -> new Kernel().close(socket.fd()));
        return lease;
    }

    void release(Lease lease) {
        station.node.perform(lease::release);
    }

    void settled() {
        station.node.perform(binder::settled);
    }

    void alone(boolean alone) {
        station.node.perform(() -> binder.alone(alone));
    }

    void addressesChanged() {
        station.node.perform(binder::addressesChanged);
    }

    @Override
    public void close() {
        station.node.perform(binder::close);
    }
}
