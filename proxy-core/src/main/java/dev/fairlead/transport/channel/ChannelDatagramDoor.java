package dev.fairlead.transport.channel;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramAcceptor;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.Kernel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One UDP socket for each loop, or one where the system knows no group of sockets. */
final class ChannelDatagramDoor implements DatagramDoor {
    private final IpPort address;
    private final List<DoorSocket> sockets;

    private ChannelDatagramDoor(IpPort address, List<DoorSocket> sockets) {
        this.address = address;
        this.sockets = sockets;
    }

    /**
     * Opens one.
     *
     * @param lost counts what the kernel has no room for
     */
    static ChannelDatagramDoor open(ChannelKind kind, List<Loop> loops, DoorPlace place, DatagramAcceptor acceptor,
            LongAdder lost) throws OpenFailure {
        List<UdpSocket> bound = new ArrayList<>();
        try {
            IpPort address = bind(kind, loops.size(), place, bound);
            List<DoorSocket> sockets = new ArrayList<>();
            for (UdpSocket socket : bound) {
                sockets.add(new DoorSocket(kind, (ChannelLoop) loops.get(sockets.size()), sockets.size(), socket,
                        acceptor, lost));
            }
            ChannelDatagramDoor door = new ChannelDatagramDoor(address, sockets);
            door.read();
            return door;
        } catch (IOException | ChannelException failure) {
            bound.stream().filter(socket -> !socket.channel().isRegistered()).forEach(UdpSocket::close);
            throw KernelWords.openFailure(place.address(), failure);
        }
    }

    /** Takes another process's over; some loops read two of them, or none, where there are not as many. */
    static ChannelDatagramDoor adopt(ChannelKind kind, List<Loop> loops, List<UdpSocket> bound, IpPort address,
            DatagramAcceptor acceptor, LongAdder lost) {
        List<DoorSocket> sockets = new ArrayList<>();
        for (UdpSocket socket : bound) {
            int index = sockets.size();
            sockets.add(new DoorSocket(kind, (ChannelLoop) loops.get(index % loops.size()), index, socket, acceptor,
                    lost));
        }
        return new ChannelDatagramDoor(address, sockets);
    }

    /**
     * Binds all sockets before one is read: the kernel assigns clients anew with each one that joins. The first is not
     * shared before it is bound, so that it cannot join a group of somebody else's.
     */
    private static IpPort bind(ChannelKind kind, int count, DoorPlace place, List<UdpSocket> bound)
            throws IOException {
        IpPort wanted = place.address();
        UdpSocket first = made(kind, place, bound);
        first.bind(wanted.socketAddress());
        IpPort address = new IpPort(wanted.ip(), first.localAddress().getPort());
        if (count == 1 || !first.shareable()) {
            return address;
        }
        first.share();
        while (bound.size() < count) {
            UdpSocket next = made(kind, place, bound);
            next.share();
            next.bind(address.socketAddress());
        }
        for (UdpSocket socket : bound) {
            socket.discard(); // may be of clients that are another socket's by now
        }
        return address;
    }

    private static UdpSocket made(ChannelKind kind, DoorPlace place, List<UdpSocket> bound) throws IOException {
        UdpSocket socket = kind.newUdpSocket(place.address().family());
        bound.add(socket);
        socket.receiveBuffer(RECEIVE_BUFFER);
        if (place.foreign()) {
            kind.bindAnywhere().ifPresent(option -> socket.channel().config().setOption(option, true));
        }
        return socket;
    }

    private void read() throws IOException {
        for (DoorSocket socket : sockets) {
            ChannelFuture registered = socket.read().awaitUninterruptibly();
            if (!registered.isSuccess()) {
                close();
                throw new IOException(registered.cause());
            }
        }
    }

    @Override
    public IpPort address() {
        return address;
    }

    @Override
    public List<Integer> descriptors() {
        return sockets.stream().flatMapToInt(socket -> socket.descriptor().stream()).boxed().toList();
    }

    @Override
    public void pause() {
        onLoops(DoorSocket::pause);
    }

    @Override
    public void resume() {
        onLoops(DoorSocket::resume);
    }

    private void onLoops(Consumer<DoorSocket> what) {
        List<CompletableFuture<Void>> doing = new ArrayList<>();
        for (DoorSocket socket : sockets) {
            try {
                doing.add(CompletableFuture.runAsync(() -> what.accept(socket), socket.loop()));
            } catch (RejectedExecutionException ended) {
                // And so has everything on it.
            }
        }
        doing.forEach(CompletableFuture::join);
    }

    @Override
    public void bring(BroughtFlow flow, DatagramAcceptor taker) {
        if (flow.socket() >= sockets.size()) {
            new Kernel().close(flow.descriptor());
            return;
        }
        DoorSocket socket = sockets.get(flow.socket());
        try {
            socket.loop().execute(() -> socket.bring(flow, taker));
        } catch (RejectedExecutionException ended) {
            new Kernel().close(flow.descriptor());
        }
    }

    @Override
    public synchronized void close() {
        sockets.forEach(DoorSocket::close);
    }
}
