package dev.fairlead.transport.channel;

import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramAcceptor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.LongAdder;

/** A door's socket on one loop, and the flows of the clients that the kernel has assigned to it. */
final class DoorSocket extends ChannelInboundHandlerAdapter {
    private final ChannelKind kind;
    private final ChannelLoop loop;
    private final int index;
    private final UdpSocket socket;
    private final DatagramAcceptor acceptor;
    private final LongAdder lost;
    private final Map<InetSocketAddress, ChannelFlow> flows = new HashMap<>();
    private final Promise<Void> told;

    /** @param index among its door's */
    DoorSocket(ChannelKind kind, ChannelLoop loop, int index, UdpSocket socket, DatagramAcceptor acceptor,
            LongAdder lost) {
        this.kind = kind;
        this.loop = loop;
        this.index = index;
        this.socket = socket;
        this.acceptor = acceptor;
        this.lost = lost;
        this.told = loop.eventLoop().newPromise();
        socket.channel().pipeline().addLast(this);
    }

    /** Begins to read. */
    ChannelFuture read() {
        return loop.eventLoop().register(socket.channel());
    }

    /** Returns when the kernel knows the socket no more and every flow has been told. Any thread but a loop's. */
    void close() {
        if (!socket.channel().isRegistered()) {
            socket.close(); // never read, or closed together with the loops
        } else {
            kind.close(socket.channel());
            told.awaitUninterruptibly();
        }
    }

    /** Its number among its door's. */
    int index() {
        return index;
    }

    OptionalInt descriptor() {
        return socket.descriptor();
    }

    /** Reads no more, neither from clients nor from their endpoints. On its loop. */
    void pause() {
        socket.channel().config().setAutoRead(false);
        flows.values().forEach(flow -> flow.reads(false));
    }

    /** Begins to read, or begins again. On its loop. */
    void resume() {
        if (!socket.channel().isRegistered() && socket.channel().isOpen()) {
            read();
        }
        socket.channel().config().setAutoRead(true);
        flows.values().forEach(flow -> flow.reads(true));
    }

    /** A client that another process knew. On its loop. */
    void bring(BroughtFlow brought, DatagramAcceptor taker) {
        InetSocketAddress client = brought.client().socketAddress();
        Optional<UdpSocket> connected = kind.udpSocketOf(brought.descriptor(), true);
        if (connected.isEmpty()) {
            return;
        }
        ChannelFlow flow = new ChannelFlow(this, client, connected.get(), brought.assured());
        if (socket.channel().isOpen() && !flows.containsKey(client)) {
            taker.arrived(flow);
        }
        flow.unclaimed().ifPresent(UdpSocket::close);
    }

    ChannelKind kind() {
        return kind;
    }

    ChannelLoop loop() {
        return loop;
    }

    /** Whether the kernel took a reply to a client; it is counted where not. */
    boolean reply(ByteBuf datagram, InetSocketAddress client) {
        try {
            if (socket.send(datagram, client)) {
                return true;
            }
        } catch (IOException notToBeSent) {
            // Lost as well: a full device queue, a firewall, no way back to the client.
        }
        lost.increment();
        return false;
    }

    /** Counts a datagram that the kernel had no room for. */
    void lost() {
        lost.increment();
    }

    void remember(InetSocketAddress client, ChannelFlow flow) {
        flows.put(client, flow);
    }

    void forget(InetSocketAddress client, ChannelFlow flow) {
        flows.remove(client, flow);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        InetSocketAddress client = packet.sender();
        ChannelFlow known = flows.get(client);
        ChannelFlow flow = known == null ? new ChannelFlow(this, client) : known;
        try {
            if (known == null) {
                acceptor.arrived(flow);
            }
            flow.fromClient(packet.content());
        } catch (RuntimeException | Error defect) {
            flow.close();
            throw defect; // Netty logs it
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // Each in a turn of its own: one that fails must not keep the others from being told.
        List.copyOf(flows.values()).forEach(flow -> loop.execute(flow::doorClosed));
        loop.execute(() -> told.setSuccess(null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (!(failure instanceof IOException)) {
            context.fireExceptionCaught(failure); // a defect of ours: Netty logs it
        }
        // Else it could not be read just now, for want of memory: what the kernel keeps is read next time.
    }
}
