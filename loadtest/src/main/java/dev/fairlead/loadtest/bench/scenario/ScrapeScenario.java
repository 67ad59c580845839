package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What a scrape of many services costs when each endpoint of each was used, and what new connections notice of it: in
 * turn a while without scrapes and a while with them.
 */
record ScrapeScenario(String id, String title, List<Contender> contenders) implements Scenario {
    private static final LoadRequest WARM_UP = new LoadRequest("connect", EndpointKind.REPLY, 64);
    private static final LoadRequest LOAD = WARM_UP.atRate(2000);
    private static final int EVERY_MILLIS = 500;
    private static final int WARM_UP_SCRAPES = 10;
    private static final double SECONDS_PER_CONNECTION = 0.0005;
    private static final double MEGABYTE = 1e6;

    @Override
    public Unit unit() {
        return Unit.CONNECTION;
    }

    @Override
    public Metric headline() {
        return Metric.SCRAPE;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        int services = contenders.stream().mapToInt(contender -> ((Fairlead) contender).others()).sum();
        return services * Network.SERVING * SECONDS_PER_CONNECTION + taking * (4 * pace.warmUp(true)
                + WARM_UP_SCRAPES * EVERY_MILLIS / 1e3 + pace.rounds() * 2 * (pace.settle() + pace.seconds()));
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        try (Cast cast = stage.cast(contenders, List.of(LOAD.endpoints()), false)) {
            for (Cast.Member member : cast.members()) {
                stage.progress().step("one connection to each endpoint of each service of " + member.running().name());
                use(stage.probe(), member);
            }
            LoadScenario.warmUp(cast, stage, WARM_UP);
            for (Cast.Member member : cast.members()) {
                stage.probe().scrapes(member.running().assignment().admin(), WARM_UP_SCRAPES, 0);
            }
            cast.interleave("without and with scrapes", member -> measure(stage, member));
            return new Outcome(cast.rows(), LOAD.rate(),
                    List.of(String.format(Locale.ROOT,
                            "%d endpoints of each service, each with a connection behind it. A scrape every %d ms, to its last"
                                    + " byte: the median and the worst of a round. The p99 is of new connections, without scrapes"
                                    + " and with them.",
                            Network.SERVING, EVERY_MILLIS)));
        }
    }

    /** Round robin, so that each endpoint has its turn. */
    private static void use(Probe probe, Cast.Member member) throws IOException, InterruptedException {
        List<String> services = ((Fairlead) member.running().contender())
                .others(member.running().assignment());
        long wanted = (long) services.size() * Network.SERVING;
        member.tally().error("services not reached", wanted - probe.use(services, Network.SERVING));
    }

    private static void measure(Stage stage, Cast.Member member) throws IOException, InterruptedException {
        double seconds = stage.pace().seconds();
        member.generators().background(member.running(), LOAD);
        try {
            Stage.pause(stage.pace().settle());
            member.generators().lap();
            Stage.pause(seconds);
            LoadReport without = member.generators().lap();
            Probe.Scrapes scrapes = stage.probe().scrapes(member.running().assignment().admin(),
                    Math.max(2, (int) (seconds * 1000 / EVERY_MILLIS)), EVERY_MILLIS);
            LoadReport with = member.generators().lap();
            Tally tally = member.tally();
            tally.add(Metric.SCRAPE, scrapes.medianMillis());
            tally.add(Metric.SCRAPE_WORST, scrapes.worstMillis());
            tally.add(Metric.SCRAPE_SIZE, scrapes.bytes() / MEGABYTE);
            tally.p99(Metric.P99, without);
            tally.p99(Metric.P99_SCRAPED, with);
            tally.error("silent", without.units() == 0 || with.units() == 0 ? 1 : 0);
        } finally {
            member.generators().stopBackground();
        }
        member.running().assertAlive();
    }
}
