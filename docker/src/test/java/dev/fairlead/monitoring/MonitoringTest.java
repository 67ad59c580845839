package dev.fairlead.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Dashboard and alerts ask for metrics and labels that exist: those of docs/metrics.md, which is what a scrape has. */
class MonitoringTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\|");
    private static final Pattern METRIC = Pattern.compile("\\b(fairlead|kubeproxy|rest_client|process|jvm)_\\w+");
    private static final Pattern MATCHERS = Pattern.compile("(\\w+)\\{([^}]*)\\}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+) *(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    // Given by Prometheus to whatever it scrapes, and by histograms to their buckets.
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

    /** Labels of each series that a scrape may have. */
    private static Map<String, Set<String>> series() throws IOException {
        Map<String, Set<String>> series = new HashMap<>();
        String document = Files.readString(Repository.root().resolve("docs/metrics.md"));
        ROW.matcher(document).results().forEach(row -> {
            Set<String> labels = new HashSet<>(OF_PROMETHEUS);
            labels.addAll(List.of(row.group(3).strip().split(", ", -1)));
            List<String> names = row.group(2).equals("histogram")
                    ? List.of(row.group(1) + "_bucket", row.group(1) + "_count", row.group(1) + "_sum")
                    : List.of(row.group(1));
            names.forEach(name -> series.put(name, labels));
        });
        return series;
    }

    private static Path file(String name) {
        return Repository.root().resolve("docker/monitoring").resolve(name);
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build()
                .readTree(Files.readString(file("fairlead-dashboard.json")));
    }

    private static JsonNode alerts() throws IOException {
        return YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()
                .readTree(Files.readString(file("fairlead-alerts.yaml")));
    }

    private static List<String> dashboardExpressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        dashboard().path("panels").forEach(panel -> panel.path("targets")
                .forEach(target -> expressions.add(target.path("expr").asString())));
        dashboard().path("templating").path("list").forEach(variable -> {
            if (variable.path("type").asString().equals("query")) {
                expressions.add(variable.path("definition").asString());
            }
        });
        return expressions;
    }

    private static List<String> alertExpressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        alerts().path("groups").forEach(
                group -> group.path("rules").forEach(rule -> expressions.add(rule.path("expr").asString())));
        return expressions;
    }

    /** What an expression asks for and there is not. */
    private static Set<String> missing(String expression, Map<String, Set<String>> series) {
        Set<String> missing = new TreeSet<>();
        Set<String> labels = new HashSet<>();
        METRIC.matcher(expression).results().map(MatchResult::group).forEach(name -> {
            if (series.containsKey(name)) {
                labels.addAll(series.getOrDefault(name, Set.of()));
            } else {
                missing.add(name);
            }
        });
        MATCHERS.matcher(expression).results().forEach(selector -> MATCHER.matcher(selector.group(2)).results()
                .map(one -> one.group(1))
                .filter(label -> !series.getOrDefault(selector.group(1), Set.of()).contains(label))
                .forEach(label -> missing.add(selector.group(1) + "{" + label + "}")));
        GROUPING.matcher(expression).results().flatMap(by -> List.of(by.group(1).split(", *", -1)).stream())
                .filter(label -> !labels.contains(label)).forEach(label -> missing.add("by (" + label + ")"));
        return missing;
    }

    @Test
    void whatIsMissingWouldBeNoticed() throws IOException {
        assertThat(missing(
                "sum by (endpoint, pod) (rate(fairlead_bytes_total{node=\"a\", service=\"b\"}[5m])) / fairlead_x",
                series())).containsExactly("by (pod)", "fairlead_bytes_total{node}", "fairlead_x");
    }

    @Test
    void everyPanelAsksForWhatExists() throws IOException {
        Map<String, Set<String>> series = series();

        assertThat(dashboardExpressions()).hasSizeGreaterThan(20)
                .allSatisfy(expression -> assertThat(missing(expression, series)).as(expression).isEmpty());
    }

    @Test
    void everyAlertAsksForWhatExistsAndSaysWhatToDo() throws IOException {
        Map<String, Set<String>> series = series();
        assertThat(alertExpressions()).hasSizeGreaterThan(8)
                .allSatisfy(expression -> assertThat(missing(expression, series)).as(expression).isEmpty());
        Set<String> names = new HashSet<>();
        alerts().path("groups").forEach(group -> group.path("rules").forEach(rule -> {
            assertThat(names.add(rule.path("alert").asString())).as("%s once", rule).isTrue();
            assertThat(rule.path("annotations").path("summary").asString("")).as("%s", rule).isNotBlank();
            assertThat(rule.path("annotations").path("description").asString("")).as("%s", rule).isNotBlank();
            assertThat(rule.path("labels").path("severity").asString("")).isIn("info", "warning", "critical");
        }));
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        dashboard().path("panels").forEach(panel -> {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode at = panel.path("gridPos");
            for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
                for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
                    assertThat(cells.add(x + " " + y)).as("%s", panel.path("title")).isTrue();
                    assertThat(x).isLessThan(24);
                }
            }
        });
        assertThat(ids).hasSizeGreaterThan(15);
    }
}
