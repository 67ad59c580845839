package dev.fairlead.admin;

import dev.fairlead.forward.LiveSession;
import dev.fairlead.model.Drain;
import dev.fairlead.telemetry.Journal;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.transport.Ticker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the admin server asks and tells, without a proxy behind it. */
final class Insides {
    static final String TOKEN = "open-sesame";

    final Journal journal = new Journal(Ticker.SYSTEM);
    final SessionMeters meters = new SessionMeters();
    final List<String> drains = new ArrayList<>();
    volatile List<LiveSession> sessions = List.of();

    Inside inside() {
        return new Inside("channel", 1, () -> sessions.size(), meters, journal, reader -> {
            reader.accept(sessions);
            return CompletableFuture.completedFuture(null);
        }, this::drain, Optional::empty, Ticker.SYSTEM);
    }

    private CompletableFuture<Boolean> drain(Drain what, boolean out) {
        drains.add((out ? "drain " : "undrain ") + what);
        return CompletableFuture.completedFuture(true);
    }

    static About about(Optional<Path> socket) {
        return new About("0.0.0", TOKEN, socket, () -> List.of("NET_ADMIN"), () -> 1_000L, () -> 10L);
    }
}
