package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.Preface;
import dev.fairlead.transport.linux.KeepAliveOption;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.PrefaceReading;
import dev.fairlead.transport.linux.SlowOnes;
import dev.fairlead.transport.linux.SocketAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import org.jspecify.annotations.Nullable;

/**
 * One socket. Its descriptor is closed only when no request on it is under way, so that no completion can meet another
 * connection that got the same number.
 */
final class UringConnection implements Connection, IoUringIoHandle, SlowOnes.Lasting {
    private final UringLoop loop;
    private final int fd;
    private final IpPort peer;
    private final @Nullable Acceptor acceptor;
    private final IoRegistration registration;
    private int underWay;
    private boolean closed;
    private boolean watched;
    private boolean noDelay;
    private boolean sentBefore;
    private boolean expected;
    private KeepAlive keepAlive = KeepAlive.OFF;
    private KeepAlive wantedKeepAlive = KeepAlive.OFF;
    private @Nullable Runnable onReset;
    private @Nullable Runnable onClosed;
    private @Nullable PrefaceReading preface;
    private @Nullable UringDial dial;
    private @Nullable SocketAddress address;
    private @Nullable UringRelay relay;
    private @Nullable Half reading;
    private @Nullable Half writing;
    /** Where the loop's list keeps this connection. */
    int index = -1;

    /**
     * Takes the descriptor over.
     *
     * @param acceptor who is told when it is closed; null for one that is dialled
     * @throws IllegalStateException when the loop is ending; the descriptor is still the caller's
     */
    @SuppressWarnings("ThisEscapeConstructor")
    UringConnection(UringLoop loop, int fd, IpPort peer, @Nullable Acceptor acceptor) {
        this.loop = loop;
        this.fd = fd;
        this.peer = peer;
        this.acceptor = acceptor;
        this.noDelay = acceptor != null; // inherited from the listening socket
        this.registration = loop.register(this);
        loop.opened(this);
    }

    int fd() {
        return fd;
    }

    void submit(IoUringIoOps request) {
        underWay++;
        registration.submit(request);
    }

    /**
     * TCP_NODELAY is set before a second send: only from then on may something be unacknowledged that a small segment
     * would wait for.
     */
    void beforeSend() {
        if (noDelay) {
            return;
        }
        if (sentBefore) {
            noDelay = true;
            loop.kernel().setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1);
        }
        sentBefore = true;
    }

    /** Begins to connect to the peer. */
    void connect(UringDial newDial) {
        dial = newDial;
        SocketAddress memory = loop.takeAddress();
        memory.set(peer);
        address = memory;
        submit(Request.connect(fd, memory));
    }

    void attach(UringRelay newRelay, Half newReading, Half newWriting) {
        onReset = null;
        relay = newRelay;
        reading = newReading;
        writing = newWriting;
    }

    /** Tells the relay when the connection breaks though nobody reads from it. */
    void watch() {
        if (!watched && !closed) {
            watched = true;
            submit(Request.watch(fd));
        }
    }

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
        loop.kernel().localAddress(fd);
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
        expectLongLife();
    }

    private void expectLongLife() {
        if (!expected) {
            expected = true;
            loop.slowOnes().add(this);
        }
    }

    @Override
    public void reset() {
        close(true);
    }

    /** Closes in order: the kernel still delivers what it was given, and a FIN. */
    void finish() {
        close(false);
    }

    private void close(boolean reset) {
        assert loop.inLoop();
        if (closed) {
            return;
        }
        closed = true;
        onReset = null;
        if (reset) {
            loop.kernel().resetOnClose(fd);
        }
        if (underWay > 0) {
            submit(Request.cancel(fd));
        } else {
            release();
        }
    }

    private void release() {
        if (loop.ending()) {
            abandon();
        } else {
            underWay++;
            registration.submit(Request.close(fd));
        }
    }

    /** Closes the descriptor at once; what is under way is not waited for. */
    void abandon() {
        closed = true;
        loop.kernel().close(fd);
        released();
    }

    private void released() {
        loop.closed(this);
        registration.cancel();
        if (acceptor != null) {
            loop.accepted().decrementAndGet();
            acceptor.gone();
        }
        if (onClosed != null) {
            onClosed.run();
        }
    }

    @Override
    public void readPreface(Preface reader) {
        assert loop.inLoop();
        PrefaceReading reading = new PrefaceReading(loop.kernel(), fd, reader);
        preface = reading;
        read(reading);
    }

    private void read(PrefaceReading from) {
        switch (from.advance()) {
            case WAITS -> submit(Request.untilReadable(fd));
            case OVER -> preface = null;
            case BROKEN -> {
                preface = null;
                broke();
            }
        }
    }

    @Override
    public void onReset(Runnable task) {
        assert loop.inLoop();
        onReset = task;
        // A peer's reset is looked for only where connecting takes long: most connections are relayed by then.
        expectLongLife();
    }

    /** It has lived longer than a short moment. */
    @Override
    public void livesOn() {
        expected = false;
        if (closed) {
            return;
        }
        if (!wantedKeepAlive.equals(keepAlive)) {
            keepAlive = wantedKeepAlive;
            KeepAliveOption.set(loop.kernel(), fd, keepAlive);
        }
        if (onReset != null) {
            watch();
        }
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        boolean last = Request.last(completion);
        if (last) {
            underWay--;
        }
        switch (Request.kind(completion)) {
            case Request.RECEIVE -> {
                if (reading != null) {
                    reading.received(completion.res(), Request.more(completion));
                }
            }
            case Request.SEND -> {
                if (writing != null) {
                    writing.sent(completion.res());
                }
            }
            case Request.READABLE -> {
                if (reading != null) {
                    reading.awake();
                } else if (preface != null && !closed) {
                    read(preface);
                }
            }
            case Request.WRITABLE -> {
                if (writing != null) {
                    writing.awake();
                }
            }
            case Request.CONNECT -> connected(completion.res());
            case Request.WATCH -> {
                watched = !last;
                if (Request.broken(completion)) {
                    broke();
                }
            }
            case Request.CLOSE -> {
                released();
                return;
            }
            default -> {
                // What a cancellation found does not matter.
            }
        }
        if (closed && underWay == 0) {
            release();
        }
    }

    private void connected(int result) {
        if (address != null) {
            loop.giveAddress(address);
            address = null;
        }
        UringDial waiting = dial;
        dial = null;
        if (waiting != null) {
            waiting.answered(this, result);
        }
    }

    private void broke() {
        if (closed) {
            return;
        }
        if (relay != null) {
            relay.broke(this);
            return;
        }
        Runnable task = onReset;
        onReset = null;
        if (task != null) {
            task.run();
        }
    }

    /** The loop ends. */
    @Override
    public void close() {
        loop.ends();
        reset();
    }
}
