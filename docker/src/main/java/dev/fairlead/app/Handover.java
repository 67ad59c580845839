package dev.fairlead.app;

import dev.fairlead.ProxyServer;
import dev.fairlead.app.Upgrade.Outcome;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.Succession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the process that ran before to this one, and from this one to the next. Whatever goes wrong is said and costs
 * the handover alone: this process then starts as if there were none, and opens each door when it is free.
 */
final class Handover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Optional<Path> at;
    private final Upgrade upgrade = Upgrade.ofThisProcess(this::succeeded);
    private Optional<Predecessor> predecessor;
    private Optional<Succession> succession = Optional.empty();
    private volatile boolean succeeded;

    private Handover(Optional<Path> at, Optional<Predecessor> predecessor) {
        this.at = at;
        this.predecessor = predecessor;
    }

    /** Asks whoever runs at a path for its doors. */
    static Handover begin(Optional<Path> at) {
        Optional<Predecessor> found = Optional.empty();
        if (at.isPresent()) {
            try {
                found = Predecessor.find(at.get());
                found.map(Predecessor::inheritance).ifPresent(Handover::tell);
            } catch (IOException halfway) {
                LOG.warn("handover   none: {}; starting as if nothing ran", halfway.getMessage());
            }
        }
        return new Handover(at, found);
    }

    private static void tell(Inheritance inherited) {
        int drains = inherited.drains().size();
        LOG.info("handover   {}{} from the process that runs", Report.counted(inherited.size(), "socket"),
                drains == 0 ? "" : " and " + Report.counted(drains, "drain"));
    }

    /** What this process begins with; absent where none runs before it. */
    Optional<Inheritance> inheritance() {
        return predecessor.map(Predecessor::inheritance);
    }

    /** This one serves: the one before may go, and the next one may come. */
    void serving(ProxyServer server, StopSignal stop) {
        predecessor.ifPresent(before -> {
            if (!server.takeOver(before)) {
                LOG.warn("handover   the process that ran before has ended without a word");
            }
            server.succeeded();
            before.close();
            server.succeeded();
        });
        predecessor = Optional.empty();
        if (at.isPresent()) {
            try {
                succession = Optional.of(server.awaitSuccessor(at.get(), () -> {
                    succeeded = true;
                    stop.give("a successor");
                }, this::upgraded));
                stop.onHangUp(this::hungUp);
            } catch (IOException refused) {
                LOG.warn(
                        "handover   no successor can take over: {} (expected: a path where this user may make a socket)",
                        refused.getMessage());
            }
        }
    }

    /** Somebody asks for it at the socket; what is answered. */
    private String upgraded() {
        return switch (upgrade.start()) {
            case Outcome.Started(long pid) -> Succession.STARTING + pid;
            case Outcome.Refused(String why) -> Succession.REFUSED + why;
        };
    }

    /** SIGHUP. */
    private void hungUp() {
        if (upgrade.start() instanceof Outcome.Refused(String why)) {
            LOG.warn("upgrade    none: {}; this process goes on", why);
        }
    }

    private boolean succeeded() {
        return succeeded;
    }

    /** A process whose doors are served by another need not wait before it closes them: they are closed. */
    ProxyConfig.Drain inForce(ProxyConfig.Drain drain) {
        return succeeded ? new ProxyConfig.Drain(Duration.ZERO, drain.deadline()) : drain;
    }

    /** A successor that is on its way starts without; a predecessor goes on. */
    @Override
    public void close() {
        succession.ifPresent(Succession::close);
        predecessor.ifPresent(Predecessor::close);
    }
}
