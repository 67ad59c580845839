package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.result.Row;
import java.util.List;

/**
 * What a scenario found.
 *
 * @param openLoopRate units per second of its open loop, or 0
 * @param notes what a reader should know beyond the rows
 */
public record Outcome(List<Row> rows, double openLoopRate, List<String> notes) {
}
