package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The clients. */
final class ClientRole implements Role {
    private static final double LONGEST_SECONDS = 86_400;

    private final Loops loops;
    private final PrintStream err;
    private @Nullable Load held;
    private @Nullable Load background;

    ClientRole(Loops loops, PrintStream err) {
        this.loops = loops;
        this.err = err;
    }

    @Override
    public JsonLine answer(Command command) throws CommandFailed, InterruptedException {
        return switch (command.word()) {
            case "run" -> run(command);
            case "hold" -> hold(command.knowing("to", "connections", "kind", "reply"));
            case "touch" -> touch(command.knowing());
            case "release" -> release(command.knowing());
            case "background" -> background(command);
            case "background-lap" -> lapBackground(command.knowing());
            case "background-stop" -> stopBackground(command.knowing());
            case "flood" -> flood(command.knowing("to", "from", "sources", "rate", "answered"));
            case "mixed" -> mixed(command);
            default -> throw new CommandFailed("unknown command \"" + command.word()
                    + "\" (expected: run, hold, touch, release, background, background-lap, background-stop, flood or mixed)");
        };
    }

    private JsonLine run(Command command) throws CommandFailed, InterruptedException {
        command.knowing(Stream.concat(LoadPlan.KEYS.stream(), Stream.of("warm", "measure", "pids", "endpoints"))
                .toArray(String[]::new));
        LoadPlan plan = LoadPlan.of(command);
        Duration warm = seconds(command, "warm", 0);
        Duration measure = seconds(command, "measure", 0.001);
        CpuMeter meter = new CpuMeter(command.processes("pids"), command.processes("endpoints"));
        meter.check();
        Load load = Load.start(loops, plan);
        try {
            Load.Measured measured = load.measure(warm, measure, meter);
            explain(measured.counts());
            return CpuMeter.between(measured.begin(), measured.end(), measured.counts().toJson(plan.kind().word()));
        } finally {
            load.stop();
        }
    }

    private JsonLine hold(Command command) throws CommandFailed, InterruptedException {
        if (held != null) {
            throw new CommandFailed("connections are held already (expected: release first)");
        }
        LoadPlan plan = held(command);
        long started = System.nanoTime();
        Load load = Load.hold(loops, plan);
        held = load;
        double seconds = (System.nanoTime() - started) / 1e9;
        Counts counts = load.counts();
        explain(counts);
        return new JsonLine().with("open", load.connections()).with("errors", counts.errors())
                .with("errorKinds", counts.errorKinds()).with("seconds", seconds);
    }

    private static LoadPlan held(Command command) throws CommandFailed {
        int connections = command.number("connections", 1, 60_000);
        String kind = command.optional("kind").orElse(LoadKind.PINGPONG.word());
        return switch (LoadKind.byWord(kind)) {
            case PINGPONG -> LoadPlan.held(command.addresses("to"), connections);
            case UDP_FIXED -> LoadPlan.heldDatagrams(command.addresses("to"), connections,
                    command.number("reply", 128, Long.BYTES, 65_507));
            default -> throw new CommandFailed("kind=" + kind + " (expected: pingpong or udp-fixed)");
        };
    }

    private JsonLine touch(Command ignored) throws CommandFailed, InterruptedException {
        if (held == null) {
            throw new CommandFailed("no connections are held (expected: hold first)");
        }
        Counts counts = held.touch();
        explain(counts);
        return new JsonLine().with("echoed", counts.units()).with("errors", counts.errors())
                .with("errorKinds", counts.errorKinds());
    }

    private JsonLine release(Command ignored) throws CommandFailed, InterruptedException {
        Load load = held;
        held = null;
        return new JsonLine().with("closed", load == null ? 0 : load.stop());
    }

    private JsonLine background(Command command) throws CommandFailed, InterruptedException {
        command.knowing(LoadPlan.KEYS.toArray(String[]::new));
        if (background != null) {
            throw new CommandFailed("a load runs in the background already (expected: background-stop first)");
        }
        background = Load.start(loops, LoadPlan.of(command));
        return new JsonLine().with("running", true);
    }

    private JsonLine lapBackground(Command ignored) throws CommandFailed, InterruptedException {
        if (background == null) {
            throw new CommandFailed("nothing runs in the background (expected: background first)");
        }
        Counts counts = background.counts();
        explain(counts);
        return counts.toJson("background");
    }

    private JsonLine flood(Command command) throws CommandFailed, InterruptedException {
        FloodPlan plan = FloodPlan.of(command);
        Lane lane = loops.lanes().getFirst();
        return Loops.await(Loops.on(lane, () -> new Flood(lane, plan).run()), plan.duration().plusSeconds(60))
                .toJson();
    }

    private JsonLine stopBackground(Command ignored) throws CommandFailed, InterruptedException {
        Load load = background;
        if (load == null) {
            throw new CommandFailed("nothing runs in the background (expected: background first)");
        }
        background = null;
        Counts counts = load.counts();
        load.stop();
        explain(counts);
        return new JsonLine().with("units", counts.units()).with("seconds", counts.seconds())
                .with("errors", counts.errors()).with("errorKinds", counts.errorKinds());
    }

    private JsonLine mixed(Command command) throws CommandFailed, InterruptedException {
        command.knowing("to", "source", "reply", "replyBytes", "seconds", "seed", "connections");
        MixedPlan plan = new MixedPlan(command.address("to"), command.address("source"), command.address("reply"),
                command.number("replyBytes", 128, 0, 1 << 30), command.number("connections", 64, 1, 256),
                seconds(command, "seconds", 0.001), command.whole("seed", 1));
        // One loop is enough for a soak, which is about mistakes and not about speed.
        Lane lane = loops.lanes().getFirst();
        MixedReport report = Loops.await(Loops.on(lane, () -> new MixedShare(lane, plan).run()),
                plan.duration().plus(MixedShare.GRACE).plusSeconds(20));
        report.details().forEach(err::println);
        return report.toJson();
    }

    private void explain(Counts counts) {
        List<String> details = counts.details();
        details.forEach(err::println);
    }

    private static Duration seconds(Command command, String key, double least) throws CommandFailed {
        return Duration.ofNanos((long) (command.decimal(key, least, LONGEST_SECONDS) * 1e9));
    }

    @Override
    public void close() {
        loops.close();
    }
}
