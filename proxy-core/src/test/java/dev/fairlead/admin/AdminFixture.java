package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.Progress;
import dev.fairlead.model.IpPort;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.Metrics;
import dev.fairlead.telemetry.ProbeMeters;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.telemetry.Vitals;
import dev.fairlead.transport.Ticker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An admin server on a free port of loopback, whose subjects a test turns. */
final class AdminFixture implements AutoCloseable {
    final PublishedTable table = new PublishedTable();
    final Insides insides = new Insides();
    volatile ControlView view = ControlView.INITIAL;
    volatile List<String> stalled = List.of();
    volatile boolean draining;
    volatile int beats;

    private final Metrics metrics = new Metrics(table, () -> view.retiring(), new SessionMeters(), Vitals.QUIET,
            Fleet.quiet());
    private final HttpAsking client = new HttpAsking();
    private final Optional<Path> socket;
    private final AdminServer admin;

    AdminFixture() throws AdminBindFailure {
        this(Optional.empty());
    }

    /** @param socket where it answers besides */
    AdminFixture(Optional<Path> socket) throws AdminBindFailure {
        this.socket = socket;
        Liveness liveness = new Liveness() {
            @Override
            public synchronized void beat() {
                beats = beats + 1;
            }

            @Override
            public List<String> stalled() {
                return stalled;
            }
        };
        admin = AdminServer.open(adminAt(IpPort.of("127.0.0.1:0")), observed(liveness));
    }

    static AdminAddresses adminAt(IpPort address) {
        return new AdminAddresses(Optional.of(address), Optional.empty(), Optional.empty());
    }

    Observed observed(Liveness liveness) {
        return new Observed(() -> view, table, metrics, liveness, () -> draining,
                new Probed(new Progress(Ticker.SYSTEM), new ProbeMeters(), () -> "{}"), (_, _, _) -> {
                }, insides.inside(), Insides.about(socket));
    }

    IpPort address() {
        return admin.address().orElseThrow();
    }

    HttpResponse<String> get(String path, String... headers) {
        return client.ask("GET", address(), path, headers);
    }

    HttpResponse<String> ask(String method, String path, String... headers) {
        return client.ask(method, address(), path, headers);
    }

    @Override
    public void close() {
        client.close();
        admin.close();
        metrics.close();
    }
}
