package dev.fairlead.discovery.kubernetes;

import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Makes Events as kube-proxy's recorder does (k8s.io/client-go/tools/events/event_recorder.go). One thread. */
final class EventObjects {
    // What the API server allows (pkg/apis/core/validation/events.go).
    private static final int LONGEST_NOTE = 1024;
    private static final int LONGEST_INSTANCE = 128;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final String nodeName;
    private final Ticker ticker;
    private int made;

    EventObjects(String nodeName, Ticker ticker) {
        this.nodeName = nodeName;
        this.ticker = ticker;
    }

    /** @param about the object, whose uid is what {@code kubectl describe} looks for */
    io.fabric8.kubernetes.api.model.events.v1.Event of(ServiceTrouble trouble, Service about) {
        long now = ticker.epochMillis();
        return new EventBuilder()
                .withNewMetadata().withNamespace(trouble.service().namespace())
                .withName(trouble.service().name() + "." + unique(now)).endMetadata()
                .withEventTime(new MicroTime(MICROS.format(Instant.ofEpochMilli(now))))
                .withType("Warning").withReason(trouble.reason()).withAction(trouble.action())
                .withNote(shortened(trouble.note(), LONGEST_NOTE))
                .withReportingController("fairlead").withReportingInstance(shortened(nodeName, LONGEST_INSTANCE))
                .withNewRegarding().withApiVersion("v1").withKind("Service")
                .withNamespace(trouble.service().namespace()).withName(trouble.service().name())
                .withUid(about.getMetadata().getUid()).endRegarding()
                .build();
    }

    /**
     * Nanoseconds in hex, as upstream; those that our clock does not know tell nodes and Events of an instant apart.
     */
    private String unique(long epochMillis) {
        int below = Math.floorMod(nodeName.hashCode() * 7919 + made++, NANOS_PER_MILLI);
        return Long.toHexString(epochMillis * NANOS_PER_MILLI + below);
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
