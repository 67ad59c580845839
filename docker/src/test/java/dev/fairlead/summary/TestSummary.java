package dev.fairlead.summary;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Prints the total and every skipped test of a build; in CI a skipped test fails it. */
public final class TestSummary {
    /** What a skipped test means. */
    public enum Verdict {
        /** A developer's machine lacks something: worth a line. */
        SKIPS_ARE_LISTED,
        /** CI lacks nothing: worth a failure. */
        SKIPS_FAIL
    }

    private TestSummary() {
    }

    /**
     * Arguments: the root of the modules, the start of the build (ISO), the file that keeps what is printed.
     */
    public static void main(String[] arguments) throws IOException {
        Verdict verdict = "true".equals(System.getenv("CI")) ? Verdict.SKIPS_FAIL : Verdict.SKIPS_ARE_LISTED;
        TestReports reports = TestReports.read(Path.of(arguments[0]), Instant.parse(arguments[1]));
        List<String> lines = lines(reports, verdict);
        Files.write(Path.of(arguments[2]), lines);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println();
        lines.forEach(out::println);
        if (fails(reports, verdict)) {
            System.exit(1);
        }
    }

    static boolean fails(TestReports reports, Verdict verdict) {
        return switch (verdict) {
            case SKIPS_ARE_LISTED -> false;
            case SKIPS_FAIL -> !reports.skipped().isEmpty();
        };
    }

    /** One line for each skipped test, then the total. */
    static List<String> lines(TestReports reports, Verdict verdict) {
        List<String> lines = new ArrayList<>();
        reports.skipped().forEach(skip -> lines.add("skipped  " + skip));
        lines.add(reports.tests() + " tests, " + (reports.failed() > 0 ? reports.failed() + " failed, " : "")
                + reports.skipped().size() + " skipped");
        if (fails(reports, verdict)) {
            lines.add("CI=true: no test may be skipped there");
        }
        return lines;
    }
}
