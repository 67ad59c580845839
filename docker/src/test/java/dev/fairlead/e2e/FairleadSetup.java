package dev.fairlead.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory with all that one Fairlead needs.
 *
 * @param input what {@code -f} names
 * @param admin the admin address
 * @param settings lines of the ProxyConfiguration beyond the admin address and the access log
 * @param javaOptions of its JVM
 * @param before a command in front of {@code java}, such as one that sets limits
 * @param place where it runs, and where its admin address is
 */
public record FairleadSetup(Path directory, Path input, String admin, String settings, List<String> javaOptions,
        List<String> before, Place place) {
    /** In a directory of its own, with an admin address of its own. */
    public static FairleadSetup in(Path directory) throws IOException {
        Path own = Files.createTempDirectory(directory, "fairlead");
        return new FairleadSetup(own, own.resolve("fairlead.yaml"), Addresses.next() + ":10349", "", List.of(),
                List.of(), Place.HERE);
    }

    /** With these lines in its ProxyConfiguration. */
    public FairleadSetup withSettings(String value) {
        return new FairleadSetup(directory, input, admin, value, javaOptions, before, place);
    }

    /** As the node {@code n1} of a cluster, with node ports at its primary address and a socket for each door. */
    public FairleadSetup following(ApiDouble api) {
        return withSettings("""
                nodeName: n1
                healthzBindAddress: off
                metricsBindAddress: off
                nodePortAddresses: [primary]
                kubernetes: {server: "%s"}
                oneDoor: "off"
                """.formatted(api.url()));
    }

    /** With these options of its JVM. */
    public FairleadSetup withJavaOptions(String... values) {
        return new FairleadSetup(directory, input, admin, settings, List.of(values), before, place);
    }

    /** For {@code -f}, where it is not a plain file. */
    public FairleadSetup withInput(Path value) {
        return new FairleadSetup(directory, value, admin, settings, javaOptions, before, place);
    }

    /** @param most open files, as a limit that it cannot raise */
    FairleadSetup withDescriptors(int most) {
        return new FairleadSetup(directory, input, admin, settings, javaOptions,
                List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "limited"), place);
    }

    /** Hears SIGHUP, also where the tests were started by somebody who ignores it, as nohup does: that is inherited. */
    FairleadSetup hearingHangUp() {
        return new FairleadSetup(directory, input, admin, settings, javaOptions,
                List.of("env", "--default-signal=HUP"), place);
    }

    /** With this in its environment, {@code NAME=VALUE}. */
    public FairleadSetup withEnvironment(String variable) {
        return new FairleadSetup(directory, input, admin, settings, javaOptions, List.of("env", variable), place);
    }

    /** In another network namespace, which has loopback addresses of its own. */
    public FairleadSetup at(Place value, String adminThere) {
        return new FairleadSetup(directory, input, adminThere, settings, javaOptions, before, value);
    }

    /** For a process that takes over from this one's: all the same, in a directory of its own. */
    FairleadSetup successor() throws IOException {
        Path own = Files.createTempDirectory(directory.getParent(), "fairlead");
        return new FairleadSetup(own, own.resolve("fairlead.yaml"), admin, settings, javaOptions, before, place);
    }

    public Path accessLog() {
        return directory.resolve("access.log");
    }

    public Path output() {
        return directory.resolve("output.log");
    }

    /** The whole input: our settings, then these documents. Unless a test says so, the machine stays as it is. */
    public String text(String... documents) {
        String addresses = settings.contains("serviceAddresses:") ? "" : "serviceAddresses: given";
        return """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                logging: {accessLog: "%s"}
                %s
                %s
                ---
                """.formatted(admin, accessLog(), addresses, settings) + String.join("", documents);
    }

    /** Puts a new text in the place of the input in one step, as editors do. */
    public void write(String... documents) throws IOException {
        replace(text(documents));
    }

    /** The same with any text, good or bad. */
    public void replace(String text) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), text);
        Files.move(fresh, input, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public FairleadProcess start(String... documents) throws IOException {
        write(documents);
        return FairleadProcess.start(this);
    }

    /** Lines of the log that contain this. */
    List<String> logLines(String part) throws IOException {
        try (Stream<String> lines = Files.lines(output())) {
            return lines.filter(line -> line.contains(part)).toList();
        }
    }
}
