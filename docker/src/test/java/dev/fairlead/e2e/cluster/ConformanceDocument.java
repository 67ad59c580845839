package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.cluster.Conformance.Play;
import dev.fairlead.model.IpFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** docs/conformance.md: the list with what came of it. */
final class ConformanceDocument {
    private static final String HEAD = """
            # Conformance

            Upstream's end-to-end cases of Services, played on a small cluster of network namespaces: two nodes, each with its own
            Fairlead, pods with routes between them and no NAT, and a client outside. Each is played where the nodes follow files and
            where they follow the API server's double, in IPv4 and in IPv6. Names and assertions are upstream's: so many tries, every
            endpoint seen, refused against silence. Slices are written by hand, as the controllers write them.

            This page is written by the test that plays the cases, and the test fails where they differ:

            ```
            mvn -q test -pl docker -am -Dtest=ClusterTest -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.goldens=write
            ```

            """;

    private ConformanceDocument() {
    }

    /**
     * The page.
     *
     * @param passed whether a play ended well
     */
    static String of(List<Case> cases, Predicate<Play> passed, List<SideBySide.Outcome> outcomes) {
        Map<String, List<Case>> areas = cases.stream()
                .collect(Collectors.groupingBy(Case::area, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(HEAD).append(summary(cases));
        areas.forEach((area, some) -> {
            text.append("\n## ").append(area).append("\n\n| case | files, IPv4 | files, IPv6 | API, IPv4 | API, IPv6 |"
                    + " note |\n|---|---|---|---|---|---|\n");
            some.forEach(what -> text.append("| ").append(what.name().replace("|", "\\|")).append(" | ")
                    .append(results(what, passed)).append(" | ").append(what.note().orElse("")).append(" |\n"));
        });
        return text.append(SideBySide.text(outcomes)).toString();
    }

    private static String summary(List<Case> cases) {
        Map<Case.Kind, Long> counts = cases.stream().collect(Collectors.groupingBy(Case::kind, Collectors.counting()));
        long pass = counts.getOrDefault(Case.Kind.PASSES, 0L) + counts.getOrDefault(Case.Kind.DISRUPTIVE, 0L);
        return pass + " cases pass, " + counts.getOrDefault(Case.Kind.KNOWN_TO_FAIL, 0L)
                + " are known not to (they are played too, and must fail), "
                + counts.getOrDefault(Case.Kind.NOT_RUN, 0L)
                + " are not about the proxy.\n";
    }

    private static String results(Case what, Predicate<Play> passed) {
        return List.of(Mode.values()).stream().flatMap(mode -> List.of(IpFamily.values()).stream()
                .map(family -> new Play(what, mode, family))).map(play -> result(play, passed))
                .collect(Collectors.joining(" | "));
    }

    private static String result(Play play, Predicate<Play> passed) {
        if (play.what().kind() == Case.Kind.NOT_RUN || !play.what().modes().contains(play.mode())) {
            return "-";
        }
        return passed.test(play) ? "passes" : "fails";
    }
}
