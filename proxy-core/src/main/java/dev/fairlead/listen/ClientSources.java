package dev.fairlead.listen;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.linux.ReplyRules;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether connections to endpoints may carry their client's address. What that takes of the kernel is arranged when a
 * service first wants it, and undone at the end. Any thread.
 */
public final class ClientSources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSources.class);

    private final DataPath path;
    private boolean asked;
    private boolean left;
    private volatile boolean inForce;

    public ClientSources(DataPath path) {
        this.path = path;
    }

    /** Whether they may. */
    public boolean inForce() {
        return inForce;
    }

    /** A service wants it. Where it cannot be had that is said, once, and endpoints see this node's address. */
    public synchronized void want() {
        if (asked) {
            return;
        }
        asked = true;
        Optional<String> why = path.assumesAddresses()
                ? ReplyRules.unavailable()
                : Optional.of("data path " + path.name() + " has no way to (expected: io_uring, epoll or channel)");
        if (why.isEmpty()) {
            try {
                ReplyRules.install();
                inForce = true;
                LOG.info("transparent: endpoints may see their clients' addresses");
            } catch (IOException failure) {
                why = Optional.of(String.valueOf(failure.getMessage()));
            }
        }
        why.ifPresent(problem -> LOG.warn(
                "transparent: endpoints see this node's address and not their clients', which cannot be kept: {}",
                problem));
    }

    /** Another process serves by now, which may need what was arranged here. */
    public synchronized void leave() {
        left = true;
    }

    /** Removes what was arranged, unless it was {@link #leave left}. */
    @Override
    public synchronized void close() {
        if (inForce) {
            inForce = false;
            if (!left) {
                ReplyRules.remove();
            }
        }
    }
}
