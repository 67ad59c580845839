package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.Plan;
import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.model.TransportAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {
    private static final String SESSION = "dev.fairlead.Session";
    private static final String PLAN = "dev.fairlead.Plan";

    private final FlightRecorder recorder = new FlightRecorder();

    private static SessionSummary summary() {
        return new SessionSummary(Optional.of(Fleet.service("default/web:http")), IpPort.of("10.0.0.1:4000"),
                TransportAddress.tcp(IpPort.of("10.96.0.10:80")), Optional.of(IpPort.of("10.1.0.1:8080")), "random",
                List.of(), 1, 2_000_000, 3_000_000, 4, 5, new Termination(Side.CLIENT, Phase.RELAY, Cause.FIN));
    }

    @Test
    void aRecordingHoldsSessionsAndPlans(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("fairlead.jfr");
        recorder.ended(summary());
        try (Recording recording = new Recording()) {
            recording.enable(SESSION).withoutThreshold();
            recording.enable(PLAN).withoutThreshold();
            recording.start();
            recorder.ended(summary());
            recorder.applied(Plan.EMPTY, 41, 7_000);
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).extracting(event -> event.getEventType().getName()).containsExactlyInAnyOrder(SESSION, PLAN);
        RecordedEvent session = events.stream().filter(event -> event.getEventType().getName().equals(SESSION))
                .findFirst().orElseThrow();
        assertThat(session.getString("service")).isEqualTo("default/web:http");
        assertThat(session.getString("endpoint")).isEqualTo("10.1.0.1:8080");
        assertThat(session.getString("end")).isEqualTo("CLIENT/RELAY/FIN");
        assertThat(session.getDuration("lasted")).isEqualTo(Duration.ofMillis(3));
        assertThat(session.getLong("bytesDown")).isEqualTo(5);
        RecordedEvent plan = events.stream().filter(event -> event.getEventType().getName().equals(PLAN)).findFirst()
                .orElseThrow();
        assertThat(plan.getLong("table")).isEqualTo(41);
        assertThat(plan.getDuration("took")).isEqualTo(Duration.ofNanos(7_000));
    }
}
