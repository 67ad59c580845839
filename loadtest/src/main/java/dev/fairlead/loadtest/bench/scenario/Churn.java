package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Running;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the endpoints of one contender come and go until closed; the first two serve at its end. */
final class Churn implements AutoCloseable {
    private static final List<List<Integer>> TURNS = List.of(List.of(1, 2), List.of(0, 2), List.of(0, 1));
    private static final long PERIOD_MILLIS = 200;

    private final Running.EndpointSwitch endpoints;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Optional<IOException> failure = Optional.empty();

    private Churn(Running.EndpointSwitch endpoints) {
        this.endpoints = endpoints;
    }

    static Churn start(Running running) {
        Churn churn = new Churn(running.endpointSwitch().orElseThrow(() -> new IllegalArgumentException(
                running.name() + " cannot change its endpoints while it runs")));
        churn.clock.scheduleAtFixedRate(churn::change, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return churn;
    }

    private void change() {
        try {
            endpoints.serve(TURNS.get(changes.getAndIncrement() % TURNS.size()));
        } catch (IOException failed) {
            failure = Optional.of(failed);
        }
    }

    /** Fails when a change failed, or there was none. */
    void assertWorked() throws IOException {
        Optional<IOException> failed = failure;
        if (failed.isPresent()) {
            throw new IOException("the endpoints could not be changed: " + failed.get().getMessage(), failed.get());
        }
        if (changes.get() == 0) {
            throw new IOException("the endpoints never changed (expected: every " + PERIOD_MILLIS + " ms)");
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        // Waits for the change that is under way.
        clock.close();
        endpoints.serve(TURNS.getLast());
    }
}
