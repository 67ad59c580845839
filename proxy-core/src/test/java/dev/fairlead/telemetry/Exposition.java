package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prometheus text format 0.0.4, read as strictly as it is specified: HELP and TYPE before the samples of a family,
 * each family in one piece, every series once, names and escapes as allowed, and histograms that add up.
 *
 * @param samples value by series, the labels sorted by name
 */
public record Exposition(Map<Series, Double> samples, Map<String, String> types) {
    /** One time series. */
    public record Series(String name, Map<String, String> labels) {
    }

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern
            .compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "untyped");

    public static Exposition parse(String text) {
        assertThat(text).endsWith("\n");
        Exposition all = new Exposition(new LinkedHashMap<>(), new LinkedHashMap<>());
        Set<String> helped = new HashSet<>();
        String family = "";
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            if (line.startsWith("# HELP ")) {
                family = line.split(" ", 4)[2];
                assertThat(helped.add(family)).as("HELP twice: %s", line).isTrue();
            } else if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                assertThat(words).hasSize(4);
                family = words[2];
                assertThat(family).matches(NAME);
                assertThat(TYPES).as(line).contains(words[3]);
                assertThat(all.types.put(family, words[3])).as("family in two pieces: %s", line).isNull();
            } else {
                all.sample(line, family);
            }
        }
        all.types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                all.checkHistogram(name);
            }
        });
        return all;
    }

    /** The value of a series, labels given as name and value in turn. */
    public Optional<Double> value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return Optional.ofNullable(samples.get(new Series(name, wanted)));
    }

    /** All series of one name. */
    public List<Series> named(String name) {
        return samples.keySet().stream().filter(series -> series.name().equals(name)).toList();
    }

    private void sample(String line, String family) {
        Matcher name = NAME.matcher(line);
        assertThat(name.lookingAt()).as(line).isTrue();
        String type = Optional.ofNullable(types.get(family)).orElseThrow(() -> new AssertionError("no TYPE: " + line));
        List<String> allowed = switch (type) {
            case "histogram" -> List.of(family + "_bucket", family + "_sum", family + "_count");
            case "summary" -> List.of(family, family + "_sum", family + "_count");
            default -> List.of(family);
        };
        assertThat(allowed).as("a sample of its family %s: %s", family, line).contains(name.group());
        if (type.equals("counter")) {
            assertThat(name.group()).endsWith("_total");
        }
        Map<String, String> labels = new TreeMap<>();
        int at = name.end();
        if (line.charAt(at) == '{') {
            at++;
            Matcher label = LABEL.matcher(line);
            while (line.charAt(at) != '}') {
                assertThat(label.region(at, line.length()).lookingAt()).as(line).isTrue();
                assertThat(labels.put(label.group(1), unescaped(label.group(2)))).as(line).isNull();
                at = label.end();
                if (line.charAt(at) == ',') {
                    at++;
                }
            }
            at++;
        }
        assertThat(line.charAt(at)).isEqualTo(' ');
        double value = switch (line.substring(at + 1)) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            case String number -> {
                assertThat(number).matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
                yield Double.parseDouble(number);
            }
        };
        assertThat(samples.put(new Series(name.group(), labels), value)).as("series twice: %s", line).isNull();
    }

    private void checkHistogram(String family) {
        Map<Map<String, String>, TreeMap<Double, Double>> buckets = new LinkedHashMap<>();
        for (Series series : named(family + "_bucket")) {
            Map<String, String> rest = new TreeMap<>(series.labels());
            String bound = Optional.ofNullable(rest.remove("le")).orElseThrow();
            double le = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
            buckets.computeIfAbsent(rest, _ -> new TreeMap<>()).put(le, samples.getOrDefault(series, Double.NaN));
        }
        buckets.forEach((labels, counts) -> {
            assertThat(counts.lastKey()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(new ArrayList<>(counts.values())).as("%s %s grows", family, labels).isSorted();
            assertThat(samples.get(new Series(family + "_count", labels))).isEqualTo(counts.lastEntry().getValue());
            assertThat(samples).containsKey(new Series(family + "_sum", labels));
        });
        assertThat(named(family + "_count")).hasSize(buckets.size());
    }

    private static String unescaped(String value) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                char next = value.charAt(++i);
                out.append(next == 'n' ? '\n' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
