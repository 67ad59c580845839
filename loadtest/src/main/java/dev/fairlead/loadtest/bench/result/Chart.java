package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A bar chart of Fairlead's headline figures over the best peer's: shorter is better, the line is the peer. */
public final class Chart {
    private static final int WIDTH = 760;
    private static final int LEFT = 210;
    private static final int RIGHT = 60;
    private static final int TOP = 56;
    private static final int BAR = 14;
    private static final int STEP = 20;
    private static final int GAP = 10;
    private static final double LEAST_SCALE = 1.5;
    private static final double MOST_SCALE = 3;

    private Chart() {
    }

    /** The picture; readable on light and on dark ground. */
    public static String svg(List<ScenarioResult> results) {
        List<Bar> bars = results.stream().filter(result -> result.headline().lessIsBetter())
                .flatMap(Chart::bars).toList();
        double scale = Math.clamp(bars.stream().mapToDouble(Bar::ratio).max().orElse(1) * 1.05, LEAST_SCALE,
                MOST_SCALE);
        StringBuilder body = new StringBuilder();
        int y = TOP;
        String before = "";
        for (Bar bar : bars) {
            boolean first = !bar.scenario().equals(before);
            y += first && !before.isEmpty() ? GAP : 0;
            body.append(draw(bar, y, scale, first));
            before = bar.scenario();
            y += STEP;
        }
        int height = y + GAP;
        int one = x(1, scale);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-label="Fairlead relative to the best peer">
                <style>
                  text { font: 12px sans-serif; fill: #24292f }
                  .title { font-size: 14px; font-weight: bold }
                  .quiet { fill: #57606a }
                  .better { fill: #1a7f5a }
                  .worse { fill: #bf5b04 }
                  .peer { stroke: #57606a; stroke-dasharray: 4 3 }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3 } .quiet { fill: #9da7b1 } .peer { stroke: #9da7b1 }
                    .better { fill: #3fb985 } .worse { fill: #e08a3c }
                  }
                </style>
                <text class="title" x="10" y="20">Fairlead over the best of HAProxy and nginx: shorter is better</text>
                <text class="quiet" x="%3$d" y="44" text-anchor="middle">best peer = 1</text>
                %4$s<line class="peer" x1="%3$d" y1="50" x2="%3$d" y2="%5$d"/>
                </svg>
                """
                .formatted(WIDTH, height, one, body, height - GAP);
    }

    private static Stream<Bar> bars(ScenarioResult result) {
        return result.rows().stream().filter(ScenarioResult.of(Family.FAIRLEAD)).flatMap(row -> {
            OptionalDouble ratio = result.ratio(row, result.headline());
            // A growth of nothing over a peer's is no bar; below nothing there is none either.
            return result.reference().isEmpty() && ratio.isPresent()
                    ? Stream.of(new Bar(result.id() + ", " + what(result), row.contender(),
                            Math.max(0, ratio.getAsDouble())))
                    : Stream.of();
        });
    }

    private static String what(ScenarioResult result) {
        return result.headline() == Metric.CPU ? "CPU" : result.headline().heading();
    }

    private static String draw(Bar bar, int y, double scale, boolean first) {
        int end = x(Math.min(bar.ratio(), scale), scale);
        String variant = bar.contender().replaceFirst("^fairlead-?", "");
        return String.format(Locale.ROOT, """
                %s<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="2"/>
                <text x="%d" y="%d">%.2f<tspan class="quiet"> %s</tspan></text>
                """, first
                ? String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 8,
                        y + BAR - 3, bar.scenario())
                : "", bar.ratio() <= 1 ? "better" : "worse", LEFT, y, Math.max(1, end - LEFT), BAR, end + 5,
                y + BAR - 3, bar.ratio(), variant);
    }

    private static int x(double ratio, double scale) {
        return LEFT + (int) Math.round((WIDTH - LEFT - RIGHT - 40) * ratio / scale);
    }

    private record Bar(String scenario, String contender, double ratio) {
    }
}
