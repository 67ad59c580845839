package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.contender.Nginx;
import dev.fairlead.loadtest.bench.load.Flooder;
import dev.fairlead.loadtest.bench.load.GeneratorLaunch;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.machine.Command;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where scenarios play: the networks with their generators, and who may take part. One stage serves many scenarios, so
 * that the generators stay warm.
 */
public final class Stage implements AutoCloseable {
    private final Networks networks;
    private final GeneratorLaunch launch;
    private final Path directory;
    private final Set<Family> families;
    private final Pace pace;
    private final Progress progress;
    private final Map<String, Generators> generators = new HashMap<>();
    private Optional<Probe> probe = Optional.empty();
    private int casts;

    /**
     * Takes the networks over: closing the stage closes them.
     *
     * @param directory for configurations and logs
     * @param families who takes part
     */
    public Stage(Networks networks, GeneratorLaunch launch, Path directory, Set<Family> families, Pace pace,
            Progress progress) {
        this.networks = networks;
        this.launch = launch;
        this.directory = directory;
        this.families = Set.copyOf(families);
        this.pace = pace;
        this.progress = progress;
    }

    public Pace pace() {
        return pace;
    }

    Progress progress() {
        return progress;
    }

    /** Where a contender runs; nobody where it cannot run here. */
    Optional<Network> network(Contender contender) {
        if (contender.family() == Family.DNAT) {
            return networks.dnat();
        }
        // Its program would be attached for the whole machine where there is no namespace of its own.
        boolean apart = contender instanceof Fairlead fairlead && fairlead.oneDoor();
        return apart && networks.dnat().isEmpty() ? Optional.empty() : Optional.of(networks.plain());
    }

    /** One more network namespace, where there is a right to make one. */
    Optional<Networks.Extra> extra(String purpose) throws IOException, InterruptedException {
        return networks.extra(purpose);
    }

    /** Those of the contenders that were asked for and can run here. */
    public List<Contender> taking(List<Contender> contenders) throws IOException, InterruptedException {
        List<Contender> taking = new ArrayList<>();
        for (Contender contender : contenders) {
            if (families.contains(contender.family()) && network(contender).isPresent() && installed(contender)) {
                taking.add(contender);
            }
        }
        return taking;
    }

    private static boolean installed(Contender contender) throws IOException, InterruptedException {
        return switch (contender.family()) {
            case HAPROXY -> Command.find("haproxy").isPresent();
            case NGINX -> Nginx.installed();
            case DNAT -> Command.find("nft").isPresent();
            case FAIRLEAD, DIRECT, IPTABLES, NFT -> true;
        };
    }

    /** Starts those that take part, all at once; each is idle until it has its turn. */
    Cast cast(List<Contender> contenders, List<EndpointKind> kinds, boolean accessLog)
            throws IOException, InterruptedException {
        return Cast.start(this, taking(contenders), kinds, accessLog);
    }

    /** The generators of a network, started when first asked for. */
    public Generators generators(Network network) throws IOException {
        Generators known = generators.get(network.name());
        if (known == null) {
            known = Generators.start(network, launch, directory);
            generators.put(network.name(), known);
        }
        return known;
    }

    /** Whoever asks closes it. */
    Flooder flooder(Network network) throws IOException {
        return Flooder.start(network, launch, directory);
    }

    /** With the classes of the bench's own processes. */
    String classPath() {
        return launch.classPath();
    }

    Probe probe() throws IOException {
        if (probe.isEmpty()) {
            probe = Optional.of(Probe.start(networks.plain(), launch.classPath(), directory));
        }
        return probe.get();
    }

    /** A new directory for one contender. */
    Path room(String contender) throws IOException {
        casts++;
        return Files.createDirectories(directory.resolve(casts + "-" + contender));
    }

    /** While a load goes on. */
    static void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        generators.values().forEach(Generators::close);
        probe.ifPresent(Probe::close);
        networks.close();
    }
}
