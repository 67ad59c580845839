package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Assignment;
import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Proxy;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From exec to the first connection that was answered. */
record StartScenario(String id, String title, List<Contender> contenders) implements Scenario {
    /** A start takes milliseconds and varies; there is time for several in each round. */
    private static final int STARTS_PER_ROUND = 3;

    @Override
    public Unit unit() {
        return Unit.CONNECTION;
    }

    @Override
    public Metric headline() {
        return Metric.START;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * pace.rounds() * STARTS_PER_ROUND * 0.6;
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        List<Starter> starters = new ArrayList<>();
        for (Contender contender : stage.taking(contenders)) {
            if (contender instanceof Proxy proxy) {
                starters.add(starter(stage, proxy, starters.size()));
            }
        }
        for (int round = 1; round <= stage.pace().rounds(); round++) {
            for (Starter starter : starters) {
                stage.progress().step(starter.proxy().name() + ", round " + round + " of " + stage.pace().rounds());
                for (int i = 0; i < STARTS_PER_ROUND; i++) {
                    starter.tally().add(Metric.START, stage.probe().start(
                            starter.assignment().services().getFirst().listen(),
                            starter.proxy().launch(starter.assignment()).command()));
                }
            }
        }
        return new Outcome(starters.stream().map(starter -> starter.tally().row()).toList(), 0,
                List.of("Whole application, static configuration of one service; " + STARTS_PER_ROUND
                        + " starts per round."));
    }

    private static Starter starter(Stage stage, Proxy proxy, int slot) throws IOException, InterruptedException {
        Network network = stage.network(proxy).orElseThrow();
        stage.generators(network).serve(EndpointKind.REPLY);
        return new Starter(proxy,
                Assignment.of(network, stage.room(proxy.name()), slot, List.of(EndpointKind.REPLY), false),
                new Tally(proxy.name()));
    }

    private record Starter(Proxy proxy, Assignment assignment, Tally tally) {
    }
}
