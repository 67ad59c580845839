package dev.fairlead.app.ask;

import tools.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a running process can list, with the columns that a person is shown. */
public enum Noun {
    SERVICES("services", "/api/v1/services/list?limit=1000&offset=",
            "NAMESPACE NAME PORT STATE USABLE OPEN ACCEPTED FAILED", "BALANCER ADDRESSES WHY"), ENDPOINTS("endpoints",
                    "/api/v1/services", "NAMESPACE NAME PORT ENDPOINT STATE OPEN OPENED FAILED",
                    "P50 P99 BYTES-UP BYTES-DOWN REASON"), CONNECTIONS("connections", "/api/v1/connections?limit=1000",
                            "PROTOCOL CLIENT FRONTEND SERVICE ENDPOINT STATE AGE",
                            "BYTES-UP BYTES-DOWN"), LISTENERS("listeners", "/api/v1/listeners",
                                    "ADDRESS PROTOCOL STATE KIND SERVICE", "WHY"), EVENTS("events",
                                            "/api/v1/events?limit=1000", "TIME KIND SERVICE TEXT", "ID");

    private final String word;
    private final String path;
    private final String columns;
    private final String wider;

    Noun(String word, String path, String columns, String wider) {
        this.word = word;
        this.path = path;
        this.columns = columns;
        this.wider = wider;
    }

    /** As people write it. */
    public String word() {
        return word;
    }

    /**
     * Where they are asked for.
     *
     * @param offset how many are there already; only services come in pages
     */
    public String path(int offset) {
        return this == SERVICES ? path + offset : path;
    }

    public List<String> headings(boolean wide) {
        return List.of((wide ? columns + " " + wider : columns).split(" ", -1));
    }

    /** The items of one answer; those of endpoints say whose they are. */
    public List<Item> items(JsonNode answer) {
        List<Item> items = new ArrayList<>();
        if (this == ENDPOINTS) {
            answer.path("services").forEach(
                    service -> service.path("endpoints").forEach(one -> items.add(new Item(service, one))));
        } else {
            answer.path(word).forEach(one -> items.add(new Item(one, one)));
        }
        return items;
    }

    /**
     * One thing.
     *
     * @param owner what has its namespace and name: the thing itself, or the service port of an endpoint
     */
    public record Item(JsonNode owner, JsonNode node) {
        /** Whether it is of a namespace, and of a Service where a name is given. */
        public boolean of(Optional<String> namespace, Optional<String> name) {
            String service = Noun.text(owner.path("service"));
            boolean there = namespace.isEmpty() || namespace.get().equals(Noun.text(owner.path("namespace")))
                    || service.startsWith(namespace.get() + "/");
            return there && (name.isEmpty() || name.get().equals(Noun.text(owner.path("name")))
                    || service.matches("[^/]*/\\Q" + name.get() + "\\E(:.*)?"));
        }
    }

    /** What tells one from another while both are watched. */
    public String identity(Item item) {
        JsonNode node = item.node();
        return switch (this) {
            case SERVICES -> service(node) + " " + Noun.text(node.path("protocol")) + Noun.text(node.path("family"));
            case ENDPOINTS -> service(item.owner()) + " " + Noun.text(item.owner().path("protocol")) + " "
                    + Noun.text(node.path("address"));
            case CONNECTIONS -> Noun.text(node.path("protocol")) + Noun.text(node.path("client")) + " "
                    + Noun.text(node.path("frontend"));
            case LISTENERS -> Noun.text(node.path("protocol")) + Noun.text(node.path("address"));
            case EVENTS -> Noun.text(node.path("id"));
        };
    }

    /** The cells of one line. */
    public List<String> cells(Item item, boolean wide) {
        JsonNode node = item.node();
        JsonNode owner = item.owner();
        List<String> cells = new ArrayList<>(switch (this) {
            case SERVICES -> List.of(Noun.text(owner.path("namespace")), Noun.text(owner.path("name")), port(owner),
                    Noun.text(node.path("state")),
                    Noun.text(node.path("usable")) + "/" + Noun.text(node.path("endpoints")),
                    Noun.text(node.path("open")), Noun.text(node.path("accepted")), Noun.text(node.path("failed")));
            case ENDPOINTS -> List.of(Noun.text(owner.path("namespace")), Noun.text(owner.path("name")), port(owner),
                    Noun.text(node.path("address")), Noun.text(node.path("state")), Noun.text(node.path("inFlight")),
                    Noun.text(node.path("opened")), sum(node.path("failed")));
            case CONNECTIONS -> List.of(Noun.text(node.path("protocol")), Noun.text(node.path("client")),
                    Noun.text(node.path("frontend")), service(node), Noun.text(node.path("endpoint")),
                    Noun.text(node.path("state")), age(node.path("seconds").asLong(0)));
            case LISTENERS -> List.of(Noun.text(node.path("address")), Noun.text(node.path("protocol")),
                    Noun.text(node.path("state")), Noun.text(node.path("kind")), service(node));
            case EVENTS -> List.of(Noun.text(node.path("time")), Noun.text(node.path("kind")),
                    Noun.text(node.path("service")), Noun.text(node.path("text")).replace("\n", "; "));
        });
        if (wide) {
            cells.addAll(switch (this) {
                case SERVICES -> List.of(Noun.text(node.path("balancer")), joined(node.path("addresses")),
                        Noun.text(node.path("why")));
                case ENDPOINTS -> List.of(micros(node.path("connectP50Micros")), micros(node.path("connectP99Micros")),
                        Noun.text(node.path("bytesUp")), Noun.text(node.path("bytesDown")),
                        Noun.text(node.path("reason")));
                case CONNECTIONS -> List.of(Noun.text(node.path("bytesUp")), Noun.text(node.path("bytesDown")));
                case LISTENERS -> List.of(Noun.text(node.path("why")));
                case EVENTS -> List.of(Noun.text(node.path("id")));
            });
        }
        return cells;
    }

    /** Empty for null and for what is not there. */
    static String text(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? "" : node.asString("");
    }

    private static String service(JsonNode owner) {
        String name = text(owner.path("name"));
        String port = text(owner.path("port"));
        return name.isEmpty() ? "" : text(owner.path("namespace")) + "/" + name + (port.isEmpty() ? "" : ":" + port);
    }

    static String port(JsonNode owner) {
        String name = text(owner.path("port"));
        String number = text(owner.path("number")) + "/" + text(owner.path("protocol"));
        return name.isEmpty() ? number : name + ":" + number;
    }

    private static String joined(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(one -> words.add(one.asString("")));
        return String.join(", ", words);
    }

    static String sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong(0);
        }
        return Long.toString(sum);
    }

    static String micros(JsonNode micros) {
        if (!micros.isNumber()) {
            return "";
        }
        long value = micros.asLong(0);
        return value < 1_000 ? value + "us" : value / 1_000.0 + "ms";
    }

    /** As kubectl says it: {@code 42s}, {@code 3m}, {@code 5h}, {@code 9d}. */
    static String age(long seconds) {
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
