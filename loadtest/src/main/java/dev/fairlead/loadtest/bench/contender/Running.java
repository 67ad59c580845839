package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Daemon;
import dev.fairlead.loadtest.bench.machine.Network;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A contender that takes connections.
 *
 * @param daemon its process; the kernel has none
 * @param endpointSwitch changes its endpoints while it runs, where it can without a restart
 */
public record Running(Contender contender, Assignment assignment, Optional<Daemon> daemon,
        Optional<EndpointSwitch> endpointSwitch) implements AutoCloseable {

    static Running kernel(Contender contender, Assignment assignment) {
        return new Running(contender, assignment, Optional.empty(), Optional.empty());
    }

    public String name() {
        return contender.name();
    }

    public Network network() {
        return assignment.network();
    }

    /** Where clients dial, {@code ip:port}, several with commas. */
    public String address(EndpointKind kind) {
        Service service = assignment.services().stream().filter(offered -> offered.kind() == kind).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name() + " does not offer " + kind.service()));
        return contender instanceof Direct ? String.join(",", service.endpoints()) : service.listen();
    }

    /** The processes whose CPU is its cost. */
    public List<Long> pids() {
        return daemon.map(Daemon::pids).orElse(List.of());
    }

    /** Fails, with what it said, when it has ended. */
    public void assertAlive() throws IOException {
        if (daemon.isPresent() && !daemon.get().alive()) {
            throw new IOException(name() + " has ended" + daemon.get().said());
        }
    }

    /** Ends its processes, as a crash would. */
    public void stop() {
        daemon.ifPresent(Daemon::close);
    }

    @Override
    public void close() {
        stop();
    }

    /** Makes endpoints come and go. */
    @FunctionalInterface
    public interface EndpointSwitch {
        /** These of {@link Service#all}, by index, serve from now on, and no others. */
        void serve(List<Integer> which) throws IOException;
    }
}
