package dev.fairlead.admin;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.Drains;
import dev.fairlead.model.Drain;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.telemetry.Happening.Kind;
import dev.fairlead.telemetry.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Takes a Service or an endpoint out of service, or puts it back: {@code service=NS/NAME}, {@code endpoint=IP:PORT}.
 */
final class DrainPage {
    private static final long PATIENCE_SECONDS = 10;
    private static final int MOST_NAMED = 5;

    private final Observed observed;
    private final boolean out;

    /** @param out true = out of service, false = back */
    DrainPage(Observed observed, boolean out) {
        this.observed = observed;
        this.out = out;
    }

    CompletionStage<Answer> answer(Asked asked) {
        Question question = Question.of(asked.uri(), "");
        Optional<ServiceName> service = question.parameter("service").flatMap(ServiceName::parse);
        Optional<String> endpointText = question.parameter("endpoint");
        Optional<IpPort> endpoint = endpointText.flatMap(IpPort::parse);
        if (service.isEmpty() || endpointText.isPresent() != endpoint.isPresent()) {
            return said(HttpResponseStatus.BAD_REQUEST, "expected: ?service=NAMESPACE/NAME, and where only one endpoint"
                    + " is meant &endpoint=IP:PORT\n");
        }
        Drain drain = new Drain(service.get(), endpoint);
        ControlView view = observed.control().get();
        Optional<String> unknown = out ? unknown(view, drain) : Optional.empty();
        if (unknown.isPresent()) {
            return said(HttpResponseStatus.NOT_FOUND, unknown.get() + "\n");
        }
        if (out && view.drains().size() >= Drains.MOST) {
            return said(HttpResponseStatus.CONFLICT, Drains.MOST + " things are drained already, which is the most\n");
        }
        return observed.inside().drain().apply(drain, out)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).handle((changed, failure) -> failure == null
                        ? done(drain, changed)
                        : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "the control thread has not done it within " + PATIENCE_SECONDS
                                        + " s (expected: see /livez)\n"));
    }

    private Answer done(Drain drain, boolean changed) {
        String text = text(drain, changed);
        if (changed) {
            observed.inside().journal().add(out ? Kind.DRAINED : Kind.UNDRAINED,
                    Optional.of(drain.service().toString()),
                    text);
        }
        StringBuilder json = new StringBuilder();
        new Json(json).beginObject().member("changed", changed).member("text", text).endObject();
        return Answer.json(json.append('\n').toString());
    }

    private String text(Drain drain, boolean changed) {
        if (out) {
            return drain + (changed ? " takes no new connections; those that it has go on" : " was drained already");
        }
        return drain + (changed ? " takes new connections again" : " was not drained");
    }

    private static Optional<String> unknown(ControlView view, Drain drain) {
        List<ServicePort> ports = view.snapshot().ports().stream()
                .filter(port -> port.name().service().equals(drain.service())).toList();
        if (ports.isEmpty()) {
            String like = view.snapshot().ports().stream().map(port -> port.name().service())
                    .filter(name -> name.name().equals(drain.service().name())
                            || name.namespace().equals(drain.service().namespace()))
                    .distinct().limit(MOST_NAMED).map(ServiceName::toString).collect(Collectors.joining(", "));
            return Optional.of("there is no Service " + drain.service()
                    + (like.isEmpty() ? "" : " (expected: such as " + like + ")"));
        }
        TreeSet<IpPort> known = ports.stream().flatMap(port -> port.endpoints().stream())
                .map(endpoint -> endpoint.address()).collect(Collectors.toCollection(TreeSet::new));
        return drain.endpoint().filter(address -> !known.contains(address))
                .map(address -> "Service " + drain.service() + " has no endpoint " + address + " (expected: "
                        + (known.isEmpty()
                                ? "it has none"
                                : "such as " + known.stream().limit(MOST_NAMED).map(IpPort::toString)
                                        .collect(Collectors.joining(", ")))
                        + ")");
    }

    private static CompletionStage<Answer> said(HttpResponseStatus status, String text) {
        return CompletableFuture.completedStage(Answer.text(status, text));
    }
}
