package dev.fairlead.loadtest.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fairlead, started as its users start it.
 *
 * @param launch the launcher, or a command in its place
 * @param oneLoop one event loop, however many processors there are
 * @param oneDoor whether all its TCP services share a few listening sockets, to which the kernel leads clients
 * @param others how many services it has beyond those that are measured
 */
public record Fairlead(String name, List<String> launch, DataPathName dataPath, boolean oneLoop, boolean oneDoor,
        int others) implements Proxy {
    private static final int FIRST_OTHERS_PORT = 8000;
    private static final int BLOCK = 250;

    /** With the settings that its users begin with. */
    public static Fairlead on(DataPathName dataPath, List<String> launch) {
        return new Fairlead(dataPath.contender(), launch, dataPath, false, false, 0);
    }

    public Fairlead onOneLoop() {
        return new Fairlead(name + "-1", launch, dataPath, true, oneDoor, others);
    }

    /** The same with so many services in all, the measured one included. */
    public Fairlead withServices(int all) {
        return new Fairlead(name + "-" + all, launch, dataPath, oneLoop, oneDoor, all - 1);
    }

    /** The same behind the one door; at most one at a time in a network namespace. */
    public Fairlead behindOneDoor() {
        return new Fairlead(name + "-door", launch, dataPath, oneLoop, true, others);
    }

    @Override
    public Family family() {
        return Family.FAIRLEAD;
    }

    @Override
    public Launch launch(Assignment assignment) throws IOException {
        Path file = write(configuration(assignment, List.of()), assignment);
        List<String> command = new ArrayList<>(launch);
        command.addAll(List.of("run", "-f", file.toString()));
        if (dataPath != DataPathName.AUTO) {
            command.addAll(List.of("--data-path", dataPath.word()));
        }
        return new Launch(command, listeners(assignment), 1);
    }

    /** Behind the one door no socket listens at a service's port; the admin's says that it has begun. */
    private Map<Integer, Integer> listeners(Assignment assignment) {
        if (oneDoor) {
            return Map.of(assignment.adminPort(), 1);
        }
        Map<Integer, Integer> listeners = new HashMap<>(assignment.listeners());
        if (others > 0) {
            listeners.put(othersPort(assignment), others);
        }
        return listeners;
    }

    private String doors() {
        return oneDoor ? "on" : "off";
    }

    @Override
    public Optional<Running.EndpointSwitch> endpointSwitch(Assignment assignment) {
        return Optional.of(which -> write(configuration(assignment, which), assignment));
    }

    /** With these endpoints of each service, by index; none named: those that it begins with. */
    String configuration(Assignment assignment, List<Integer> which) {
        String measured = assignment.services().stream().map(service -> line(service.name(), service.listen(),
                service.kind().flows().map(Fairlead::flows).orElse(""),
                which.isEmpty() ? service.endpoints() : which.stream().map(service.all()::get).toList()))
                .collect(Collectors.joining());
        return """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                logging: {level: warn, accessLog: "%s"}
                eventLoops: %s
                oneDoor: "%s"
                services:
                %s%s""".formatted(assignment.admin(),
                assignment.accessLog() ? assignment.accessLogFile() : "off", oneLoop ? "1" : "auto", doors(), measured,
                othersLines(assignment));
    }

    /** How it is started to follow a cluster as the node {@code n1}, with an option of the JVM. */
    public List<String> following(Assignment assignment, String server, String javaOption) throws IOException {
        Path file = write("""
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                healthzBindAddress: "off"
                metricsBindAddress: "off"
                logging: {level: warn, accessLog: "off"}
                nodeName: n1
                serviceAddresses: given
                kubernetes: {server: "%s"}
                oneDoor: "%s"
                """.formatted(assignment.admin(), server, doors()), assignment);
        List<String> command = new ArrayList<>(List.of("env", "FAIRLEAD_JAVA_OPTS=" + javaOption));
        command.addAll(launch);
        command.addAll(List.of("run", "-f", file.toString()));
        if (dataPath != DataPathName.AUTO) {
            command.addAll(List.of("--data-path", dataPath.word()));
        }
        return command;
    }

    /** Each on an address of its own, as Services have them. */
    private String othersLines(Assignment assignment) {
        List<String> endpoints = assignment.services().getFirst().endpoints();
        List<String> addresses = others(assignment);
        return IntStream.range(0, others)
                .mapToObj(i -> line("other-" + i, addresses.get(i), "", endpoints))
                .collect(Collectors.joining());
    }

    /** Where the services beyond those that are measured listen; their endpoints are those of the first of these. */
    public List<String> others(Assignment assignment) {
        return IntStream.range(0, others).mapToObj(i -> assignment.network().block() + "." + i / BLOCK + "."
                + (i % BLOCK + 1) + ":" + othersPort(assignment)).toList();
    }

    private static int othersPort(Assignment assignment) {
        return FIRST_OTHERS_PORT + assignment.slot();
    }

    private static String flows(EndpointKind.Flows flows) {
        return "protocol: UDP, udpTimeout: %1$ds, udpStreamTimeout: %1$ds, ".formatted(flows.idleSeconds())
                + (flows.responses() > 0 ? "responses: " + flows.responses() + ", " : "")
                + (flows.most() > 0 ? "maxFlows: " + flows.most() + ", " : "");
    }

    private static String line(String name, String listen, String flows, List<String> endpoints) {
        return "  - {name: %s, listen: \"%s\", %sbalancer: round-robin, endpoints: [%s]}%n".formatted(name, listen,
                flows, endpoints.stream().map(endpoint -> "\"" + endpoint + "\"").collect(Collectors.joining(", ")));
    }

    private static Path write(String text, Assignment assignment) throws IOException {
        Path file = assignment.directory().resolve("fairlead.yaml");
        Path fresh = Files.writeString(assignment.directory().resolve("fairlead.yaml.new"), text);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
