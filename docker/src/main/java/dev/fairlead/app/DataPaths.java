package dev.fairlead.app;

import dev.fairlead.app.Wiring.Unavailable;
import dev.fairlead.config.ProxyConfig.DataPathChoice;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.uring.UringDataPath;
import dev.fairlead.transport.linux.Pipes;
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
     * Starts its event loops.
     *
     * @param eventLoops how many; absent = one per processor
     * @throws Unavailable when it was asked for by name and cannot be had here
     */
    static DataPath open(DataPathChoice choice, Optional<Integer> eventLoops) throws Unavailable {
        int loops = eventLoops.orElseGet(() -> Runtime.getRuntime().availableProcessors());
        if (choice != DataPathChoice.AUTO) {
            Optional<String> why = unavailable(choice);
            if (why.isPresent()) {
                throw new Unavailable("data path " + word(choice) + " cannot be had here: " + why.get()
                        + " (expected: auto, or nio, which works anywhere)");
            }
            return open(choice, loops);
        }
        Optional<String> noEpoll = unavailable(DataPathChoice.EPOLL);
        noEpoll.ifPresent(why -> LOG.info("data path  no epoll here: {}", why));
        return open(noEpoll.isEmpty() ? DataPathChoice.EPOLL : DataPathChoice.NIO, loops);
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
            case IO_URING -> new UringDataPath(loops, pipes(loops));
            case AUTO, EPOLL -> new EpollDataPath(loops, pipes(loops));
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
