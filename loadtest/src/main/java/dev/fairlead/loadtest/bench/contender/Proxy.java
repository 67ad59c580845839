package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Daemon;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A contender that is a process. */
public sealed interface Proxy extends Contender permits Fairlead, Haproxy, Nginx {
    /** Writes its configuration and says how to start it. */
    Launch launch(Assignment assignment) throws IOException;

    /** How its endpoints change while it runs, where it can do that without a restart. */
    Optional<Running.EndpointSwitch> endpointSwitch(Assignment assignment);

    @Override
    default Running start(Assignment assignment) throws IOException, InterruptedException {
        Launch launch = launch(assignment);
        Daemon daemon = Daemon.start(name(), assignment.network().command(launch.command()),
                assignment.outputFile());
        try {
            daemon.awaitUp(launch.listeners(), launch.processes());
        } catch (IOException | InterruptedException failed) {
            daemon.close();
            throw failed;
        }
        return new Running(this, assignment, Optional.of(daemon), endpointSwitch(assignment));
    }

    /**
     * How a process is started, and how one sees that it is up.
     *
     * @param listeners ports, and how many sockets listen on each once it is up
     * @param processes of which it consists then
     */
    record Launch(List<String> command, Map<Integer, Integer> listeners,
            int processes) {
    }
}
