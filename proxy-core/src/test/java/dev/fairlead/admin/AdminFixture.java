package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.model.IpPort;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.telemetry.Metrics;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.telemetry.Vitals;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** An admin server on a free port of loopback, whose subjects a test turns. */
final class AdminFixture implements AutoCloseable {
    final PublishedTable table = new PublishedTable();
    volatile ControlView view = ControlView.INITIAL;
    volatile List<String> stalled = List.of();
    volatile boolean draining;
    volatile int beats;

    private final Metrics metrics = new Metrics(table, () -> view.retiring(), new SessionMeters(), Vitals.QUIET);
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AdminServer admin;

    AdminFixture() throws AdminBindFailure {
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
        admin = AdminServer.open(IpPort.of("127.0.0.1:0"),
                new Observed(() -> view, table, metrics, liveness, () -> draining));
    }

    Metrics metrics() {
        return metrics;
    }

    IpPort address() {
        return admin.address();
    }

    HttpResponse<String> get(String path, String... headers) {
        return ask("GET", path, headers);
    }

    HttpResponse<String> ask(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address() + path))
                .timeout(Duration.ofSeconds(30)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        admin.close();
        metrics.close();
    }
}
