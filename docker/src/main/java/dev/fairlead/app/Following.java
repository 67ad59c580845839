package dev.fairlead.app;

import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.app.privilege.StartPrivileges;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.source.SnapshotReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a running proxy follows: services come into force through the source, and settings here, those that can
 * change without a new start.
 */
final class Following implements SnapshotReader {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final SnapshotLoader loader;
    private final StartPrivileges privileges;
    private final ProxyConfig atStart;
    private volatile ProxyConfig settings;
    private List<String> saidNotes;

    /**
     * @param first what was read before the start
     * @param privileges that it started with
     */
    Following(SnapshotLoader loader, Load.Loaded first, StartPrivileges privileges) {
        this.loader = loader;
        this.privileges = privileges;
        this.atStart = first.settings();
        this.settings = first.settings();
        this.saidNotes = first.snapshot().notes();
    }

    /** Those in force. Any thread. */
    ProxyConfig settings() {
        return settings;
    }

    /** One reading at a time, as sources do. */
    @Override
    public Reading read(List<Text> texts) {
        return switch (loader.load(texts)) {
            case Load.Wrong(List<String> problems) -> new Reading.Rejected(problems);
            case Load.Loaded loaded -> {
                follow(loaded.settings());
                tell(loaded.snapshot().notes());
                privileges.changed(atStart, loaded.snapshot());
                yield new Reading.Read(loaded.snapshot());
            }
        };
    }

    private void follow(ProxyConfig next) {
        ProxyConfig before = settings;
        settings = next;
        if (next.logging().level() != before.logging().level()) {
            Logs.level(next.logging().level());
        }
        List<String> waiting = waiting(next);
        if (!waiting.isEmpty() && !waiting.equals(waiting(before))) {
            LOG.warn("changed, but in force only after the next start: {}", String.join(", ", waiting));
        }
    }

    private List<String> waiting(ProxyConfig next) {
        List<String> waiting = new ArrayList<>();
        Optional.of("admin").filter(_ -> !next.admin().equals(atStart.admin())).ifPresent(waiting::add);
        Optional.of("healthzBindAddress").filter(_ -> !next.healthzDoor().equals(atStart.healthzDoor()))
                .ifPresent(waiting::add);
        Optional.of("metricsBindAddress").filter(_ -> !next.metricsDoor().equals(atStart.metricsDoor()))
                .ifPresent(waiting::add);
        Optional.of("dataPath").filter(_ -> next.dataPath() != atStart.dataPath()).ifPresent(waiting::add);
        Optional.of("serviceAddresses").filter(_ -> !next.addresses().equals(atStart.addresses()))
                .ifPresent(waiting::add);
        Optional.of("eventLoops").filter(_ -> !next.eventLoops().equals(atStart.eventLoops()))
                .ifPresent(waiting::add);
        Optional.of("oneDoor").filter(_ -> next.oneDoor() != atStart.oneDoor()).ifPresent(waiting::add);
        Optional.of("privileges").filter(_ -> next.privileges() != atStart.privileges()).ifPresent(waiting::add);
        Optional.of("logging.format").filter(_ -> next.logging().format() != atStart.logging().format())
                .ifPresent(waiting::add);
        Optional.of("logging.accessLog").filter(_ -> !next.logging().accessLog().equals(atStart.logging().accessLog()))
                .ifPresent(waiting::add);
        return waiting;
    }

    private void tell(List<String> notes) {
        if (!notes.equals(saidNotes)) {
            saidNotes = notes;
            notes.forEach(note -> LOG.info("note: {}", note));
        }
    }
}
