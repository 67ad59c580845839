package dev.fairlead.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.FairleadSetup;
import dev.fairlead.e2e.Greeted;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Fairlead with four services: {@code web} has an endpoint that answers, one where nobody listens, one that is not
 * ready and one that terminates; {@code cart} and {@code pay} have one that answers; {@code zulu} has none.
 */
final class Scene implements Closeable {
    static final int PORT = 8000;
    // The process makes its own socket there, so that no other Fairlead of this machine is asked for the token.

    private final Path directory;
    private final FairleadSetup setup;
    private final Echo first = Echo.start("web-0");
    private final Echo second = Echo.start("web-1");
    private final String dead = Addresses.next();
    private final String unready = Addresses.next();
    private final String leaving = Addresses.next();
    private final String web = Addresses.next();
    private final String cart = Addresses.next();
    private final String pay = Addresses.next();
    private final String zulu = Addresses.next();
    private final FairleadProcess fairlead;

    private Scene(Path directory) throws IOException {
        this.directory = directory;
        setup = FairleadSetup.in(directory);
        fairlead = setup.start(documents());
    }

    static Scene start(Path directory) throws IOException {
        return new Scene(directory);
    }

    String url() {
        return "http://" + setup.admin() + "/";
    }

    String admin() {
        return setup.admin();
    }

    /** Where the service web is. */
    String door() {
        return web + ":" + PORT;
    }

    String cartDoor() {
        return cart + ":" + PORT;
    }

    String payDoor() {
        return pay + ":" + PORT;
    }

    /** The endpoint of web that answers. */
    String answering() {
        return first.ip() + ":" + Echo.PORT;
    }

    /** The endpoint of web where nobody listens. */
    String dead() {
        return dead + ":" + Echo.PORT;
    }

    /** The endpoint that {@link #withSecondEndpoint} adds. */
    String added() {
        return second.ip() + ":" + Echo.PORT;
    }

    /** All documents as they are at the start. */
    String[] documents() {
        return new String[]{service("shop", "web", web), slice("shop", "web", ready(first.ip()), ready(dead),
                "{addresses: [" + unready + "], conditions: {ready: false, serving: false}}",
                "{addresses: [" + leaving + "], conditions: {ready: false, serving: true, terminating: true}}"),
                service("shop", "cart", cart), slice("shop", "cart", ready(first.ip())),
                service("bank", "pay", pay), slice("bank", "pay", ready(first.ip())), service("shop", "zulu", zulu)};
    }

    /** The service cart gets a second endpoint. */
    void withSecondEndpoint() throws IOException {
        setup.write(Stream.concat(Stream.of(documents()), Stream.of(named("cart-2", "shop", "cart",
                ready(second.ip())))).toArray(String[]::new));
    }

    /** Back to how it was at the start. */
    void asAtTheStart() throws IOException {
        setup.write(documents());
    }

    /** A file that is not understood, because of this balancer. */
    void withBalancer(String balancer) throws IOException {
        setup.replace(setup.text(documents()).replaceFirst("fairlead.dev/balancer: round-robin",
                "fairlead.dev/balancer: '" + balancer + "'"));
    }

    /** So many connections that come, get their name, send a line, and go. */
    static void visit(String door, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Greeted client = Greeted.open(door)) {
                assertThat(client.echo("hello")).isEqualTo("hello");
            }
        }
    }

    /** So many connections that stay. */
    static List<Greeted> stay(String door, int times) throws IOException {
        List<Greeted> open = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            open.add(Greeted.open(door));
        }
        return open;
    }

    static void leave(List<Greeted> open) throws IOException {
        for (Greeted one : open) {
            one.close();
        }
    }

    /** What {@code fairlead get token} prints. */
    String token() throws IOException, InterruptedException {
        Process process = fairlead.asking("get", "token").redirectError(directory.resolve("token.log").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as("fairlead get token; it said: %s",
                Files.readString(directory.resolve("token.log"))).isZero();
        return said;
    }

    @Override
    public void close() throws IOException {
        fairlead.close();
        first.close();
        second.close();
    }

    static String ready(String ip) {
        return "{addresses: [" + ip + "], conditions: {ready: true}}";
    }

    static String service(String namespace, String name, String clusterIp) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s, annotations: {fairlead.dev/balancer: round-robin}}
                spec:
                  clusterIP: %s
                  ports: [{name: http, port: %d, targetPort: %d}]
                ---
                """.formatted(name, namespace, clusterIp, PORT, Echo.PORT);
    }

    static String slice(String namespace, String service, String... endpoints) {
        return named(service + "-1", namespace, service, endpoints);
    }

    private static String named(String name, String namespace, String service, String... endpoints) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %s, namespace: %s, labels: {kubernetes.io/service-name: %s}}
                addressType: IPv4
                ports: [{name: http, port: %d}]
                endpoints: [%s]
                ---
                """.formatted(name, namespace, service, Echo.PORT, String.join(", ", endpoints));
    }
}
