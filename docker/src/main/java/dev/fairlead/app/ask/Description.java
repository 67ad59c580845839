package dev.fairlead.app.ask;

import tools.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One Service in words, as kubectl describes one. */
public final class Description {
    private static final int MOST_EVENTS = 10;
    private static final int FIRST_COLUMN = 16;

    private Description() {
    }

    /**
     * Its service ports one after the other, then what happened to it lately.
     *
     * @param services as {@code /api/v1/services?service=} tells them
     * @param events as {@code /api/v1/events} does
     */
    public static String of(JsonNode services, JsonNode events) {
        StringBuilder text = new StringBuilder();
        services.path("services").forEach(port -> port(port, text));
        List<String> leaving = new ArrayList<>();
        services.path("leaving").forEach(
                one -> leaving.add("  " + Noun.text(one.path("address")) + "   " + Noun.text(one.path("inFlight"))
                        + " connections left"));
        if (!leaving.isEmpty()) {
            text.append("Leaving:\n").append(String.join("\n", leaving)).append("\n");
        }
        JsonNode first = services.path("services").path(0);
        events(events, Noun.text(first.path("namespace")) + "/" + Noun.text(first.path("name")), text);
        return text.toString();
    }

    private static void port(JsonNode port, StringBuilder text) {
        line("Name", Noun.text(port.path("name")), text);
        line("Namespace", Noun.text(port.path("namespace")), text);
        line("Port", Noun.port(port) + " " + Noun.text(port.path("family")), text);
        line("Balancer", Noun.text(port.path("balancer")), text);
        String affinity = Noun.text(port.path("affinitySeconds"));
        line("Affinity", affinity.isEmpty() ? "none" : "by client for " + affinity + " s", text);
        line("Policies", "internal " + Noun.text(port.path("internalTrafficPolicy")) + ", external "
                + Noun.text(port.path("externalTrafficPolicy")), text);
        line("Connections", Noun.text(port.path("open")) + " open, " + Noun.text(port.path("accepted"))
                + " accepted, " + Noun.sum(port.path("failed")) + " failed" + causes(port.path("failed")), text);
        text.append("Addresses:\n");
        Table doors = new Table(List.of("KIND", "ADDRESS", "STATE", "WHY"));
        port.path("frontends").forEach(one -> doors.row(List.of(Noun.text(one.path("kind")),
                Noun.text(one.path("address")), Noun.text(one.path("door")), Noun.text(one.path("why")))));
        table(doors, text);
        text.append("Endpoints:\n");
        Table endpoints = new Table(
                List.of("ENDPOINT", "STATE", "SHARE", "OPEN", "OPENED", "FAILED", "P50", "P99", "LAST ERROR",
                        "REASON"));
        port.path("endpoints").forEach(one -> endpoints.row(List.of(Noun.text(one.path("address")),
                Noun.text(one.path("state")), share(one), Noun.text(one.path("inFlight")),
                Noun.text(one.path("opened")), Noun.sum(one.path("failed")), Noun.micros(one.path("connectP50Micros")),
                Noun.micros(one.path("connectP99Micros")), error(one.path("lastError")),
                Noun.text(one.path("reason")))));
        table(endpoints, text);
        text.append('\n');
    }

    private static void events(JsonNode events, String service, StringBuilder text) {
        Table table = new Table(List.of("TIME", "KIND", "TEXT"));
        List<JsonNode> its = new ArrayList<>();
        events.path("events").forEach(one -> {
            if (Noun.text(one.path("service")).matches("\\Q" + service + "\\E(:.*)?")) {
                its.add(one);
            }
        });
        its.subList(Math.max(0, its.size() - MOST_EVENTS), its.size()).forEach(one -> table.row(
                List.of(Noun.text(one.path("time")), Noun.text(one.path("kind")), Noun.text(one.path("text")))));
        text.append("Events:\n");
        table(table, text);
    }

    private static void table(Table table, StringBuilder text) {
        if (table.lines().isEmpty()) {
            text.append("  <none>\n");
            return;
        }
        text.append("  ").append(table.headingLine()).append('\n');
        table.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private static void line(String name, String value, StringBuilder text) {
        text.append(name).append(':').repeat(' ', FIRST_COLUMN - name.length() - 1).append(value).append('\n');
    }

    private static String causes(JsonNode failed) {
        List<String> words = new ArrayList<>();
        failed.properties().forEach(one -> words.add(one.getKey() + " " + one.getValue().asString("")));
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    private static String share(JsonNode endpoint) {
        String is = percent(endpoint.path("share"));
        String fair = percent(endpoint.path("fairShare"));
        return is.isEmpty() || fair.isEmpty() ? is : is + " of " + fair;
    }

    private static String percent(JsonNode part) {
        return part.isNumber() ? Math.round(part.asDouble(0) * 100) + "%" : "";
    }

    private static String error(JsonNode error) {
        return error.isObject() ? Noun.text(error.path("cause")) + " at " + Noun.text(error.path("at")) : "";
    }
}
