package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How much the kernel keeps for sockets that read datagrams. */
public final class ReceiveBuffers {
    private static final Pattern LIMIT = Pattern.compile("skmem:\\(r\\d+,rb(\\d+),");

    private ReceiveBuffers() {
    }

    /** The limits, in bytes, of the unconnected UDP sockets on a port; nothing where {@code ss} is not installed. */
    public static Set<Long> of(Network network, int port) throws IOException, InterruptedException {
        Optional<String> ss = Command.find("ss").map(Object::toString);
        if (ss.isEmpty()) {
            return Set.of();
        }
        String said = Command
                .run(network.command(List.of(ss.get(), "-H", "-u", "-l", "-n", "-m", "sport = :" + port)));
        return LIMIT.matcher(said).results().map(socket -> Long.parseLong(socket.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
