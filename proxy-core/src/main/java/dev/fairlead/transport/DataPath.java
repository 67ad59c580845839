package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.SourceFilter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How bytes get through: doors, connections and the relay between two of them. Each implementation passes the same
 * contract suite:
 * <ul>
 * <li>half-close both ways without a deadline; the other direction goes on;
 * <li>a FIN is passed on only after everything before it was delivered, a reset becomes a reset on the other side;
 * <li>a reader that stops makes the other side stop, with bounded memory per connection;
 * <li>no connection is closed twice or forgotten.
 * </ul>
 */
public interface DataPath extends AutoCloseable {
    /** The longest preface that an endpoint can be sent, in bytes. */
    int LONGEST_PREFACE = 512;

    /** For a relay that begins with the client's first byte. */
    byte[] NO_PREFACE = {};

    /** For the start-up line and the log: {@code channel/epoll}. */
    String name();

    List<Loop> loops();

    /** File descriptors it may take beside one per door and one per connection. Default: a handful at most. */
    default int spareDescriptors() {
        return 0;
    }

    /** Whether its doors show their {@link Door#descriptor}. */
    boolean showsDescriptors();

    /** How often bulk flows were spliced so far. Any thread. Default: never, it has no pipes. */
    default Splices splices() {
        return Splices.NONE;
    }

    /** Whether its connections and flows to endpoints can carry somebody else's address. Default: no. */
    default boolean assumesAddresses() {
        return false;
    }

    /** Opens a door for everybody; see {@link #open(IpPort, SourceFilter, Acceptor)}. */
    default Door open(IpPort address, Acceptor acceptor) throws OpenFailure {
        return open(address, SourceFilter.EVERYBODY, acceptor);
    }

    /**
     * Opens a door. Any thread but a loop's; returns when it is open.
     *
     * @param filter whose packets it takes, from its first moment on, where the kernel lets it choose: see
     *     {@link #filters}
     * @throws OpenFailure when the kernel will not
     */
    Door open(DoorPlace place, SourceFilter filter, Acceptor acceptor) throws OpenFailure;

    /** The same at an address of this machine. */
    default Door open(IpPort address, SourceFilter filter, Acceptor acceptor) throws OpenFailure {
        return open(DoorPlace.own(address), filter, acceptor);
    }

    /**
     * Opens a door whose socket listens already: another process handed it over. Any thread but a loop's.
     *
     * @param descriptor the socket's, which the door takes over
     * @param address what it is bound to
     * @throws OpenFailure when the kernel will not, or this data path cannot; the descriptor is closed then
     */
    Door adopt(int descriptor, IpPort address, SourceFilter filter, Acceptor acceptor) throws OpenFailure;

    /**
     * Whether doors can leave sources without an answer. Where they cannot, everybody is accepted, and who may not come
     * is for the session to reset.
     */
    boolean filters();

    /**
     * Opens a door for datagrams. Any thread but a loop's; returns when it is open.
     *
     * @throws OpenFailure when the kernel will not
     */
    DatagramDoor openDatagrams(DoorPlace place, DatagramAcceptor acceptor) throws OpenFailure;

    /** As {@link #openDatagrams(DoorPlace, DatagramAcceptor)}, at an address of this machine. */
    default DatagramDoor openDatagrams(IpPort address, DatagramAcceptor acceptor) throws OpenFailure {
        return openDatagrams(DoorPlace.own(address), acceptor);
    }

    /**
     * Takes over a door for datagrams from another process. Nothing is read before {@link DatagramDoor#resume}. Any
     * thread but a loop's. Where it cannot, it opens a door of its own, which there is no room for before the other
     * process has closed its.
     *
     * @param descriptors its sockets', in the order of {@link DatagramDoor#descriptors}
     * @param address what they are bound to
     * @throws OpenFailure when the kernel will not; the descriptors are closed then
     */
    DatagramDoor adoptDatagrams(List<Integer> descriptors, IpPort address, DatagramAcceptor acceptor)
            throws OpenFailure;

    /** Datagrams that the kernel had no room for when they were to be passed on; ever growing. Any thread. */
    long datagramsLost();

    /**
     * Connects to an endpoint on the downstream's loop. TCP_NODELAY is set.
     *
     * @param source whose address the connection carries, where that can be had ({@link #assumesAddresses}); null =
     *     this node's
     * @param outcome called once on the loop, never before this method has returned
     */
    Dial dial(Loop loop, IpPort endpoint, @Nullable InetAddress source, Duration timeout, KeepAlive keepAlive,
            Consumer<DialOutcome> outcome);

    /**
     * Passes bytes both ways until both directions are done or one side is reset. Takes ownership of both connections,
     * which must be of one loop and not relayed yet.
     *
     * @param preface what the endpoint gets before the client's first byte, at once, at most {@link #LONGEST_PREFACE}
     *     bytes; not counted among those that are passed on
     */
    Relay relay(Connection downstream, Connection upstream, byte[] preface, RelayCallback callback);

    /** Ends the loops; connections still open are reset. Blocks until done. */
    @Override
    void close();
}
