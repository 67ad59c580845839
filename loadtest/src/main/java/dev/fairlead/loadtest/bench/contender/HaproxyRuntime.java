package dev.fairlead.loadtest.bench.contender;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** HAProxy's runtime API: how its endpoints change without a reload. */
final class HaproxyRuntime {
    private HaproxyRuntime() {
    }

    static String endpointName(int index) {
        return "e" + index;
    }

    /** Makes these endpoints ready, then takes the others out, so that there always is one. */
    static void serve(Path socket, List<Service> services, List<Integer> which) throws IOException {
        List<String> commands = new ArrayList<>();
        for (boolean wanted : new boolean[]{true, false}) {
            for (Service service : services) {
                for (int i = 0; i < service.all().size(); i++) {
                    if (which.contains(i) == wanted) {
                        commands.add("set server " + service.name() + "/" + endpointName(i) + " state "
                                + (wanted ? "ready" : "maint"));
                    }
                }
            }
        }
        String answer = ask(socket, String.join("; ", commands) + "\n");
        if (!answer.isBlank()) {
            throw new IOException("HAProxy's runtime API answered: " + answer.strip());
        }
    }

    private static String ask(Path socket, String commands) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer out = ByteBuffer.wrap(commands.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            ByteBuffer in = ByteBuffer.allocate(8192);
            while (in.hasRemaining() && channel.read(in) >= 0) {
                // Until it closes, which it does after the last answer.
            }
            return StandardCharsets.UTF_8.decode(in.flip()).toString();
        }
    }
}
