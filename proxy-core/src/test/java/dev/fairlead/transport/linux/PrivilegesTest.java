package dev.fairlead.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.transport.linux.Privileges.GivenUp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is given up is gone: hence a JVM of its own, except where a thread is enough. */
class PrivilegesTest {
    @BeforeEach
    void needs() {
        assumeTrue(Capability.effective().containsAll(Set.of(Capability.NET_ADMIN, Capability.BPF)),
                "needs privileges that can be given up");
    }

    /** The other JVM. */
    static final class Other {
        private Other() {
        }

        public static void main(String[] kept) throws Exception {
            CountDownLatch end = new CountDownLatch(1);
            Thread waiting = Thread.ofPlatform().start(() -> awaitEnd(end));
            Set<Capability> set = EnumSet.noneOf(Capability.class);
            Stream.of(kept).map(Capability::valueOf).forEach(set::add);
            GivenUp given = Privileges.keepOnly(set);
            System.out.println("count " + (given.count() > 20 ? "many" : given.count()) + ", remains "
                    + given.remains());
            System.out.println("threads " + seen("CapPrm:") + seen("CapEff:") + seen("CapInh:"));
            System.out.println("again " + Privileges.keepOnly(set));
            System.out.println("alive " + waiting.isAlive());
            end.countDown();
            waiting.join();
        }

        private static void awaitEnd(CountDownLatch end) {
            try {
                end.await();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
        }

        private static Set<Object> seen(String line) throws IOException {
            Set<Object> seen = new TreeSet<>();
            try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
                for (Path task : tasks.toList()) {
                    seen.add(Long.toHexString(Capability.mask(task.resolve("status"), line)));
                }
            }
            return seen;
        }
    }

    private static List<String> said(String... kept) throws Exception {
        Process process = new ProcessBuilder(Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                        Other.class.getName()),
                Stream.of(kept)).toList()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    @Test
    void everyThreadOfTheJvmKeepsWhatIsWantedAndNothingElse() throws Exception {
        assumeTrue(EveryThread.possible(), "needs a processor that the handler was written for");

        assertThat(said("NET_BIND_SERVICE", "NET_ADMIN")).containsExactly("count many, remains Optional.empty",
                "threads [1400][1400][0]", "again " + GivenUp.NOTHING, "alive true");
        assertThat(said()).contains("threads [0][0][0]");
    }

    @Test
    void aQuestionIsAnsweredWithLessAndTheAskerKeepsHis() {
        Set<Capability> own = Capability.effective();

        assertThat(Privileges.under(Set.of(Capability.BPF), Capability::effective)).containsExactly(Capability.BPF);
        assertThat(Capability.effective()).isEqualTo(own);
    }
}
