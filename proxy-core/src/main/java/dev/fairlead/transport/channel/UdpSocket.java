package dev.fairlead.transport.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/**
 * A UDP socket that a Netty channel reads. All else goes past Netty: it would queue what the kernel has no room for,
 * drop empty datagrams unsent, and make a channel known to a loop before it is bound. Confined to its loop as soon as
 * its channel is registered with one.
 */
interface UdpSocket {
    // More than any datagram is long. Each is passed on and its buffer released before the next read.
    int LARGEST = 64 * 1024;
    // Then the loop's other channels get their turn.
    int READS_IN_A_ROW = 16;

    /** Reads as soon as it is registered with a loop, and hands over {@code DatagramPacket}s. */
    DatagramChannel channel();

    /** The kernel's number for it; empty where it is not shown. */
    default OptionalInt descriptor() {
        return channel() instanceof UnixChannel unix ? OptionalInt.of(unix.fd().intValue()) : OptionalInt.empty();
    }

    void bind(InetSocketAddress address) throws IOException;

    /** Where it is bound. */
    InetSocketAddress localAddress() throws IOException;

    /** Whether the system can spread the clients over several sockets of one address. */
    boolean shareable();

    /** Lets further sockets bind to the same address, each of which must be shared before it is bound. */
    void share() throws IOException;

    /** How many bytes may wait to be read; where the system gives less, less. Before it is bound. */
    default void receiveBuffer(int bytes) {
        channel().config().setReceiveBufferSize(bytes);
    }

    /** Takes somebody else's address for its own, before it is connected. Default: it cannot, and keeps this node's. */
    default void assume(InetAddress source) {
    }

    void connect(InetSocketAddress endpoint) throws IOException;

    /**
     * Sends now or never.
     *
     * @param to the one it is connected to, if it is
     * @return false where the kernel has no room for it
     * @throws IOException also for what became of an earlier datagram; this one was not sent then
     */
    boolean send(ByteBuf datagram, InetSocketAddress to) throws IOException;

    /** Reads what has come so far and forgets it; only before the channel is registered. */
    void discard() throws IOException;

    /** On its loop, or before the channel is registered. Idempotent. */
    default void close() {
        // Netty would go on reading in this turn, from whichever socket has the descriptor's number by then.
        channel().config().setAutoRead(false);
        if (channel().isRegistered()) {
            channel().close();
        } else {
            channel().unsafe().closeForcibly();
        }
    }

    /** How each of these channels reads. */
    static void configure(DatagramChannel channel) {
        channel.config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST).maxMessagesPerRead(READS_IN_A_ROW));
    }
}
