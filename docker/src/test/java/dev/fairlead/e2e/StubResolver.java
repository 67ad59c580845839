package dev.fairlead.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Asks for addresses over UDP from one port, as a libc does: an answer is awaited for a second. */
final class StubResolver implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 1000;
    private static final int MOST_BYTES = 512;
    private static final short RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int CODE = 0x000f;
    private static final short A = 1;
    private static final short IN = 1;

    private final DatagramSocket socket;
    private short id;
    private DnsName name = DnsName.of(0);
    private byte[] query = {};

    private StubResolver(DatagramSocket socket) {
        this.socket = socket;
    }

    static StubResolver to(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(Addresses.socket(address));
        return new StubResolver(socket);
    }

    /**
     * Asks for the address of a name.
     *
     * @return whether the answer came in time
     * @throws IOException for an answer that is wrong
     */
    boolean ask(DnsName newName) throws IOException {
        name = newName;
        query = query(++id, name);
        return again();
    }

    /** Sends the last question once more. */
    boolean again() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try {
            socket.send(new DatagramPacket(query, query.length));
        } catch (PortUnreachableException earlier) {
            socket.send(new DatagramPacket(query, query.length));
        }
        while (true) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            socket.setSoTimeout((int) left);
            DatagramPacket packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException silent) {
                return false;
            } catch (PortUnreachableException refused) {
                continue;
            }
            byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
            if (answer[0] == query[0] && answer[1] == query[1]) {
                check(answer, query, name);
                return true;
            }
        }
    }

    private static byte[] query(short id, DnsName name) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.putShort(id).putShort(RECURSION_DESIRED).putShort((short) 1).putShort((short) 0).putShort((short) 0)
                .putShort((short) 0);
        for (String label : name.text().split("\\.", -1)) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) 0).putShort(A).putShort(IN);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** It repeats the question and has one record, whose address is the last of it. */
    private static void check(byte[] answer, byte[] query, DnsName name) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(answer);
        int flags = in.getShort(2);
        int questions = in.getShort(4);
        int answers = in.getShort(6);
        boolean repeats = answer.length > query.length
                && Arrays.equals(answer, 12, query.length, query, 12, query.length);
        if ((flags & RESPONSE) == 0 || (flags & CODE) != 0 || questions != 1 || answers != 1 || !repeats) {
            throw new IOException("not an answer about " + name + ": " + Arrays.toString(answer));
        }
        byte[] ip = Arrays.copyOfRange(answer, answer.length - 4, answer.length);
        if (!InetAddress.getByAddress(ip).getHostAddress().equals(name.ip())) {
            throw new IOException("not the address of " + name + ": " + Arrays.toString(ip));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
