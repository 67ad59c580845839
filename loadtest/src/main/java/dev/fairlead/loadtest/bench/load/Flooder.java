package dev.fairlead.loadtest.bench.load;

import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Running;
import dev.fairlead.loadtest.bench.machine.Conversation;
import dev.fairlead.loadtest.bench.machine.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A generator process of its own for floods, so that the clients whose latency is taken share no loop with one. */
public final class Flooder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Network network;
    private final Conversation process;

    private Flooder(Network network, Conversation process) {
        this.network = network;
        this.process = process;
    }

    /** Starts it; what it complains of goes to a file in the directory. */
    public static Flooder start(Network network, GeneratorLaunch launch, Path directory) throws IOException {
        return new Flooder(network, Conversation.start("the flood in " + network.name(),
                network.command(launch.command("clients")), directory.resolve(network.name() + "-flood.log")));
    }

    /**
     * Sends one datagram from each of many addresses and ports, at an even rate; returns when all are sent: how many
     * the kernel took.
     *
     * @param rate per second
     * @param answered whether the endpoints reply to them
     */
    public long flood(Running contender, EndpointKind kind, int sources, int rate, boolean answered)
            throws IOException, InterruptedException {
        return Generators.ask(process, "flood to=" + contender.address(kind) + " from=" + network.sources()
                + ".0.0 sources=" + sources + " rate=" + rate + " answered=" + (answered ? 1 : 0),
                PATIENCE.plusSeconds(sources / rate)).path("sent").asLong(0);
    }

    @Override
    public void close() {
        process.close();
    }
}
