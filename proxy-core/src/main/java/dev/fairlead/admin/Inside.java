package dev.fairlead.admin;

import dev.fairlead.forward.LiveSession;
import dev.fairlead.model.Drain;
import dev.fairlead.telemetry.Journal;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.transport.Ticker;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The running parts that are asked, and told to change.
 *
 * @param dataPath its name
 * @param open connections and flows alive
 * @param sessions shows them to a reader, a few at a time; done when all were
 * @param drain puts out of service where the second is true, else back; whether that changed anything
 * @param heard when the Kubernetes API answered last; empty where none is followed
 */
public record Inside(String dataPath, int eventLoops, IntSupplier open, SessionMeters meters, Journal journal,
        Function<Consumer<List<LiveSession>>, CompletableFuture<Void>> sessions,
        BiFunction<Drain, Boolean, CompletableFuture<Boolean>> drain, Supplier<Optional<Instant>> heard,
        Ticker ticker) {
}
