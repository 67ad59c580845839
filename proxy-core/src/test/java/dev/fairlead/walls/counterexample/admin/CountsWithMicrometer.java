package dev.fairlead.walls.counterexample.admin;

import io.micrometer.core.instrument.MeterRegistry;

/** Sees micrometer outside telemetry. */
public final class CountsWithMicrometer {
    void count(MeterRegistry registry) {
        registry.close();
    }
}
