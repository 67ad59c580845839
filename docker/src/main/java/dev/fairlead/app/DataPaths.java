package dev.fairlead.app;

import dev.fairlead.app.Wiring.Unavailable;
import dev.fairlead.config.ProxyConfig.DataPathChoice;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.uring.UringDataPath;
import dev.fairlead.transport.linux.Pipes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which data path is used: the one asked for, or the best that works here. */
final class DataPaths {
    private static final Logger LOG = LoggerFactory.getLogger(DataPaths.class);

    private DataPaths() {
    }

    /**
     * Has a thread make ready what any of the fast ones needs: that takes about as long as reading the files, and there
     * are two processors. Nothing waits for it; whoever comes first does it.
     */
    static void prepare() {
        Thread.ofPlatform().daemon().name("prepare-data-path").start(UringDataPath::unavailable);
    }

    /**
     * Starts its event loops.
     *
     * @param eventLoops how many; absent = one for every two processors: docs/decisions/0010
     * @throws Unavailable when it was asked for by name and cannot be had here
     */
    static DataPath open(DataPathChoice choice, Optional<Integer> eventLoops) throws Unavailable {
        int loops = eventLoops.orElseGet(() -> Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        if (choice != DataPathChoice.AUTO) {
            Optional<String> why = unavailable(choice);
            if (why.isPresent()) {
                throw new Unavailable("data path " + word(choice) + " cannot be had here: " + why.get()
                        + " (expected: auto, or nio, which works anywhere)");
            }
            return open(choice, loops);
        }
        for (DataPathChoice best : List.of(DataPathChoice.IO_URING, DataPathChoice.EPOLL)) {
            Optional<String> why = unavailable(best);
            if (why.isEmpty()) {
                return open(best, loops);
            }
            LOG.info("data path  no {} here: {}", word(best), why.get());
        }
        return open(DataPathChoice.NIO, loops);
    }

    private static Optional<String> unavailable(DataPathChoice choice) {
        return switch (choice) {
            case AUTO -> Optional.empty();
            case IO_URING -> UringDataPath.unavailable();
            case EPOLL -> EpollDataPath.unavailable();
            case CHANNEL -> ChannelKind.EPOLL.unavailable();
            case NIO -> ChannelKind.NIO.unavailable();
        };
    }

    private static DataPath open(DataPathChoice choice, int loops) {
        return switch (choice) {
            case AUTO, IO_URING -> new UringDataPath(loops, pipes(loops));
            case EPOLL -> new EpollDataPath(loops, pipes(loops));
            case CHANNEL -> new ChannelDataPath(ChannelKind.EPOLL, loops);
            case NIO -> new ChannelDataPath(ChannelKind.NIO, loops);
        };
    }

    /** Pipes of a loop: all of them together may take one descriptor of sixty-four, the others are for connections. */
    private static int pipes(int loops) {
        return (int) Math.min(Pipes.USUAL, Wiring.descriptors() / 64 / 2 / loops);
    }

    private static String word(DataPathChoice choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
