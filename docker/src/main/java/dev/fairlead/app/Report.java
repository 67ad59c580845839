package dev.fairlead.app;

import dev.fairlead.app.ask.Asking;
import dev.fairlead.model.ServiceSnapshot;
import java.util.List;

/** Sentences that several commands say. */
final class Report {
    private Report() {
    }

    /** Every problem, then how many: each already says where it is and what was expected. */
    static void problems(Terminal terminal, List<String> problems) {
        problems.forEach(terminal.err()::println);
        terminal.err().println(counted(problems.size(), "problem"));
    }

    /** What a running process said, or why none did; how the command is to end. */
    static int said(Terminal terminal, Asking.Answer answer) {
        return switch (answer) {
            case Asking.Answer.Said said when said.fine() -> {
                terminal.out().println(said.text());
                yield ExitCode.OK;
            }
            case Asking.Answer.Said said -> {
                terminal.say(said.text());
                yield ExitCode.BAD_INPUT;
            }
            case Asking.Answer.Nobody(String why) -> {
                terminal.say(why);
                yield ExitCode.BAD_INPUT;
            }
        };
    }

    static void notes(Terminal terminal, List<String> notes) {
        notes.forEach(note -> terminal.err().println("note: " + note));
    }

    /** {@code 3 services, 7 endpoints, 1 service not proxied}. */
    static String size(ServiceSnapshot snapshot) {
        long services = snapshot.ports().stream().map(port -> port.name().service()).distinct().count();
        long endpoints = snapshot.ports().stream()
                .flatMap(port -> port.endpoints().stream().map(e -> port.name().service() + " " + e.address()))
                .distinct()
                .count();
        String skipped = snapshot.skipped().isEmpty()
                ? ""
                : ", " + counted(snapshot.skipped().size(), "service") + " not proxied";
        return counted(services, "service") + ", " + counted(endpoints, "endpoint") + skipped;
    }

    static String counted(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
