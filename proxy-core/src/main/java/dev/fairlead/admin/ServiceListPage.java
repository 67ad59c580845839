package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.model.ServicePort;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.telemetry.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Service ports a line each, a page of them: {@code search=TEXT}, {@code namespace=NAME},
 * {@code state=ok|degraded|down|drained}, {@code sort=KEY}, {@code descending=true}, {@code offset=0},
 * {@code limit=100}.
 */
final class ServiceListPage implements Page {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final Comparator<ServiceRow> BY_NAME = Comparator.comparing(row -> row.port().name());
    private static final Map<String, Comparator<ServiceRow>> ORDERS = new TreeMap<>(Map.of(
            "namespace", BY_NAME,
            "name", Comparator.<ServiceRow, String>comparing(row -> row.port().name().service().name())
                    .thenComparing(BY_NAME),
            "open", Comparator.comparingLong(ServiceRow::open).thenComparing(BY_NAME),
            "accepted", Comparator.comparingLong(ServiceRow::accepted).thenComparing(BY_NAME),
            "failed", Comparator.comparingLong(ServiceRow::failed).thenComparing(BY_NAME),
            "bytes", Comparator.<ServiceRow>comparingLong(row -> row.bytesUp() + row.bytesDown())
                    .thenComparing(BY_NAME),
            "endpoints", Comparator.<ServiceRow>comparingInt(row -> row.port().endpoints().size())
                    .thenComparing(BY_NAME),
            "state", Comparator.comparing(ServiceRow::state).thenComparing(BY_NAME)));

    private final Supplier<ControlView> control;
    private final PublishedTable table;

    ServiceListPage(Supplier<ControlView> control, PublishedTable table) {
        this.control = control;
        this.table = table;
    }

    @Override
    public Answer answer(Question question) {
        String sort = question.parameter("sort").orElse("namespace");
        Optional<Comparator<ServiceRow>> order = Optional.ofNullable(ORDERS.get(sort));
        if (order.isEmpty()) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST,
                    "sort: \"" + sort + "\" (expected: one of " + String.join(", ", ORDERS.keySet()) + ")\n");
        }
        boolean descending = question.parameter("descending").filter("true"::equals).isPresent();
        List<ServiceRow> rows = new ArrayList<>(rows(question));
        rows.sort(descending ? order.get().reversed() : order.get());
        int offset = (int) question.number("offset", 0, rows.size());
        int limit = (int) question.number("limit", USUAL, MOST);
        StringBuilder out = new StringBuilder();
        Json json = new Json(out).beginObject().member("total", control.get().snapshot().ports().size())
                .member("matching", rows.size()).member("offset", offset).name("services").beginArray();
        rows.subList(offset, Math.min(rows.size(), offset + limit)).forEach(row -> row.write(json));
        json.endArray().endObject();
        return Answer.json(out.append('\n').toString());
    }

    private List<ServiceRow> rows(Question question) {
        ControlView view = control.get();
        RoutingTable current = table.current();
        LiveServices live = new LiveServices(current);
        DoorStates doors = new DoorStates(view);
        String search = question.parameter("search").orElse("").toLowerCase(Locale.ROOT).strip();
        Optional<String> namespace = question.parameter("namespace");
        Optional<String> state = question.parameter("state");
        List<ServiceRow> rows = new ArrayList<>();
        for (ServicePort port : view.snapshot().ports()) {
            if (namespace.isPresent() && !namespace.get().equals(port.name().service().namespace())) {
                continue;
            }
            ServiceRow row = ServiceRow.of(port, doors, live.of(port.name()));
            if (row.matches(search) && state.filter(word -> !word.equals(row.state().word())).isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
