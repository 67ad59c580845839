package dev.fairlead.loadtest.generate;

import io.netty.channel.unix.FileDescriptor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an endpoint does with who comes. */
enum EndpointKind {
    /** Waits for the request, answers, closes. */
    REPLY,
    /** Gives back what it reads; closes after the peer did. */
    ECHO,
    /** Reads and throws away. */
    SINK,
    /** Sends until the peer closes. */
    SOURCE,
    /** Answers each datagram. */
    UDP_REPLY;

    /** As in commands: {@code udp-reply}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static EndpointKind byWord(String word) throws CommandFailed {
        for (EndpointKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new CommandFailed("kind=" + word + " (expected: "
                + Arrays.stream(values()).map(EndpointKind::word).collect(Collectors.joining(", ")) + ")");
    }

    /** Serves a connection that was just accepted. */
    Served serve(StreamDoor door, FileDescriptor descriptor) {
        return switch (this) {
            case REPLY -> new ReplyServed(door, descriptor);
            case ECHO -> new EchoServed(door, descriptor);
            case SINK -> new SinkServed(door, descriptor);
            case SOURCE -> new SourceServed(door, descriptor);
            case UDP_REPLY -> throw new IllegalStateException("datagrams have no connections");
        };
    }
}
