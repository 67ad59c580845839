package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.List;

/** One thing to measure. */
public sealed interface Scenario
        permits LoadScenario, DatagramScenario, FloodScenario, IdleScenario, StartScenario, FairnessScenario,
        ChurnScenario, DiscoveryScenario,
        KernelRulesScenario, ScrapeScenario, SoakScenario {
    /** As on the command line. */
    String id();

    /** As above its table. */
    String title();

    Unit unit();

    /** The metric that is compared. */
    Metric headline();

    /** The contender that ratios are to, or empty text for the best peer. */
    String reference();

    /** Everybody who could take part. */
    List<Contender> contenders();

    /** About how long it takes, in seconds, when so many take part. */
    double estimate(Pace pace, int contenders);

    Outcome run(Stage stage) throws IOException, InterruptedException;
}
