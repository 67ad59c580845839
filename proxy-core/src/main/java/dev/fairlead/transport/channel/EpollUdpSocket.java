package dev.fairlead.transport.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/**
 * On Netty's native epoll. Netty does not know that the socket is connected: on one that it knows to be, it takes an
 * empty datagram for nothing.
 */
final class EpollUdpSocket implements UdpSocket {
    // More than wait in any receive buffer of usual size.
    private static final int MOST_WAITING = 10_000;

    private final EpollDatagramChannel channel;
    private final Socket socket;
    private boolean connected;

    EpollUdpSocket(SocketProtocolFamily family) {
        this(new EpollDatagramChannel(family), false);
    }

    /** One that another process has made. */
    EpollUdpSocket(int descriptor, boolean connected) {
        this(new EpollDatagramChannel(descriptor), connected);
    }

    private EpollUdpSocket(EpollDatagramChannel channel, boolean connected) {
        this.channel = channel;
        this.connected = connected;
        socket = (Socket) channel.fd();
        UdpSocket.configure(channel);
        readUnbound(channel);
    }

    /** Netty waits with reading until it has bound or connected a socket itself. */
    @SuppressWarnings("deprecation") // there is no other way to tell it that the socket is ready
    private static void readUnbound(EpollDatagramChannel channel) {
        channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    public void bind(InetSocketAddress address) throws IOException {
        socket.bind(address);
    }

    @Override
    public InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public boolean shareable() {
        return true;
    }

    @Override
    public void share() throws IOException {
        socket.setReusePort(true);
    }

    @Override
    public void assume(InetAddress source) {
        try {
            channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
            socket.bind(new InetSocketAddress(source, 0));
        } catch (ChannelException | IOException notToBeHad) {
            // Then it keeps this node's.
        }
    }

    @Override
    public void connect(InetSocketAddress endpoint) throws IOException {
        socket.connect(endpoint);
        connected = true;
    }

    @Override
    public boolean send(ByteBuf datagram, InetSocketAddress to) throws IOException {
        if (!socket.isOpen()) {
            throw new ClosedChannelException(); // its number may be another socket's by now
        }
        int length = datagram.readableBytes();
        ByteBuffer bytes = datagram.internalNioBuffer(datagram.readerIndex(), length);
        // For an empty one sent and no room look the same: 0.
        return length == (connected
                ? socket.send(bytes, bytes.position(), bytes.limit())
                : socket.sendTo(bytes, bytes.position(), bytes.limit(), to.getAddress(), to.getPort()));
    }

    @Override
    public void discard() throws IOException {
        ByteBuffer nothing = ByteBuffer.allocateDirect(1);
        for (int i = 0; i < MOST_WAITING && socket.recvFrom(nothing, 0, 1) != null; i++) {
            // its content is of no interest
        }
    }
}
