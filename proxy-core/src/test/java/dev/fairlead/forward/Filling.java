package dev.fairlead.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** Writes for as long as there is room. */
final class Filling {
    private final SocketChannel channel;
    private final Bytes bytes;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    /** @param channel does not block */
    Filling(SocketChannel channel, Bytes bytes) {
        this.channel = channel;
        this.bytes = bytes;
    }

    /** How many bytes were written so far, by whomever. */
    long fill() throws IOException {
        while (true) {
            if (!chunk.hasRemaining()) {
                chunk = ByteBuffer.wrap(bytes.next(64 * 1024));
            }
            int from = chunk.position();
            if (channel.write(chunk) == 0) {
                return bytes.count();
            }
            byte[] written = Arrays.copyOfRange(chunk.array(), from, chunk.position());
            bytes.wrote(written, written.length);
        }
    }
}
