package dev.fairlead.transport.epoll;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.Preface;
import dev.fairlead.transport.linux.KeepAliveOption;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.PrefaceReading;
import dev.fairlead.transport.linux.SlowOnes;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One socket, registered with epoll once and for its whole life. Events go to whoever has it at the time: the dial, a
 * session that waits, the relay. Confined to its loop.
 */
final class EpollConnection implements Connection, EpollIoHandle, SlowOnes.Lasting {
    private final EpollLoop loop;
    private final FileDescriptor descriptor;
    private final IpPort peer;
    private final @Nullable EpollDoor door;
    private final long born;
    private @Nullable IoRegistration registration;
    private boolean writableTold;
    private boolean noDelay;
    /** There may be something to read that nobody was told of yet. */
    private boolean readable;
    private boolean peerFin;
    private boolean urgent;
    private boolean broken;
    private boolean delivering;
    private KeepAlive keepAlive = KeepAlive.OFF;
    private KeepAlive wantedKeepAlive = KeepAlive.OFF;
    private @Nullable Runnable onReset;
    private @Nullable Runnable onClosed;
    private @Nullable PrefaceReading preface;
    private @Nullable EpollDial dial;
    private @Nullable EpollRelay relay;

    /**
     * Takes the descriptor over.
     *
     * @param door where it was accepted; null for one that is dialled
     */
    EpollConnection(EpollLoop loop, int fd, IpPort peer, @Nullable EpollDoor door) {
        this.loop = loop;
        this.descriptor = new FileDescriptor(fd);
        this.peer = peer;
        this.door = door;
        this.noDelay = door != null; // inherited from the listening socket
        this.born = loop.batch();
    }

    /**
     * Begins to be told of events.
     *
     * @throws RuntimeException when the loop is ending or epoll has no room; the connection is then of no use
     */
    void register(EpollIoOps interest) {
        IoRegistration made = loop.register(this);
        registration = made;
        made.submit(interest);
        writableTold = interest.contains(EpollIoOps.EPOLLOUT);
    }

    /** Who is told when the socket is connected. */
    void dialling(EpollDial newDial) {
        dial = newDial;
    }

    /**
     * Events go to the relay from now on.
     *
     * @return whether {@link #handle} starts the relay itself, once it has returned to it
     */
    boolean attach(EpollRelay newRelay) {
        relay = newRelay;
        onReset = null;
        return delivering;
    }

    int number() {
        return descriptor.intValue();
    }

    /** Whether everything that the peer will ever send is in the receive queue. */
    boolean peerFin() {
        return peerFin;
    }

    /** Whether a read may stop before the end of what is there. */
    boolean urgent() {
        return urgent;
    }

    /** Whether it may be read from; the asker will. */
    boolean takeReadable() {
        boolean was = readable;
        readable = false;
        return was;
    }

    /** Whether the kernel has said that the connection broke. */
    boolean broken() {
        return broken;
    }

    /** Why it broke; 0 where the kernel knows of nothing, or has said it already. */
    int error() {
        return loop.kernel().option(number(), Kernel.SOL_SOCKET, Kernel.SO_ERROR);
    }

    /** Asks to be told again of what is there, after everybody else on the loop had a turn. */
    void again() {
        submit(writableTold ? Interest.ALL : Interest.READING);
    }

    /** An event comes when there is room to write. */
    void awaitRoom() {
        if (!writableTold) {
            writableTold = true;
            submit(Interest.ALL);
        }
    }

    private void submit(EpollIoOps interest) {
        if (registration != null) {
            registration.submit(interest);
        }
    }

    /**
     * Before a second write: only from then on may something be unacknowledged that a small segment would wait for.
     */
    void doNotDelay() {
        if (!noDelay) {
            noDelay = true;
            loop.kernel().setOption(number(), Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1);
        }
    }

    /** Sends the acknowledgement that waits for something to travel with. */
    void acknowledge() {
        loop.kernel().setOption(number(), Kernel.IPPROTO_TCP, Kernel.TCP_QUICKACK, 1);
    }

    // ---- events ----

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        handle(((EpollIoEvent) event).ops().value());
    }

    private void handle(int events) {
        if (born == loop.batch()) {
            return; // about the socket that had this number before
        }
        broken |= (events & Interest.ERROR) != 0;
        peerFin |= (events & (Interest.PEER_FIN | Interest.HANGUP)) != 0;
        urgent |= (events & Interest.URGENT) != 0;
        readable |= (events & ~Interest.OUT) != 0;
        if (relay != null) {
            relay.handle(this, (events & Interest.OUT) != 0);
        } else if (dial != null) {
            dialled(dial, events);
        } else if (broken) {
            runOnReset();
        } else if (preface != null) {
            read(preface);
        }
    }

    private void dialled(EpollDial waiting, int events) {
        int error = (events & (Interest.ERROR | Interest.HANGUP)) == 0 ? 0 : error();
        if (error > 0) {
            dial = null;
            waiting.failed(error);
        } else if ((events & Interest.OUT) != 0) {
            dial = null;
            delivering = true;
            waiting.connected();
            delivering = false;
            if (relay != null) {
                relay.start();
            }
        }
    }

    private void runOnReset() {
        Runnable task = onReset;
        onReset = null;
        if (task != null) {
            task.run();
        }
    }

    /** It has lived longer than most. */
    @Override
    public void livesOn() {
        if (descriptor.isOpen() && !wantedKeepAlive.equals(keepAlive)) {
            keepAlive = wantedKeepAlive;
            KeepAliveOption.set(loop.kernel(), number(), keepAlive);
        }
    }

    // ---- as a connection ----

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public IpPort peer() {
        return peer;
    }

    @Override
    public IpPort local() {
        loop.kernel().localAddress(number());
        return loop.kernel().lastAddress();
    }

    @Override
    public void onClosed(Runnable task) {
        onClosed = task;
    }

    /** Set within a moment: most connections are over by then, and never need it. */
    @Override
    public void keepAlive(KeepAlive wanted) {
        wantedKeepAlive = wanted;
        if (!wanted.equals(keepAlive)) {
            loop.slowOnes().add(this);
        }
    }

    @Override
    public void onReset(Runnable task) {
        assert loop.inLoop();
        onReset = task;
        if (broken) {
            loop.execute(this::runOnReset);
        }
    }

    @Override
    public void readPreface(Preface reader) {
        assert loop.inLoop();
        PrefaceReading reading = new PrefaceReading(loop.kernel(), number(), reader);
        preface = reading;
        read(reading);
    }

    private void read(PrefaceReading reading) {
        // What follows it was told of together with it, and is not told of again.
        readable = true;
        switch (reading.advance()) {
            case WAITS -> {
                // An event comes with the rest.
            }
            case OVER -> preface = null;
            case BROKEN -> {
                preface = null;
                broken = true;
                runOnReset();
            }
        }
    }

    @Override
    public void reset() {
        if (descriptor.isOpen()) {
            loop.kernel().resetOnClose(number());
            closeDescriptor();
        }
    }

    /** Closes in order; where it was not told yet, the peer now gets our FIN. */
    void finish() {
        if (descriptor.isOpen()) {
            closeDescriptor();
        }
    }

    private void closeDescriptor() {
        assert loop.inLoop();
        onReset = null;
        preface = null;
        try {
            descriptor.close(); // takes it out of epoll as well
        } catch (IOException said) {
            // Linux frees the descriptor whatever close says.
        }
        if (registration != null) {
            registration.cancel();
        }
        if (door != null) {
            door.gone(loop);
        }
        if (onClosed != null) {
            onClosed.run();
        }
    }

    // ---- as a handle ----

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    /** The loop ends, and with it what the relay has in memory and in pipes. */
    @Override
    public void close() {
        if (relay != null) {
            relay.reset();
        } else {
            reset();
        }
    }
}
