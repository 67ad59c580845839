package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import java.net.InetAddress;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What one client at one door and an endpoint say to each other. One datagram in is one datagram out, unaltered, empty
 * ones too, in the order in which they came; what the kernel has no room for is lost and counted
 * ({@link DataPath#datagramsLost}). Replies leave from the door's own address. Confined to its loop.
 */
public interface DatagramFlow {
    Loop loop();

    IpPort client();

    /** To which of its door's sockets its client's datagrams come. Default: there is one. */
    default int socket() {
        return 0;
    }

    /** Of its connected socket; empty where it has none, or does not show it. */
    default OptionalInt descriptor() {
        return OptionalInt.empty();
    }

    /**
     * Gives the flow an endpoint, with a connected socket of its own. Only for a flow that has none: a new one, or one
     * that was {@link #disconnect disconnected}.
     *
     * @param source whose address the endpoint sees, where that can be had ({@link DataPath#assumesAddresses}); null =
     *     this node's
     * @param callback is told of what happens from now on, never before this method has returned
     * @param responses after so many replies {@link FlowCallback#answered} is called; 0 = never
     * @return what came of it; no callback follows where it is not {@link FlowOpening.Connected}
     */
    FlowOpening connect(IpPort endpoint, @Nullable InetAddress source, FlowCallback callback, int responses);

    /**
     * Takes the endpoint away and counts from 0 again; the client stays known. Its next datagram is a call of
     * {@link FlowCallback#wanted}.
     */
    void disconnect(FlowCallback callback);

    /** Datagrams passed on since it was connected; those that the kernel had no room for included. */
    long datagrams(Direction direction);

    /** Bytes of those, without headers. */
    long bytes(Direction direction);

    /** Whether the client has sent something after a reply reached it: it is there, and not somebody's forgery. */
    boolean assured();

    /** Forgets the client and closes the socket. Nothing is called afterwards. Idempotent. */
    void close();
}
