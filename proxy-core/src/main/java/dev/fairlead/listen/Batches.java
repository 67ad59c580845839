package dev.fairlead.listen;

import dev.fairlead.transport.linux.DescriptorSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A list on its way to a successor: as many of it in a message as that holds, a line each, and each message when the
 * one before has been acknowledged, since bursts of descriptors fail on full buffers.
 */
final class Batches {
    private final DescriptorSocket peer;

    Batches(DescriptorSocket peer) {
        this.peer = peer;
    }

    /** Sends all lines. */
    void lines(List<String> all) throws IOException {
        send(all, Function.identity(), _ -> List.of());
    }

    /**
     * Sends a line and a descriptor of each.
     *
     * @return of how many: all, unless the other side says that it has enough
     */
    <T> int withDescriptors(List<T> all, Function<T, String> line, ToIntFunction<T> descriptor) throws IOException {
        return send(all, line, batch -> batch.stream().map(descriptor::applyAsInt).toList());
    }

    private <T> int send(List<T> all, Function<T, String> line, Function<List<T>, List<Integer>> descriptors)
            throws IOException {
        int sent = 0;
        boolean enough = false;
        while (sent < all.size() && !enough) {
            List<String> lines = next(all.subList(sent, all.size()), line);
            List<T> batch = all.subList(sent, sent + lines.size());
            peer.send(String.join("\n", lines), descriptors.apply(batch));
            sent += batch.size();
            String answer = peer.receive().text();
            enough = answer.equals(Predecessor.ENOUGH);
            if (!enough && !answer.equals(Predecessor.ACK)) {
                throw new IOException("it says \"" + answer + "\" (expected: " + Predecessor.ACK + ")");
            }
        }
        return sent;
    }

    /** The lines of the first of them, as many as a message takes, at least one. */
    private static <T> List<String> next(List<T> rest, Function<T, String> line) {
        List<String> lines = new ArrayList<>();
        int bytes = 0;
        for (T one : rest) {
            String text = line.apply(one);
            bytes += text.getBytes(StandardCharsets.UTF_8).length + 1;
            boolean full = lines.size() == DescriptorSocket.MOST_DESCRIPTORS || bytes > DescriptorSocket.MOST_TEXT;
            if (full && !lines.isEmpty()) {
                break;
            }
            lines.add(text);
        }
        return lines;
    }
}
