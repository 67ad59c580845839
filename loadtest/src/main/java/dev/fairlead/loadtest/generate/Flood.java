package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends what a {@link FloodPlan} says and waits for no reply: each source's socket is closed at once. */
final class Flood {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** In one tick, so that a loop that was held up does not catch up in one burst. */
    private static final int MOST_PER_TICK = 256;
    private static final int BYTES = 64;
    private static final long TO_BE_ANSWERED = 1;

    private final Lane lane;
    private final FloodPlan plan;
    private final CompletableFuture<Report> done = new CompletableFuture<>();
    private final Map<Mishap, Long> mishaps = new EnumMap<>(Mishap.class);
    private long begun;
    private int tried;

    Flood(Lane lane, FloodPlan plan) {
        this.lane = lane;
        this.plan = plan;
    }

    /**
     * What came of it.
     *
     * @param sent datagrams that the kernel took
     */
    record Report(long sent, double seconds, Map<String, Long> errorKinds) {
        JsonLine toJson() {
            return new JsonLine().with("sent", sent).with("seconds", seconds)
                    .with("errors", errorKinds.values().stream().mapToLong(Long::longValue).sum())
                    .with("errorKinds", errorKinds);
        }
    }

    /** On the lane; done when every source has had its turn. */
    CompletableFuture<Report> run() {
        begun = System.nanoTime();
        tick();
        return done;
    }

    private void tick() {
        long now = System.nanoTime();
        int due = (int) Math.min(plan.sources(), (now - begun) / 1e9 * plan.rate() + 1);
        int until = Math.min(due, tried + MOST_PER_TICK);
        while (tried < until) {
            send(plan.source(tried++));
        }
        if (tried < plan.sources()) {
            lane.after(TICK_NANOS, this::tick);
        } else {
            done.complete(report());
        }
    }

    private void send(InetSocketAddress from) {
        try {
            LinuxSocket socket = LinuxSocket.newSocketDgram(false);
            try {
                socket.bind(from);
                lane.outgoing().set(Lane.NUMBER, 0, plan.answered() ? TO_BE_ANSWERED : DatagramDoor.SILENT);
                socket.sendToAddress(lane.outgoingAddress(), 0, BYTES, plan.to().getAddress(), plan.to().getPort());
            } finally {
                socket.close();
            }
        } catch (IOException | ChannelException problem) {
            mishaps.merge(Mishap.of(problem), 1L, Long::sum);
        }
    }

    private Report report() {
        Map<String, Long> kinds = new LinkedHashMap<>();
        mishaps.forEach((kind, count) -> kinds.put(kind.word(), count));
        long failed = mishaps.values().stream().mapToLong(Long::longValue).sum();
        return new Report(tried - failed, (System.nanoTime() - begun) / 1e9, kinds);
    }
}
