package dev.fairlead.admin;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.Json;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One service port in a line.
 *
 * @param usable endpoints that new connections may go to
 * @param why absent where all is well
 */
record ServiceRow(ServicePort port, State state, Optional<String> why, int usable, int ejected, int drained, long open,
        long accepted, long failed, long bytesUp, long bytesDown) {
    private static final Cause[] CAUSES = Cause.values();

    /** From the worst. */
    enum State {
        DOWN, DEGRADED, DRAINED, OK;

        String word() {
            return switch (this) {
                case DOWN -> "down";
                case DEGRADED -> "degraded";
                case DRAINED -> "drained";
                case OK -> "ok";
            };
        }
    }

    static ServiceRow of(ServicePort port, DoorStates doors, Optional<LiveServices.Live> live) {
        Collection<Upstream> upstreams = live.map(one -> one.upstreams().values()).orElse(List.of());
        int ejected = 0;
        long up = 0;
        long down = 0;
        for (Upstream upstream : upstreams) {
            if (upstream.gate().state() == Gate.State.EJECTED) {
                ejected++;
            }
            up += upstream.counters().bytesUp();
            down += upstream.counters().bytesDown();
        }
        int drained = (int) port.endpoints().stream().filter(Endpoint::aside).count();
        Optional<String> shut = port.frontends().stream().flatMap(one -> doors.failure(one).stream()).findFirst();
        Optional<ServiceCounters> counters = live.map(one -> one.route().counters());
        int usable = upstreams.size();
        return new ServiceRow(port, state(usable, ejected, drained, shut), why(port, usable, ejected, drained, shut),
                usable, ejected, drained, counters.map(ServiceCounters::open).orElse(0L),
                counters.map(ServiceCounters::accepted).orElse(0L), counters.map(ServiceRow::failures).orElse(0L), up,
                down);
    }

    private static State state(int usable, int ejected, int drained, Optional<String> shut) {
        if (usable == 0) {
            return drained > 0 ? State.DRAINED : State.DOWN;
        }
        return ejected > 0 || drained > 0 || shut.isPresent() ? State.DEGRADED : State.OK;
    }

    private static Optional<String> why(ServicePort port, int usable, int ejected, int drained,
            Optional<String> shut) {
        if (usable == 0 && drained > 0) {
            return Optional.of("every endpoint that could serve is drained by an operator");
        }
        if (usable == 0) {
            return Optional.of(port.endpoints().isEmpty()
                    ? "it has no endpoints"
                    : "none of its " + port.endpoints().size() + " endpoints may be used");
        }
        if (shut.isPresent()) {
            return shut;
        }
        if (ejected > 0) {
            return Optional.of(ejected + " of " + usable + " endpoints ejected because connecting kept failing");
        }
        return drained > 0
                ? Optional.of(drained + " of " + port.endpoints().size() + " endpoints drained by an operator")
                : Optional.empty();
    }

    private static long failures(ServiceCounters counters) {
        long failed = 0;
        for (Cause cause : CAUSES) {
            failed += counters.failures(cause);
        }
        return failed;
    }

    /** What a search looks at, in lower case. */
    boolean matches(String search) {
        return port.name().toString().contains(search) || port.frontends().stream()
                .anyMatch(frontend -> frontend.address().toString().contains(search));
    }

    void write(Json json) {
        json.beginObject();
        ServicesPage.name(port.name(), json);
        json.member("number", port.addresses().port()).name("addresses").beginArray();
        for (Frontend frontend : port.frontends()) {
            json.value(frontend.kind() + " " + frontend.address());
        }
        json.endArray().member("balancer", port.policy().balancer().toString()).member("state", state.word())
                .name("why");
        json.text(why);
        json.member("usable", usable).member("endpoints", port.endpoints().size()).member("ejected", ejected)
                .member("drained", drained).member("open", open).member("accepted", accepted)
                .member("failed", failed).member("bytesUp", bytesUp).member("bytesDown", bytesDown).endObject();
    }
}
