package dev.fairlead.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One end of one connection that expects: whatever comes instead becomes a {@link TalkFailed} saying what. One thread
 * reads, another may write.
 */
final class Wire implements AutoCloseable {
    private static final int LONGEST_LINE = 1000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;
    private volatile boolean heard;

    private Wire(Socket socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    /** A connection that came in; {@code silence} is how long the other side may say nothing when something is due. */
    static Wire accepted(Socket socket, Duration silence) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) silence.toMillis());
        return new Wire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** Opens a connection; {@code silence} counts for the connect too. */
    static Wire connect(InetSocketAddress address, Duration silence) throws TalkFailed {
        Socket socket = new Socket();
        try {
            socket.connect(address, (int) silence.toMillis());
            return accepted(socket, silence);
        } catch (SocketTimeoutException timeout) {
            abandon(socket);
            throw new TalkFailed(Failure.CONNECT_TIMEOUT, "no answer within " + silence.toMillis() + " ms");
        } catch (IOException problem) {
            abandon(socket);
            String text = String.valueOf(problem.getMessage());
            Failure failure = Failure.OTHER;
            if (problem instanceof ConnectException && text.contains("refused")) {
                failure = Failure.REFUSED;
            } else if (text.contains("reset")) {
                // Established, and reset before this thread was told.
                failure = Failure.RESET_BEFORE_FIRST_BYTE;
            }
            throw new TalkFailed(failure, text);
        }
    }

    /** Our own address, as the proxy sees it: {@code 127.0.0.1:40000}. */
    String localAddress() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    void say(String text) throws TalkFailed {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, bytes.length);
    }

    /** The next line, without its end. */
    String line() throws TalkFailed {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            if (position == limit && !fillBuffer()) {
                throw new TalkFailed(heard ? Failure.ENDED_SHORT : Failure.ENDED_BEFORE_FIRST_BYTE,
                        "FIN instead of a line, after \"" + line + "\"");
            }
            char c = (char) (buffer[position++] & 0xff);
            if (c == '\n') {
                return line.toString().stripTrailing();
            }
            line.append(c);
        }
        throw new TalkFailed(Failure.WRONG_ANSWER, "a line longer than " + LONGEST_LINE + " characters");
    }

    void send(Payload payload, long length) throws TalkFailed {
        byte[] chunk = new byte[(int) Math.min(length, 16 * 1024)];
        for (long done = 0; done < length;) {
            int size = (int) Math.min(chunk.length, length - done);
            payload.fill(chunk, size);
            write(chunk, size);
            done += size;
        }
    }

    /** Reads {@code length} bytes and checks each. */
    void expect(Payload payload, long length) throws TalkFailed {
        byte[] chunk = new byte[(int) Math.min(length, 16 * 1024)];
        for (long done = 0; done < length;) {
            done += expectChunk(payload, chunk, done, length);
        }
    }

    /** Reads {@code length} bytes, checks each and sends it back. */
    void echo(Payload payload, long length) throws TalkFailed {
        byte[] chunk = new byte[(int) Math.min(length, 16 * 1024)];
        for (long done = 0; done < length;) {
            int size = expectChunk(payload, chunk, done, length);
            write(chunk, size);
            done += size;
        }
    }

    private int expectChunk(Payload payload, byte[] chunk, long done, long length) throws TalkFailed {
        int size = read(chunk, (int) Math.min(chunk.length, length - done));
        if (size < 0) {
            throw new TalkFailed(heard ? Failure.ENDED_SHORT : Failure.ENDED_BEFORE_FIRST_BYTE,
                    "FIN after " + done + " of " + length + " bytes");
        }
        int wrong = payload.firstDifference(chunk, size);
        if (wrong >= 0) {
            throw new TalkFailed(Failure.CORRUPT, "byte " + (done + wrong) + " of " + length + " differs");
        }
        return size;
    }

    /** How many bytes were read, at most {@code most}; -1 at FIN. */
    int read(byte[] into, int most) throws TalkFailed {
        if (position == limit && !fillBuffer()) {
            return -1;
        }
        int size = Math.min(most, limit - position);
        System.arraycopy(buffer, position, into, 0, size);
        position += size;
        return size;
    }

    void write(byte[] bytes, int length) throws TalkFailed {
        try {
            out.write(bytes, 0, length);
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    void expectFin() throws TalkFailed {
        if (position < limit || fillBuffer()) {
            throw new TalkFailed(Failure.TOO_MUCH, (limit - position) + " bytes where a FIN was due");
        }
    }

    void expectReset() throws TalkFailed {
        try {
            expectFin();
        } catch (TalkFailed failed) {
            if (wasReset(failed)) {
                return;
            }
            throw failed;
        }
        throw new TalkFailed(Failure.FIN_INSTEAD_OF_RESET, "FIN where a reset was due");
    }

    static boolean wasReset(TalkFailed failed) {
        return failed.failure() == Failure.RESET_BEFORE_FIRST_BYTE
                || failed.failure() == Failure.RESET_AFTER_FIRST_BYTE;
    }

    /** Sends FIN; reading goes on. */
    void finish() throws TalkFailed {
        try {
            socket.shutdownOutput();
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    void reset() throws TalkFailed {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    /** Never fails: by now there is nobody to tell. */
    @Override
    public void close() {
        abandon(socket);
    }

    private static void abandon(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // The descriptor is given back all the same.
        }
    }

    private boolean fillBuffer() throws TalkFailed {
        try {
            int size = in.read(buffer, 0, buffer.length);
            if (size < 0) {
                return false;
            }
            heard = true;
            position = 0;
            limit = size;
            return true;
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    private TalkFailed failed(IOException problem) {
        String text = String.valueOf(problem.getMessage());
        Failure failure = Failure.OTHER;
        if (problem instanceof SocketTimeoutException) {
            failure = Failure.TIMEOUT;
        } else if (text.contains("reset") || text.contains("Broken pipe")) {
            failure = heard ? Failure.RESET_AFTER_FIRST_BYTE : Failure.RESET_BEFORE_FIRST_BYTE;
        }
        return new TalkFailed(failure, text);
    }
}
