package dev.fairlead.telemetry;

import dev.fairlead.balance.Upstream;
import dev.fairlead.table.PublishedTable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What Prometheus scrapes. Nothing is counted here: at a scrape the counters that event loops write are read.
 *
 * <p>
 * The meters take longer to make than doors take to open, and nobody reads them before: they are made in the background
 * by {@link #prepare} or by the first scrape, whichever comes first. Only pauses of the garbage collector count from
 * then on, all else from the start. Any thread.
 */
public final class Metrics implements AutoCloseable {
    private final Supplier<ScrapedMeters> maker;
    private Optional<ScrapedMeters> made = Optional.empty();
    private boolean closed;

    /**
     * @param table whose services and endpoints are told, and no others
     * @param retiring endpoints that are in no table any more but still have connections
     */
    public Metrics(PublishedTable table, Supplier<List<Upstream>> retiring, SessionMeters sessions, Vitals vitals,
            KubeProxyMeters kubeProxy) {
        maker = () -> new ScrapedMeters(table, retiring, sessions, vitals, kubeProxy);
    }

    /** Makes the meters on a thread of their own. */
    public void prepare() {
        Thread.ofPlatform().daemon().name("metrics").start(this::makeUnlessClosed);
    }

    /** Writes everything as it is now. Any thread, several at once too; does not close the stream. */
    public void scrape(OutputStream out, MetricsText form) throws IOException {
        meters().scrape(out, form);
    }

    @Override
    public synchronized void close() {
        closed = true;
        made.ifPresent(ScrapedMeters::close);
    }

    private synchronized void makeUnlessClosed() {
        if (!closed) {
            meters();
        }
    }

    private synchronized ScrapedMeters meters() {
        if (made.isEmpty()) {
            made = Optional.of(maker.get());
        }
        return made.get();
    }
}
