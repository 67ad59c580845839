package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;

/**
 * One socket of a session. Confined to its loop. Whoever is handed one owns it until it gives it to
 * {@link DataPath#relay}, or ends it with {@link #reset}.
 */
public interface Connection {
    Loop loop();

    IpPort peer();

    /** The address that the peer dialled, also where one door takes the connections of many. Asked of the kernel. */
    IpPort local();

    /**
     * The task runs once, after the connection has been closed in whatever way. Any thread. Only for an accepted
     * connection, at most once, before anything else is done with it.
     */
    void onClosed(Runnable task);

    /** Takes effect at once; repeated calls replace the setting. */
    void keepAlive(KeepAlive keepAlive);

    /** The peer sees a reset, unsent bytes are dropped. Does nothing on a closed connection. */
    void reset();

    /**
     * Watches a connection that is not being relayed yet for its peer's reset: the task runs at most once, on the loop.
     * A data path that cannot see a reset without reading may never run it; {@link DataPath#relay} ends the watch.
     */
    void onReset(Runnable task);

    /**
     * Reads what the peer sends first, and leaves what follows to the relay. Only for an accepted connection, once,
     * before it is relayed. The preface may be told before this method returns; a reset is told as ever, by
     * {@link #onReset}, and whoever does not want to wait any longer resets the connection.
     */
    void readPreface(Preface preface);
}
