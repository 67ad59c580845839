package dev.fairlead.loadtest.generate;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The event loops of this process. */
final class Loops implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MultiThreadIoEventLoopGroup group;
    private final List<Lane> lanes = new ArrayList<>();

    Loops(int count) {
        group = new MultiThreadIoEventLoopGroup(count, EpollIoHandler.newFactory());
        for (int i = 0; i < count; i++) {
            lanes.add(new Lane(group.next()));
        }
    }

    List<Lane> lanes() {
        return lanes;
    }

    /** Runs something on one loop and waits for its answer. */
    static <T> T on(Lane lane, Callable<T> work) throws CommandFailed, InterruptedException {
        return await(lane.loop().submit(work), PATIENCE);
    }

    /** Runs something on every loop, one after the other. */
    <T> List<T> onEach(Function<Lane, T> work) throws CommandFailed, InterruptedException {
        List<T> answers = new ArrayList<>();
        for (Lane lane : lanes) {
            answers.add(on(lane, () -> work.apply(lane)));
        }
        return answers;
    }

    static <T> T await(Future<T> future, Duration patience) throws CommandFailed, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException problem) {
            Throwable cause = problem.getCause() == null ? problem : problem.getCause();
            throw new CommandFailed(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException late) {
            throw new CommandFailed("the event loop did not answer within " + patience.toSeconds() + " s", late);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
