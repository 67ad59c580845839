package dev.fairlead.transport.channel;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowCallback;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A client at a door's socket; known to the socket from its first endpoint until it is closed. */
final class ChannelFlow implements DatagramFlow {
    private final DoorSocket door;
    private final InetSocketAddress client;
    private @Nullable Upstream upstream;
    /** Connected already, by another process; nobody's yet. */
    private @Nullable UdpSocket brought;
    private @Nullable FlowCallback callback; // none for a newcomer, and none when closed
    private int responses;
    private long datagramsUp;
    private long datagramsDown;
    private long bytesUp;
    private long bytesDown;
    private boolean reached;
    private boolean assured;
    private boolean closed;

    ChannelFlow(DoorSocket door, InetSocketAddress client) {
        this.door = door;
        this.client = client;
    }

    /** One of a client that another process knew. */
    ChannelFlow(DoorSocket door, InetSocketAddress client, UdpSocket brought, boolean assured) {
        this(door, client);
        this.brought = brought;
        this.assured = assured;
    }

    /** The socket that was brought, where nobody took it. */
    Optional<UdpSocket> unclaimed() {
        return Optional.ofNullable(brought);
    }

    @Override
    public int socket() {
        return door.index();
    }

    @Override
    public OptionalInt descriptor() {
        return upstream == null ? OptionalInt.empty() : upstream.socket.descriptor();
    }

    /** Whether what the endpoint answers is read, or left where it is. */
    void reads(boolean reads) {
        if (upstream != null) {
            upstream.socket.channel().config().setAutoRead(reads);
        }
    }

    @Override
    public Loop loop() {
        return door.loop();
    }

    @Override
    public IpPort client() {
        return IpPort.of(client);
    }

    @Override
    public FlowOpening connect(IpPort endpoint, @Nullable InetAddress source, FlowCallback newCallback, int replies) {
        assert loop().inLoop();
        if (closed || upstream != null) {
            throw new IllegalStateException("flow of " + client + ": " + (closed ? "closed" : "connected already"));
        }
        UdpSocket socket = null;
        try {
            socket = connected(endpoint, source);
            Upstream fresh = new Upstream(socket, endpoint.socketAddress());
            socket.channel().pipeline().addLast(fresh);
            // On the channel's own loop this is done at once.
            ChannelFuture registered = door.loop().eventLoop().register(socket.channel());
            if (registered.cause() != null) {
                throw new IOException(registered.cause());
            }
            upstream = fresh;
        } catch (IOException | ChannelException failure) {
            if (socket != null) {
                socket.close();
            }
            return KernelWords.flowFailure(failure);
        }
        callback = newCallback;
        responses = replies;
        door.remember(client, this);
        return FlowOpening.Connected.INSTANCE;
    }

    private UdpSocket connected(IpPort endpoint, @Nullable InetAddress source) throws IOException {
        UdpSocket already = brought;
        if (already != null) {
            brought = null;
            return already;
        }
        UdpSocket socket = door.kind().newUdpSocket(endpoint.family());
        try {
            if (source != null) {
                socket.assume(source);
            }
            socket.connect(endpoint.socketAddress());
            return socket;
        } catch (IOException | ChannelException failure) {
            socket.close();
            throw failure;
        }
    }

    @Override
    public void disconnect(FlowCallback newCallback) {
        assert loop().inLoop();
        if (closed) {
            return;
        }
        callback = newCallback;
        datagramsUp = 0;
        datagramsDown = 0;
        bytesUp = 0;
        bytesDown = 0;
        closeUpstream();
    }

    @Override
    public long datagrams(Direction direction) {
        return switch (direction) {
            case UP -> datagramsUp;
            case DOWN -> datagramsDown;
        };
    }

    @Override
    public long bytes(Direction direction) {
        return switch (direction) {
            case UP -> bytesUp;
            case DOWN -> bytesDown;
        };
    }

    @Override
    public boolean assured() {
        return assured;
    }

    @Override
    public void close() {
        assert loop().inLoop();
        closed = true;
        callback = null;
        door.forget(client, this);
        closeUpstream();
    }

    private void closeUpstream() {
        Upstream former = upstream;
        upstream = null;
        if (former != null) {
            former.socket.close();
        }
    }

    /**
     * The client sent a datagram. Where the socket tells of an earlier one's end instead of sending this one, and the
     * flow is given another endpoint, it goes there.
     */
    void fromClient(ByteBuf datagram) {
        assured |= reached;
        boolean settled = false;
        for (int attempt = 0; attempt < 2 && !settled; attempt++) {
            if (upstream == null && callback != null) {
                callback.wanted();
            }
            settled = upstream == null || upstream.pass(datagram);
        }
        if (callback == null) {
            closed = true; // nobody wanted the newcomer: too late to connect it
        }
    }

    void doorClosed() {
        FlowCallback told = callback;
        if (told != null) {
            try {
                told.doorClosed();
            } finally {
                close();
            }
        }
    }

    /** The connected socket, and what it reports. */
    private final class Upstream extends ChannelInboundHandlerAdapter {
        private final UdpSocket socket;
        private final InetSocketAddress endpoint;

        Upstream(UdpSocket socket, InetSocketAddress endpoint) {
            this.socket = socket;
            this.endpoint = endpoint;
        }

        /** Passes a datagram on; false where the endpoint turned out to be unreachable before. */
        boolean pass(ByteBuf datagram) {
            try {
                if (!socket.send(datagram, endpoint)) {
                    door.lost();
                }
            } catch (IOException failure) {
                Cause cause = KernelWords.unreachable(failure);
                if (cause != null) {
                    unreachable(cause, failure);
                    return false;
                }
                door.lost();
            }
            datagramsUp++;
            bytesUp += datagram.readableBytes();
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            try {
                if (upstream == this) {
                    reply(packet.content());
                }
            } catch (RuntimeException | Error defect) {
                ChannelFlow.this.close();
                throw defect; // Netty logs it
            } finally {
                packet.release();
            }
        }

        private void reply(ByteBuf datagram) {
            if (datagramsDown == 0 && callback != null) {
                callback.replied();
                if (upstream != this) {
                    return;
                }
            }
            datagramsDown++;
            bytesDown += datagram.readableBytes();
            reached |= door.reply(datagram, client);
            if (datagramsDown == responses && callback != null) {
                callback.answered();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!(failure instanceof IOException)) {
                context.fireExceptionCaught(failure); // a defect of ours: Netty logs it
            } else if (upstream == this) {
                Cause cause = KernelWords.unreachable(failure);
                unreachable(cause == null ? Cause.RESET : cause, failure);
            }
        }

        private void unreachable(Cause cause, Throwable failure) {
            FlowCallback told = callback;
            if (told == null) {
                return;
            }
            try {
                told.unreachable(cause, KernelWords.word(failure));
            } catch (RuntimeException | Error defect) {
                ChannelFlow.this.close();
                throw defect; // Netty logs it
            }
        }
    }
}
