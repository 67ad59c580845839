package dev.fairlead.app;

import dev.fairlead.app.Overrides.Judged;
import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.doctor.Doctor;
import dev.fairlead.app.doctor.Finding;
import dev.fairlead.app.doctor.Finding.Grade;
import dev.fairlead.balance.Balancers;
import dev.fairlead.telemetry.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at this machine, and at the process that runs on it, for what keeps a proxy from its work. */
@Command(name = "doctor", header = "Say what on this machine is in a proxy's way, and what to do.", //
        customSynopsis = "fairlead doctor [-f FILE...] [OPTIONS]")
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FileOptions input = new FileOptions();

    @Option(names = "--kubernetes", order = 12, description = "As for a proxy that follows the cluster.")
    private boolean kubernetes;

    @Option(names = "--json", order = 30, description = "As one JSON array.")
    private boolean json;

    @Mixin
    private AdminOption admin = new AdminOption();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Balancers balancers = Balancers.installed();
        Overrides overrides = new Overrides();
        if (kubernetes) {
            overrides.followingACluster();
        }
        return switch (overrides.judge(balancers)) {
            case Judged.Wrong(List<String> problems) -> rejected(problems);
            case Judged.Fine(var over) -> {
                Inputs inputs = input.files().isEmpty() ? Inputs.NONE : input.required(terminal);
                yield switch (new SnapshotLoader(balancers, over).load(inputs)) {
                    case Load.Wrong(List<String> problems) -> rejected(problems);
                    case Load.Loaded loaded -> told(examined(loaded));
                };
            }
        };
    }

    private List<Finding> examined(Load.Loaded loaded) {
        Doctor doctor = new Doctor(loaded.settings(), loaded.snapshot(), terminal.privileges().held());
        Doctor.Answer process = switch (admin.ask(terminal, place -> Asking.get(place, "/readyz", "text/plain"))) {
            case Asking.Answer.Said said -> new Doctor.Answer.Runs(said.fine(), said.text());
            case Asking.Answer.Nobody(String why) -> new Doctor.Answer.Silent(why);
        };
        return doctor.examine(Wiring.descriptors(), process, loaded.settings().kubernetes().map(Wiring::access));
    }

    private int rejected(List<String> problems) {
        Report.problems(terminal, problems);
        return ExitCode.BAD_INPUT;
    }

    private int told(List<Finding> findings) {
        if (json) {
            StringBuilder text = new StringBuilder();
            Json array = new Json(text).beginArray();
            findings.forEach(one -> array.beginObject().member("grade", word(one.grade())).member("about", one.about())
                    .member("says", one.says()).member("todo", one.todo()).endObject());
            array.endArray();
            terminal.out().println(text);
        } else {
            findings.forEach(this::line);
        }
        return findings.stream().anyMatch(one -> one.grade() == Grade.PROBLEM) ? ExitCode.BAD_INPUT : ExitCode.OK;
    }

    private void line(Finding one) {
        String mark = switch (one.grade()) {
            case FINE -> "@|green ok|@     ";
            case NOTE -> "@|yellow note|@   ";
            case PROBLEM -> "@|red problem|@";
        };
        terminal.out().println(terminal.colours().string(mark) + "  " + one.about() + ": " + one.says());
        if (!one.todo().isEmpty()) {
            terminal.out().println("         -> " + one.todo());
        }
    }

    private static String word(Grade grade) {
        return switch (grade) {
            case FINE -> "ok";
            case NOTE -> "note";
            case PROBLEM -> "problem";
        };
    }
}
