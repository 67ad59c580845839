package dev.fairlead.forward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the kernel holds for a connection, of {@code /proc/net/tcp}. */
final class SocketQueues {
    private SocketQueues() {
    }

    /** Bytes that have come to the socket whose peer has this port, and were not read; 0 where nobody tells. */
    static long unread(int peerPort) throws IOException {
        if (!Files.exists(Path.of("/proc/net/tcp"))) {
            return 0;
        }
        String peer = String.format(Locale.ROOT, ":%04X", peerPort);
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[2].endsWith(peer)) {
                    return Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16);
                }
            }
        }
        throw new IOException("no socket has a peer at port " + peerPort);
    }
}
