package dev.fairlead.transport.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;

/** On the JDK's selector. */
final class NioUdpSocket implements UdpSocket {
    // More than wait in any receive buffer of usual size.
    private static final int MOST_WAITING = 10_000;

    private final ProtocolFamily family;
    private final java.nio.channels.DatagramChannel socket;
    private final NioDatagramChannel channel;

    NioUdpSocket(ProtocolFamily family) throws IOException {
        this.family = family;
        socket = java.nio.channels.DatagramChannel.open(family);
        channel = new NioDatagramChannel(socket);
        UdpSocket.configure(channel);
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
    public InetSocketAddress localAddress() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    @Override
    public boolean shareable() {
        return socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    }

    @Override
    public void share() throws IOException {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }

    @Override
    public void connect(InetSocketAddress endpoint) throws IOException {
        socket.connect(endpoint);
    }

    @Override
    public boolean send(ByteBuf datagram, InetSocketAddress to) throws IOException {
        int length = datagram.readableBytes();
        if (length == 0 && socket.isConnected()) {
            sendEmpty(to);
            return true;
        }
        return socket.send(datagram.internalNioBuffer(datagram.readerIndex(), length), to) == length;
    }

    /**
     * The JDK takes an empty datagram on a connected socket for nothing to do. A second socket with the same port sends
     * it; bound to no address, it comes second in everything that arrives.
     */
    private void sendEmpty(InetSocketAddress to) throws IOException {
        share();
        try (java.nio.channels.DatagramChannel unconnected = java.nio.channels.DatagramChannel.open(family)) {
            unconnected.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            InetAddress any = InetAddress.getByAddress(new byte[to.getAddress().getAddress().length]);
            unconnected.bind(new InetSocketAddress(any, localAddress().getPort()));
            unconnected.send(ByteBuffer.allocate(0), to);
        }
    }

    @Override
    public void discard() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(1);
        for (int i = 0; i < MOST_WAITING && socket.receive(content.clear()) != null; i++) {
            // its content is of no interest
        }
    }
}
