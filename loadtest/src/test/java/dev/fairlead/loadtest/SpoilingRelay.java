package dev.fairlead.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A relay that is wrong in one chosen way: what a bad proxy would do to the tools' connections. */
public final class SpoilingRelay implements AutoCloseable {
    /** What is wrong with it. */
    public enum Fault {
        /** Nothing: the control. */
        NONE,
        /** One byte of what the endpoint says is changed. */
        FLIPS_A_BYTE_DOWN,
        /** One byte of what the client says is changed. */
        FLIPS_A_BYTE_UP,
        /** After 100 bytes from the endpoint the client gets a FIN. */
        ENDS_SHORT,
        /** After 100 bytes from the endpoint the client gets a reset. */
        RESETS_AFTER_SOME,
        /** The client is reset before the endpoint is heard. */
        RESETS_AT_ONCE,
        /** The client gets a FIN before the endpoint is heard. */
        ENDS_AT_ONCE,
        /** Nothing is relayed after 100 bytes from the endpoint. */
        STALLS,
        /** A reset of one side becomes a FIN for the other. */
        RESET_BECOMES_FIN,
        /** A FIN of the client closes both directions. */
        FIN_CLOSES_BOTH,
        /** The last byte of the client is lost when it closes. */
        LOSES_THE_END,
        /** One byte more than the endpoint said. */
        ADDS_A_BYTE
    }

    private static final int SPOILED_AFTER = 100;

    private final Fault fault;
    private final InetSocketAddress endpoint;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    public SpoilingRelay(Fault fault, InetSocketAddress endpoint) throws IOException {
        this.fault = fault;
        this.endpoint = endpoint;
        this.door = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> relay(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void relay(Socket client) {
        try (client; Socket upstream = new Socket()) {
            sockets.add(upstream);
            if (fault == Fault.RESETS_AT_ONCE) {
                client.setSoLinger(true, 0);
            }
            if (fault == Fault.RESETS_AT_ONCE || fault == Fault.ENDS_AT_ONCE) {
                return;
            }
            upstream.connect(endpoint);
            Thread up = Thread.ofVirtual().start(() -> pump(client, upstream, Way.UP));
            pump(upstream, client, Way.DOWN);
            up.join();
        } catch (IOException | InterruptedException gone) {
            // The connection is over; the tools say what they saw.
        }
    }

    private enum Way {
        UP, DOWN
    }

    private void pump(Socket from, Socket to, Way way) {
        byte[] chunk = new byte[8192];
        long done = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] held = new byte[0];
            for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
                out.write(held);
                spoil(chunk, done, size, way);
                int sent = size;
                if (way == Way.UP && fault == Fault.LOSES_THE_END) {
                    sent = size - 1;
                    held = new byte[]{chunk[sent]};
                }
                if (way == Way.DOWN && done + size > SPOILED_AFTER && endsHere(to, out, chunk)) {
                    from.close();
                    return;
                }
                out.write(chunk, 0, sent);
                done += size;
            }
            if (way == Way.DOWN && fault == Fault.ADDS_A_BYTE) {
                out.write('!');
            }
            if (way == Way.UP && fault == Fault.FIN_CLOSES_BOTH) {
                to.close();
                from.close();
            } else {
                to.shutdownOutput();
            }
        } catch (IOException reset) {
            mirror(from, to);
        }
    }

    private void spoil(byte[] chunk, long done, int size, Way way) {
        Fault flips = way == Way.UP ? Fault.FLIPS_A_BYTE_UP : Fault.FLIPS_A_BYTE_DOWN;
        if (fault == flips && done <= SPOILED_AFTER && done + size > SPOILED_AFTER) {
            chunk[(int) (SPOILED_AFTER - done)] ^= 1;
        }
    }

    private boolean endsHere(Socket to, OutputStream out, byte[] chunk) throws IOException {
        return switch (fault) {
            case ENDS_SHORT -> {
                out.write(chunk, 0, 1);
                to.shutdownOutput();
                yield true;
            }
            case RESETS_AFTER_SOME -> {
                to.setSoLinger(true, 0);
                to.close();
                yield true;
            }
            case STALLS -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                yield true;
            }
            case NONE, FLIPS_A_BYTE_DOWN, FLIPS_A_BYTE_UP, RESETS_AT_ONCE, ENDS_AT_ONCE, RESET_BECOMES_FIN,
                    FIN_CLOSES_BOTH, LOSES_THE_END, ADDS_A_BYTE ->
                false;
        };
    }

    private void mirror(Socket from, Socket to) {
        try {
            // One that closes both at a FIN meets what it closed itself in the other direction: that is no reset.
            if (fault != Fault.RESET_BECOMES_FIN && fault != Fault.FIN_CLOSES_BOTH) {
                to.setSoLinger(true, 0);
            }
            to.close();
            from.close();
        } catch (IOException gone) {
            // Both are closed.
        }
    }
}
