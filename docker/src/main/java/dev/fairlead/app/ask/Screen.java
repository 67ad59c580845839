package dev.fairlead.app.ask;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What {@code fairlead top} shows: how the process is, and a page of its services from the busiest. */
public final class Screen {
    private static final Map<Integer, String> KEYS = Map.of((int) 'o', "open", (int) 'a', "accepted", (int) 'f',
            "failed", (int) 'b', "bytes", (int) 'n', "name", (int) 's', "state");
    private static final int HEAD = 6;
    private static final String END_OF_LINE = "\u001b[K\r\n";

    private final Function<String, Asking.Answer> ask;
    private final boolean colours;
    private String sort = "open";
    private JsonNode status = Listing.JSON.createObjectNode();
    private JsonNode services = Listing.JSON.createObjectNode();
    private Optional<String> trouble = Optional.empty();

    /** @param ask gets a path */
    public Screen(Function<String, Asking.Answer> ask, boolean colours) {
        this.ask = ask;
        this.colours = colours;
    }

    /** A key; what means nothing is ignored. */
    public void typed(int key) {
        sort = KEYS.getOrDefault(key, sort);
    }

    /**
     * Asks anew; what was shown before stays where nobody answers.
     *
     * @return what was said last
     */
    public Asking.Answer refresh() {
        Asking.Answer first = ask.apply("/api/v1/status");
        if (first instanceof Asking.Answer.Nobody nobody) {
            trouble = Optional.of(nobody.why());
            return first;
        }
        boolean ascending = sort.equals("name") || sort.equals("state");
        Asking.Answer second = ask.apply("/api/v1/services/list?limit=200&sort=" + sort + "&descending=" + !ascending);
        try {
            if (first instanceof Asking.Answer.Said one && second instanceof Asking.Answer.Said two) {
                status = Listing.JSON.readTree(one.text());
                services = Listing.JSON.readTree(two.text());
                trouble = Optional.empty();
            }
        } catch (JacksonException other) {
            trouble = Optional.of("what answers there is no Fairlead: " + other.getMessage());
        }
        return second;
    }

    /** All lines, each ended by what clears the rest of it; no more than fit. */
    public String text(int height, int width) {
        List<String> lines = new ArrayList<>();
        JsonNode now = status.path("now");
        lines.add("fairlead " + Noun.text(status.path("version")) + "  " + Noun.text(status.path("node")) + "  "
                + Noun.text(status.path("state")) + "  up " + Noun.age(status.path("uptimeSeconds").asLong(0)) + "  "
                + Noun.text(status.path("dataPath")) + ", " + Noun.text(status.path("eventLoops")) + " loops");
        lines.add("open " + now.path(1).asLong(0) + "  new " + now.path(2).asLong(0) + "/s  failed "
                + now.path(3).asLong(0) + "/s  up " + bytes(now.path(4).asLong(0)) + "/s  down "
                + bytes(now.path(5).asLong(0)) + "/s  loop lag " + now.path(6).asLong(0) + "us  descriptors "
                + now.path(7).asLong(0) + "/" + status.path("descriptorLimit").asLong(0));
        lines.add(trouble.or(() -> Optional.ofNullable(status.path("problems").get(0)).map(JsonNode::asString))
                .orElse("no problems"));
        lines.add("");
        Table table = new Table(
                List.of("NAMESPACE", "NAME", "PORT", "STATE", "USABLE", "OPEN", "ACCEPTED", "FAILED", "BYTES"));
        services.path("services").forEach(one -> {
            List<String> cells = new ArrayList<>(Noun.SERVICES.cells(new Noun.Item(one, one), false));
            cells.add(bytes(one.path("bytesUp").asLong(0) + one.path("bytesDown").asLong(0)));
            table.row(cells);
        });
        lines.add(table.headingLine());
        List<String> rows = table.lines();
        lines.addAll(rows.subList(0, Math.min(rows.size(), Math.max(0, height - HEAD))));
        StringBuilder text = new StringBuilder();
        int last = Math.min(height, lines.size()) - 1;
        for (int i = 0; i <= last; i++) {
            String line = lines.get(i).replaceAll("\\p{Cntrl}", " ");
            String fits = line.length() <= width ? line : line.substring(0, width);
            boolean heading = i == HEAD - 2;
            text.append(heading && colours ? "\u001b[7m" : "").append(fits)
                    .append(heading && colours ? "\u001b[0m" : "")
                    .append(i == last ? "\u001b[K" : END_OF_LINE);
        }
        return text.toString();
    }

    private static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < 3) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGT".charAt(unit));
    }
}
