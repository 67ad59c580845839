package dev.fairlead.discovery.kubernetes;

import java.time.Instant;
import java.util.List;

/**
 * What happened between one offer and the next.
 *
 * @param services how many times a Service was said to have changed
 * @param slices the same of EndpointSlices
 * @param triggers when what made slices change happened, by the slice controller's clock: annotation
 *     {@code endpoints.kubernetes.io/last-change-trigger-time} of each changed slice that is still there, of changes
 *     since this process began, in the order in which they came; empty where nothing came of the changes
 * @param firstNanos the ticker's time when the first of them came
 */
public record Changes(int services, int slices, List<Instant> triggers, long firstNanos) {
    public Changes {
        triggers = List.copyOf(triggers);
    }
}
