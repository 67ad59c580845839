package dev.fairlead.transport.datagram;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramAcceptor;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of sockets that share an address, one for each loop. The kernel sends a client to the same one as long as the
 * group's size does not change: it is complete before any of them is read, and goes as a whole. Any thread.
 */
public final class SocketDoor implements DatagramDoor {
    private static final Logger LOG = LoggerFactory.getLogger(SocketDoor.class);

    private final IpPort address;
    private final List<DoorSocket> sockets;

    private SocketDoor(IpPort address, List<DoorSocket> sockets) {
        this.address = address;
        this.sockets = sockets;
    }

    /**
     * Opens one. Not on a loop.
     *
     * @param loops at least one
     * @throws OpenFailure when the kernel will not
     */
    public static SocketDoor open(DoorPlace place, DatagramAcceptor acceptor, List<DatagramLoop> loops)
            throws OpenFailure {
        Kernel kernel = new Kernel();
        List<Integer> group = new ArrayList<>();
        IpPort bound = place.address();
        try {
            for (int i = 0; i < loops.size(); i++) {
                bound = bind(kernel, new DoorPlace(bound, place.foreign()), group);
            }
        } catch (OpenFailure refused) {
            group.forEach(kernel::close);
            throw refused;
        }
        // While the group was growing the kernel spread clients differently: what came then may be another loop's.
        group.forEach(kernel::dropReceived);
        List<DoorSocket> sockets = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            sockets.add(new DoorSocket(loops.get(i), i, group.get(i), acceptor));
        }
        SocketDoor door = new SocketDoor(bound, List.copyOf(sockets));
        door.start();
        return door;
    }

    /**
     * Takes another process's over. The group keeps its size, whatever the number of loops: some read two, or none.
     *
     * @param group the descriptors, in the order in which they were bound
     */
    public static SocketDoor adopt(List<Integer> group, IpPort address, DatagramAcceptor acceptor,
            List<DatagramLoop> loops) {
        List<DoorSocket> sockets = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            sockets.add(new DoorSocket(loops.get(i % loops.size()), i, group.get(i), acceptor));
        }
        Kernel kernel = new Kernel();
        IpPort bound = kernel.localAddress(group.getFirst()) < 0 ? address : kernel.lastAddress();
        return new SocketDoor(bound, List.copyOf(sockets));
    }

    /**
     * The first is bound alone, so that somebody else's socket is in its way also where that one would share; then it
     * shares with those that follow.
     */
    private static IpPort bind(Kernel kernel, DoorPlace place, List<Integer> group) throws OpenFailure {
        IpPort address = place.address();
        int fd = kernel.datagramSocket(address.family());
        if (fd < 0) {
            throw new OpenFailure(address, Errno.word(-fd));
        }
        boolean first = group.isEmpty();
        group.add(fd);
        int result = first ? 0 : kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
        if (result >= 0) {
            result = kernel.receiveBuffer(fd, DatagramDoor.RECEIVE_BUFFER);
        }
        if (result >= 0 && place.foreign()) {
            result = kernel.setOption(fd, Kernel.IPPROTO_IP, Kernel.IP_FREEBIND, 1);
        }
        if (result >= 0) {
            result = kernel.bind(fd, address);
        }
        if (result >= 0 && first) {
            result = kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEPORT, 1);
        }
        if (result >= 0) {
            result = kernel.localAddress(fd);
        }
        if (result < 0) {
            throw new OpenFailure(address, Errno.word(-result));
        }
        return kernel.lastAddress();
    }

    private void start() throws OpenFailure {
        for (DoorSocket socket : sockets) {
            int result;
            try {
                result = CompletableFuture.supplyAsync(() -> socket.loop().open(socket), socket.loop().loop()).join();
            } catch (CompletionException | RejectedExecutionException ending) {
                close();
                throw new OpenFailure(String.valueOf(ending.getMessage()), ending);
            }
            if (result < 0) {
                close();
                throw new OpenFailure(address, Errno.word(-result));
            }
        }
    }

    @Override
    public IpPort address() {
        return address;
    }

    @Override
    public List<Integer> descriptors() {
        return sockets.stream().map(DoorSocket::fd).toList();
    }

    @Override
    public void pause() {
        onLoops(DoorSocket::pause);
    }

    @Override
    public void resume() {
        onLoops(socket -> {
            int result = socket.resume();
            if (result < 0) {
                LOG.warn("the door for datagrams at {} is not read: {} (expected: room to watch it)", address,
                        Errno.word(-result));
            }
        });
    }

    private void onLoops(Consumer<DoorSocket> what) {
        List<CompletableFuture<Void>> doing = new ArrayList<>();
        for (DoorSocket socket : sockets) {
            try {
                doing.add(CompletableFuture.runAsync(() -> what.accept(socket), socket.loop().loop()));
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
            socket.loop().loop().execute(() -> socket.bring(flow, taker));
        } catch (RejectedExecutionException ended) {
            new Kernel().close(flow.descriptor());
        }
    }

    @Override
    public void close() {
        // A group that becomes smaller sends the loops each other's clients: nobody is met any more from here on.
        sockets.forEach(DoorSocket::stop);
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (DoorSocket socket : sockets) {
            try {
                closing.add(CompletableFuture.runAsync(socket::close, socket.loop().loop()));
            } catch (RejectedExecutionException ended) {
                // The loop has closed it, or will, if it ever knew it.
                if (!socket.opened()) {
                    new Kernel().close(socket.fd());
                }
            }
        }
        if (sockets.stream().noneMatch(socket -> socket.loop().loop().inLoop())) {
            closing.forEach(CompletableFuture::join);
        }
    }
}
