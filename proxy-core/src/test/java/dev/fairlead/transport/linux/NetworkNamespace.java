package dev.fairlead.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A network of its own: a thread that lives in a network namespace without a name. Sockets that are made on it, threads
 * and processes that it starts are in there too. It goes with the thread, whatever else happens.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final long CLONE_NEWNET = 0x40000000;
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final long UNSHARE = ARM ? 97 : 272;
    private static final long GETTID = ARM ? 178 : 186;
    private static final long PATIENCE_SECONDS = 20;

    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name("in-a-namespace").unstarted(task));
    private final long id;

    private NetworkNamespace() throws Exception {
        long[] made = inside(() -> {
            SystemCall systemCall = new SystemCall(Arena.ofAuto());
            return new long[]{systemCall.call(UNSHARE, CLONE_NEWNET, 0, 0, 0, 0, 0),
                    systemCall.call(GETTID, 0, 0, 0, 0, 0, 0)};
        });
        assumeTrue(made[0] == 0, "needs root, for a network namespace: " + Errno.word((int) -made[0]));
        id = made[1];
        ip("link set lo up");
    }

    /** A new one in which lo is up. Skips the test where there is none to be had. */
    public static NetworkNamespace open() throws Exception {
        assumeTrue(Kernel.unavailable().isEmpty(), "needs Linux");
        return new NetworkNamespace();
    }

    /**
     * Joins two by a pair of interfaces.
     *
     * @param device its name here
     * @param addresses with their prefixes, with a space between
     * @param there the other end's
     */
    public void join(String device, String addresses, NetworkNamespace other, String there) throws Exception {
        ip("link add " + device + " type veth peer name eth0 netns " + other.id);
        furnish(device, addresses);
        other.furnish("eth0", there);
    }

    private void furnish(String device, String addresses) throws Exception {
        ip("link set " + device + " up");
        for (String address : addresses.split(" ", -1)) {
            // Nobody else has it: it need not be asked for before it is used.
            ip("address add " + address + " dev " + device + (address.contains(":") ? " nodad" : ""));
        }
    }

    /** Runs a task in there and waits for it. */
    public <T> T inside(Callable<T> task) throws Exception {
        try {
            return thread.submit(task).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw new AssertionError(failed.getCause());
        }
    }

    /** Runs a task in there that needs no checked exceptions, and waits for it. */
    public void perform(Runnable task) {
        try {
            thread.submit(task).get(60, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The command {@code ip} in there; what it says. It must succeed. */
    public String ip(String words) throws Exception {
        return run("ip " + words);
    }

    /** A command in there; what it says. It must succeed. */
    public String run(String words) throws Exception {
        return inside(() -> execute(words));
    }

    private static String execute(String words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words.split(" ", -1)).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        Process process;
        try {
            process = builder.start();
        } catch (IOException missing) {
            assumeTrue(false, "needs a command that is not installed: " + Arrays.toString(words.split(" ", 2)));
            throw missing;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("%s ends", words).isTrue();
        assertThat(process.exitValue()).as("%s says %s", words, said).isZero();
        return said;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
