package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.kernel.RuleSet;
import dev.fairlead.loadtest.bench.machine.Command;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.Networks;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Row;
import dev.fairlead.loadtest.bench.result.Statistics;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One Service changes: what the kernel's rules take for that, loaded as kube-proxy does it, and what Fairlead takes.
 */
record KernelRulesScenario(String id, String title, ClusterSize size, List<Contender> contenders) implements Scenario {
    /** The kernel's rules are loaded with no more than these, so that a load ends while somebody waits. */
    private static final int MOST_ENDPOINTS = 5;
    private static final int MOST_UPDATES = 9;
    private static final Duration LOAD = Duration.ofSeconds(60);
    private static final Duration LOAD_ANYHOW = Duration.ofSeconds(150);
    private static final int STRIDE = 1117;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_MILLI = 1000;
    private static final double SECONDS_PER_SERVICE = 0.016;

    @Override
    public Unit unit() {
        return Unit.CHANGE;
    }

    @Override
    public Metric headline() {
        return Metric.CHANGE_P50;
    }

    @Override
    public String reference() {
        return "iptables-legacy";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return 10 + size.services() * SECONDS_PER_SERVICE;
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        int endpoints = Math.min(MOST_ENDPOINTS, size.endpoints());
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Contender contender : stage.taking(contenders)) {
            if (contender instanceof Fairlead fairlead) {
                rows.add(fairlead(stage, fairlead));
            }
        }
        for (RuleSet rules : RuleSet.all(Network.BLOCK, endpoints)) {
            if (Command.find(rules.command().getFirst()).isEmpty()) {
                notes.add(rules.name() + " takes no part: " + rules.command().getFirst() + " is not installed.");
                continue;
            }
            Optional<Networks.Extra> network = stage.extra(rules.name());
            if (network.isEmpty()) {
                notes.add(rules.name() + " takes no part: it needs a network namespace, and that root.");
                continue;
            }
            try (Networks.Extra own = network.get()) {
                kernel(stage, rules, own.network(), endpoints, notes).ifPresent(rows::add);
            }
        }
        notes.add(String.format(Locale.ROOT, "%,d Services; Fairlead's have %d endpoints each, the kernel's rules %d."
                + " Initial: for the kernel the command that loads all rules, for Fairlead exec to ready. A change, the"
                + " kernel's: the command from exec to exit, which writes that Service's chain anew and nothing else"
                + " (kube-proxy writes more); Fairlead's: from the source's reading the event to the table in force.",
                size.services(), size.endpoints(), endpoints));
        return new Outcome(rows, 0, notes);
    }

    private Row fairlead(Stage stage, Fairlead fairlead) throws IOException, InterruptedException {
        Tally tally = new Tally(fairlead.name());
        stage.progress().step(fairlead.name() + " follows a cluster");
        try (Following following = Following.start(stage, fairlead, size)) {
            tally.add(Metric.SYNC, following.syncSeconds());
            tally.error("Services without a door", following.missingDoors());
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < size.changes(); i++) {
                millis.add(following.change(i * STRIDE % size.services()).micros() / MICROS_PER_MILLI);
            }
            tally.add(Metric.CHANGE_P50, Statistics.median(millis));
        }
        return tally.row();
    }

    /** Nothing where the load takes too long; a note says so. */
    private Optional<Row> kernel(Stage stage, RuleSet rules, Network network, int endpoints, List<String> notes)
            throws IOException, InterruptedException {
        stage.progress().step(rules.name() + " loads its rules");
        Tally tally = new Tally(rules.name());
        List<String> command = network.command(rules.command());
        // The one that is a goal's measure may take longer.
        Duration patience = rules.name().equals("nft") ? LOAD_ANYHOW : LOAD;
        long begin = System.nanoTime();
        try {
            Command.run(command, rules.all(size.services()), patience);
        } catch (Command.NotDone tooLong) {
            notes.add(rules.name() + " takes no part: its rules were not loaded after " + patience.toSeconds() + " s.");
            return Optional.empty();
        }
        tally.add(Metric.SYNC, (System.nanoTime() - begin) / NANOS_PER_SECOND);
        for (int i = 0; i < Math.min(MOST_UPDATES, size.changes()); i++) {
            stage.progress().step(rules.name() + ", update " + (i + 1));
            String update = rules.update(i * STRIDE % size.services(), endpoints - 1);
            long start = System.nanoTime();
            Command.run(command, update);
            tally.add(Metric.CHANGE_P50, (System.nanoTime() - start) / NANOS_PER_MILLI);
        }
        return Optional.of(tally.row());
    }
}
