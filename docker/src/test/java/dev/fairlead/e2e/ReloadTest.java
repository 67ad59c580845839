package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class ReloadTest {
    private static final Pattern PLAN = Pattern.compile("plan (\\d+)");

    @TempDir
    Path directory;

    private final String ip0 = Addresses.next();
    private final String ip1 = Addresses.next();
    private final String vip = Addresses.next();
    private final String door = vip + ":8000";
    private ToolProcess web0;
    private ToolProcess web1;

    @BeforeEach
    void twoEndpoints() throws IOException {
        Requires.linux();
        web0 = ToolProcess.endpoint("web-0", ip0 + ":8080", EndpointPlan.Mode.GREET);
        web1 = ToolProcess.endpoint("web-1", ip1 + ":8080", EndpointPlan.Mode.GREET);
    }

    @AfterEach
    void closeEndpoints() {
        web0.close();
        web1.close();
    }

    @Test
    void aConnectionToAnEndpointThatIsTakenOutGoesOnWhileNewOnesGoElsewhere() throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        try (FairleadProcess fairlead = setup.start(service(), slice(ip0)); Greeted old = Greeted.open(door)) {
            assertThat(old.name()).isEqualTo("web-0");

            setup.write(service(), slice(ip0, ip1));
            soon("both answer").until(() -> names(10).equals(Set.of("web-0", "web-1")));
            setup.write(service(), slice(ip1));
            soon("only the other answers").until(() -> names(10).equals(Set.of("web-1")));

            assertThat(old.echo("still here")).isEqualTo("still here");
            assertThat(fairlead.metric("fairlead_connections_open")).isEqualTo(1);
            setup.write(service(), slice(ip0));
            soon("it is back").until(() -> names(10).equals(Set.of("web-0")));
            assertThat(old.echo("and still")).isEqualTo("and still");
        }
    }

    @Test
    void aBadFileLeavesEverythingAsItIsAndIsSaidOnce() throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        try (FairleadProcess fairlead = setup.start(service(), slice(ip0)); Greeted old = Greeted.open(door)) {
            assertThat(fairlead.metric("fairlead_config_last_reload_successful")).isEqualTo(1);
            assertThat(fairlead.admin("/readyz").body()).doesNotContain("rund-robin");

            setup.replace(setup.text(service(), slice(ip1)).replace("round-robin", "rund-robin"));
            soon("the metric says so").until(() -> fairlead.metric("fairlead_config_last_reload_successful") == 0);

            assertThat(fairlead.admin("/readyz").status()).as("it still serves").isEqualTo(200);
            assertThat(fairlead.admin("/readyz").body()).contains("rund-robin").contains("round-robin");
            assertThat(names(10)).isEqualTo(Set.of("web-0"));
            assertThat(old.echo("still here")).isEqualTo("still here");
            assertThat(setup.logLines("unknown balancer \"rund-robin\"")).hasSize(1);

            setup.write(service(), slice(ip1));
            soon("a good file is taken").until(() -> names(10).equals(Set.of("web-1")));
            assertThat(fairlead.metric("fairlead_config_last_reload_successful")).isEqualTo(1);
            assertThat(fairlead.admin("/readyz").body()).doesNotContain("rund-robin");
            assertThat(setup.logLines("unknown balancer \"rund-robin\"")).hasSize(1);
        }
    }

    @Test
    void aConfigMapThatIsSwappedByItsSymbolicLinkIsFollowed() throws Exception {
        FairleadSetup plain = FairleadSetup.in(directory);
        Path mount = Files.createDirectory(directory.resolve("mount"));
        FairleadSetup setup = plain.withInput(mount);
        version(mount, "..v1", setup.text(service(), slice(ip0)));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(mount.resolve("web.yaml"), Path.of("..data", "web.yaml"));
        try (FairleadProcess fairlead = FairleadProcess.start(setup)) {
            assertThat(names(10)).isEqualTo(Set.of("web-0"));

            version(mount, "..v2", setup.text(service(), slice(ip1)));
            Path fresh = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..v2"));
            Files.move(fresh, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(mount.resolve("..v1").resolve("web.yaml"));

            soon("the swap is seen").until(() -> names(10).equals(Set.of("web-1")));
            assertThat(fairlead.metric("fairlead_config_last_reload_successful")).isEqualTo(1);
        }
    }

    @Test
    void aRewriteThatChangesNothingMakesNoPlan() throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        try (FairleadProcess fairlead = setup.start(service(), slice(ip0)); Greeted old = Greeted.open(door)) {
            int before = plan(fairlead);

            setup.write(service(), slice(ip0));
            pause();
            setup.replace("# Only a comment is new, and the order.\n" + setup.text(slice(ip0), service()));
            pause();
            assertThat(plan(fairlead)).isEqualTo(before);

            setup.write(service(), slice(ip1));
            soon("a change is planned").until(() -> names(10).equals(Set.of("web-1")));
            assertThat(plan(fairlead)).isEqualTo(before + 1);
            assertThat(old.echo("still here")).isEqualTo("still here");
        }
    }

    @Test
    void aServiceThatIsTakenOutIsRefusedAndItsConnectionsGoOn() throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory);
        try (FairleadProcess fairlead = setup.start(service(), slice(ip0)); Greeted old = Greeted.open(door)) {
            setup.write();
            soon("nobody listens").until(() -> refused(door));

            assertThat(old.echo("still here")).isEqualTo("still here");
            assertThat(fairlead.alive()).isTrue();
            setup.write(service(), slice(ip0));
            soon("it is back").until(() -> names(4).equals(Set.of("web-0")));
        }
    }

    private String service() {
        return KubernetesYaml.service("web", vip, 8000, "round-robin");
    }

    private static String slice(String... ips) {
        return KubernetesYaml.slice("web", 8080, List.of(ips));
    }

    private static void version(Path mount, String name, String text) throws IOException {
        Files.writeString(Files.createDirectory(mount.resolve(name)).resolve("web.yaml"), text);
    }

    /** Who answers this many connections; nobody answering is nobody. */
    private Set<String> names(int connections) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            try (Greeted client = Greeted.open(door)) {
                names.add(client.name());
            } catch (IOException nobody) {
                names.add("nobody");
            }
        }
        return names;
    }

    private static boolean refused(String address) {
        try (Greeted unexpected = Greeted.open(address)) {
            return unexpected.name().isEmpty();
        } catch (IOException failed) {
            return String.valueOf(failed.getMessage()).contains("refused");
        }
    }

    private static int plan(FairleadProcess fairlead) throws IOException {
        String text = fairlead.admin("/api/v1/plan").body();
        Matcher plan = PLAN.matcher(text);
        assertThat(plan.find()).as("a plan in \"%s\"", text).isTrue();
        return Integer.parseInt(plan.group(1));
    }

    /** Several times what a follower of files may take to notice. */
    private static void pause() {
        Duration pause = Duration.ofSeconds(2);
        await().pollDelay(pause).atMost(pause.plusSeconds(1)).until(() -> true);
    }

    private static ConditionFactory soon(String what) {
        return await(what).atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100));
    }
}
