package dev.fairlead.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges the summary by reports in Surefire's own words. */
class TestSummaryTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final String ONE_OF_EACH = """
            <testsuite name="dev.fairlead.ATest" tests="4" failures="1" errors="1" skipped="1">
              <testcase name="passes" classname="dev.fairlead.ATest" time="0.1"/>
              <testcase name="fails" classname="dev.fairlead.ATest"><failure message="no" type="x">trace</failure></testcase>
              <testcase name="breaks" classname="dev.fairlead.ATest"><error message="no" type="x">trace</error></testcase>
              <testcase name="waits" classname="dev.fairlead.ATest">
                <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: \
            Assumption failed: needs nginx on PATH
            \tat org.junit.jupiter.api.Assumptions.assumeTrue(Assumptions.java:127)
            ]]></skipped>
              </testcase>
            </testsuite>
            """;
    private static final String ALL_PASS = """
            <testsuite name="dev.fairlead.BTest"><testcase name="passes" classname="dev.fairlead.BTest"/></testsuite>
            """;

    @TempDir
    Path root;

    @Test
    void countsTheTestsOfAllModulesAndListsTheSkippedOnesWithTheirReasons() throws IOException {
        report("config", "dev.fairlead.ATest", ONE_OF_EACH);
        report("docker", "dev.fairlead.BTest", ALL_PASS);

        TestReports reports = TestReports.read(root, START);

        assertThat(TestSummary.lines(reports, TestSummary.Verdict.SKIPS_ARE_LISTED)).containsExactly(
                "skipped  dev.fairlead.ATest waits: needs nginx on PATH", "5 tests, 2 failed, 1 skipped");
    }

    @Test
    void namesAWholeClassThatWasSkippedAndSaysWhereNoReasonWasGiven() throws IOException {
        report("config", "dev.fairlead.CTest", """
                <testsuite><testcase name="" classname="dev.fairlead.CTest"><skipped/></testcase></testsuite>
                """);

        assertThat(TestReports.read(root, START).skipped()).extracting(TestReports.Skip::toString)
                .containsExactly("dev.fairlead.CTest: no reason given");
    }

    @Test
    void readsTheReasonFromTheAttributeWhereThereIsOne() throws IOException {
        report("config", "dev.fairlead.CTest", """
                <testsuite><testcase name="waits" classname="dev.fairlead.CTest">
                <skipped message="needs root"/></testcase></testsuite>
                """);

        assertThat(TestReports.read(root, START).skipped()).extracting(TestReports.Skip::reason)
                .containsExactly("needs root");
    }

    @Test
    void leavesOutReportsOfAnEarlierRun() throws IOException {
        Path stale = report("config", "dev.fairlead.ATest", ONE_OF_EACH);
        Files.setLastModifiedTime(stale, FileTime.from(START.minusSeconds(1)));
        report("docker", "dev.fairlead.BTest", ALL_PASS);

        assertThat(TestReports.read(root, START)).isEqualTo(new TestReports(1, 0, List.of()));
    }

    @Test
    void namesAReportThatIsNone() throws IOException {
        Path broken = report("config", "dev.fairlead.ATest", "<testsuite>");

        assertThatThrownBy(() -> TestReports.read(root, START)).isInstanceOf(IOException.class)
                .hasMessageContaining(broken.toString());
    }

    @Test
    void endsTheBuildWithAnErrorOnASkippedTestInCi() throws Exception {
        report("config", "dev.fairlead.ATest", ONE_OF_EACH);

        Run run = run("true");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("4 tests", "needs nginx on PATH", "no test may be skipped");
        assertThat(root.resolve("summary.txt")).content().contains("4 tests, 2 failed, 1 skipped");
    }

    @Test
    void letsASkippedTestPassOnADevelopersMachine() throws Exception {
        report("config", "dev.fairlead.ATest", ONE_OF_EACH);

        assertThat(run("").status()).isZero();
    }

    @Test
    void letsABuildWithoutSkippedTestsPassInCi() throws Exception {
        report("docker", "dev.fairlead.BTest", ALL_PASS);

        Run run = run("true");

        assertThat(run.status()).isZero();
        assertThat(run.output()).contains("1 tests, 0 skipped");
    }

    private record Run(int status, String output) {
    }

    private Run run(String ci) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), TestSummary.class.getName(), root.toString(),
                START.toString(), root.resolve("summary.txt").toString());
        builder.environment().put("CI", ci);
        File output = root.resolve("output").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(output).start();
        return new Run(process.waitFor(), Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }

    private Path report(String module, String name, String content) throws IOException {
        Path folder = Files.createDirectories(root.resolve(module).resolve("target/surefire-reports"));
        Path report = Files.writeString(folder.resolve("TEST-" + name + ".xml"), content);
        Files.setLastModifiedTime(report, FileTime.from(START.plusSeconds(60)));
        return report;
    }
}
