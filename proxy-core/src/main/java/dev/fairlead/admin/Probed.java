package dev.fairlead.admin;

import dev.fairlead.control.Progress;
import dev.fairlead.telemetry.ProbeMeters;
import java.util.function.Supplier;

/**
 * What is told at kube-proxy's two addresses beside the metrics.
 *
 * @param configz the settings in force as one JSON text
 */
public record Probed(Progress progress, ProbeMeters meters, Supplier<String> configz) {
}
