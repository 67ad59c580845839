package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.telemetry.Metrics;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What is told about. Everything is read when somebody asks, on the admin thread.
 *
 * @param control what the control thread wants and has
 * @param table the one that event loops read
 * @param draining whether Fairlead was told to stop
 * @param probed what is told at kube-proxy's addresses
 * @param inside the running parts
 * @param about the process
 * @param healthChecks is told of health check node ports that do not open
 */
public record Observed(Supplier<ControlView> control, PublishedTable table, Metrics metrics, Liveness liveness,
        BooleanSupplier draining, Probed probed, HealthCheckObserver healthChecks, Inside inside, About about) {
}
