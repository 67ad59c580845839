package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Assignment;
import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.contender.Running;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.result.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The contenders of one scenario, all running, and what was noted of each. */
final class Cast implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Stage stage;
    private final List<Member> members = new ArrayList<>();
    private final List<Row> absent = new ArrayList<>();

    private Cast(Stage stage) {
        this.stage = stage;
    }

    /**
     * One that does not start is absent with the reason, a kernel may forbid io_uring; but without any Fairlead there
     * is nothing to compare.
     */
    static Cast start(Stage stage, List<Contender> contenders, List<EndpointKind> kinds, boolean accessLog)
            throws IOException, InterruptedException {
        Cast cast = new Cast(stage);
        try {
            for (Contender contender : contenders) {
                cast.start(contender, kinds, accessLog);
            }
        } catch (IOException | InterruptedException failed) {
            cast.close();
            throw failed;
        }
        if (cast.members.isEmpty() || cast.lacksEveryFairlead()) {
            cast.close();
            throw new IOException("nobody to measure: "
                    + cast.absent.stream().map(row -> row.contender() + " " + row.note()).toList());
        }
        return cast;
    }

    private boolean lacksEveryFairlead() {
        return absent.stream().anyMatch(row -> row.family() == Family.FAIRLEAD)
                && members.stream().noneMatch(member -> member.family() == Family.FAIRLEAD);
    }

    private void start(Contender contender, List<EndpointKind> kinds, boolean accessLog)
            throws IOException, InterruptedException {
        stage.progress().step("starting " + contender.name());
        Network network = stage.network(contender).orElseThrow();
        Generators generators = stage.generators(network);
        for (EndpointKind kind : kinds) {
            generators.serve(kind);
        }
        Assignment assignment = Assignment.of(network, stage.room(contender.name()),
                members.size() + absent.size(), kinds, accessLog);
        try {
            generators.awaitFree(assignment.ports());
            Running running = contender.start(assignment);
            members.add(new Member(running, generators, new Tally(contender.name())));
            if (contender instanceof Fairlead fairlead && fairlead.oneDoor()) {
                stage.probe().await("http://" + assignment.admin() + "/readyz", PATIENCE);
            }
        } catch (IOException doesNotStart) {
            String reason = String.valueOf(doesNotStart.getMessage());
            stage.progress().note(contender.name() + " takes no part: " + reason);
            absent.add(Row.absent(contender.name(), "takes no part: " + reason.lines().findFirst().orElse("")));
        }
    }

    List<Member> members() {
        return members;
    }

    /** A turn for each, as often as there are rounds: A B C, A B C. */
    void interleave(String what, Turn turn) throws IOException, InterruptedException {
        int rounds = stage.pace().rounds();
        for (int round = 1; round <= rounds; round++) {
            for (Member member : members) {
                stage.progress().step(member.running().name() + ", " + what + ", round " + round + " of " + rounds);
                turn.take(member);
            }
        }
    }

    List<Row> rows() {
        return Stream.concat(members.stream().map(member -> member.tally().row()), absent.stream()).toList();
    }

    @Override
    public void close() {
        members.forEach(member -> member.running().close());
    }

    /** One contender's turn. */
    @FunctionalInterface
    interface Turn {
        void take(Member member) throws IOException, InterruptedException;
    }

    /** A contender that runs, who loads it, and what was noted. */
    record Member(Running running, Generators generators, Tally tally) {
        Family family() {
            return running.contender().family();
        }
    }
}
