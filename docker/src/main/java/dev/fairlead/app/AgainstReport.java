package dev.fairlead.app;

import dev.fairlead.app.iptables.Against;
import dev.fairlead.app.iptables.Against.Comparison;
import dev.fairlead.app.iptables.SavedRules;
import dev.fairlead.discovery.file.InputFiles;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Compares what Fairlead would do with a node's rules, and says what differs. */
final class AgainstReport {
    /** The rules of 10,000 services with 25 endpoints each are about 150 MB. */
    private static final int LARGEST = 512 * 1024 * 1024;

    private AgainstReport() {
    }

    /**
     * Prints one line for each difference, or that there are none.
     *
     * @param file what iptables-save printed; {@code -} is standard input
     */
    static int tell(Terminal terminal, ServiceSnapshot snapshot, String file) {
        byte[] bytes;
        try {
            bytes = read(terminal, file);
        } catch (IOException unreadable) {
            return wrong(terminal, InputFiles.Problem.of(Path.of(file), unreadable).toString());
        }
        if (bytes.length > LARGEST) {
            return wrong(terminal, file + ": is larger than 512 MiB (expected: what iptables-save prints)");
        }
        // Whatever is not UTF-8 can stand in comments only.
        Comparison comparison = Against.compare(snapshot,
                SavedRules.read(new String(bytes, StandardCharsets.UTF_8)));
        Report.notes(terminal, comparison.notes());
        if (comparison.differences().isEmpty()) {
            String families = comparison.families().stream().sorted().map(IpFamily::toString)
                    .collect(Collectors.joining(", "));
            terminal.out().println("sound: no difference between these rules and what Fairlead would do ("
                    + Report.counted(comparison.compared(), "service port") + ", " + families + ")");
            return ExitCode.OK;
        }
        comparison.differences().forEach(terminal.out()::println);
        terminal.out().println(Report.counted(comparison.differences().size(), "difference"));
        return ExitCode.BAD_INPUT;
    }

    private static byte[] read(Terminal terminal, String file) throws IOException {
        if (file.equals("-")) {
            return terminal.in().readNBytes(LARGEST + 1);
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return in.readNBytes(LARGEST + 1);
        }
    }

    private static int wrong(Terminal terminal, String problem) {
        Report.problems(terminal, List.of(problem));
        return ExitCode.BAD_INPUT;
    }
}
