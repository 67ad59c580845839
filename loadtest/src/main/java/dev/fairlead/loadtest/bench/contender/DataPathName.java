package dev.fairlead.loadtest.bench.contender;

import java.util.List;

/** Fairlead's data paths by the words of its {@code --data-path}: the one place that knows them here. */
public enum DataPathName {
    AUTO("fairlead", "auto"), EPOLL("fairlead-epoll", "epoll"), IO_URING("fairlead-uring", "io_uring"), CHANNEL(
            "fairlead-channel", "channel");

    private final String contender;
    private final String word;

    DataPathName(String contender, String word) {
        this.contender = contender;
        this.word = word;
    }

    /** Those that a user can have, the usual one first: they take part in every scenario. */
    public static List<DataPathName> measured() {
        return List.of(IO_URING, EPOLL, CHANNEL);
    }

    /** What a contender with this path is called. */
    public String contender() {
        return contender;
    }

    String word() {
        return word;
    }
}
