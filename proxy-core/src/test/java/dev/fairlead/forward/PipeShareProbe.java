package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own, without privileges: uses up the user's share of pipe memory but for so many pages, then relays
 * bulk flows and prints what became of them. Its last line reads {@code sizes=[1048576] begun=4 ended=4 intact=true}.
 */
final class PipeShareProbe {
    private static final int PAGE = 4096;
    private static final int FLOWS = 3;
    private static final int MOST_ROUNDS = 20;
    private static final int ROUND = 8 * 1024 * 1024;
    // CAP_SYS_ADMIN and CAP_SYS_RESOURCE, either of which lifts the limits: include/uapi/linux/capability.h.
    private static final long LIFTING = 1L << 21 | 1L << 24;

    private PipeShareProbe() {
    }

    /**
     * Runs one story.
     *
     * @param args the data path's name; the pages to leave, or {@code all}
     */
    public static void main(String[] args) throws Exception {
        if (privileged()) {
            throw new IllegalStateException("this process has CAP_SYS_ADMIN or CAP_SYS_RESOURCE: no limit applies");
        }
        Kernel kernel = new Kernel();
        if (!args[1].equals("all")) {
            useUp(kernel, Integer.parseInt(args[1]));
        }
        Descriptors before = Descriptors.now();
        DataPath path = args[0].equals("epoll") ? new EpollDataPath(1) : new UringDataPath(1);
        Rig rig = new Rig(path);
        Map<String, Integer> sizes = new TreeMap<>();
        boolean intact = relay(rig, before, sizes);
        rig.finish();
        System.out.println("sizes=" + List.copyOf(sizes.values()) + " begun=" + path.splices().begun() + " ended="
                + path.splices().ended() + " intact=" + intact);
        System.exit(0);
    }

    private static boolean privileged() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("CapEff:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & LIFTING) != 0);
    }

    /** A limit of the machine's, in /proc/sys/fs. Read in one piece: these files give nothing to a second read. */
    static int limit(String name) throws IOException {
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs", name)).getFirst().strip());
    }

    /** Makes pipes, ever smaller ones, and keeps them. */
    private static void useUp(Kernel kernel, int pagesToLeave) throws IOException {
        int left = limit("pipe-user-pages-soft") - pagesToLeave;
        for (int pages = 256; pages >= 1; pages /= 2) {
            while (left >= Math.max(pages, 2)) {
                int writeEnd = (int) (kernel.pipe() >>> 32);
                if (kernel.setPipeSize(writeEnd, pages * PAGE) < 0) {
                    break; // somebody else of this user has pipes, too
                }
                left -= pages;
            }
        }
    }

    /** Bulk flows, one after another begun and all at once; notes the sizes of the pipes that come up meanwhile. */
    private static boolean relay(Rig rig, Descriptors before, Map<String, Integer> sizes) throws Exception {
        ServerSocket endpoint = rig.endpoint();
        IpPort frontend = rig.serve(Rig.address(endpoint));
        List<Bytes> flows = new ArrayList<>();
        List<Future<?>> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < FLOWS; i++) {
                Socket client = rig.dial(frontend);
                Socket pod = rig.accept(endpoint);
                Bytes bytes = new Bytes(i);
                flows.add(bytes);
                ends.add(threads.submit(() -> {
                    for (int round = 0; round < MOST_ROUNDS; round++) {
                        bytes.write(client.getOutputStream(), ROUND);
                    }
                    client.close();
                    return null;
                }));
                ends.add(threads.submit(() -> {
                    for (int round = 0; round < MOST_ROUNDS; round++) {
                        bytes.read(pod.getInputStream(), ROUND);
                        note(rig.path.loops().getFirst(), before, sizes);
                    }
                    bytes.readAll(pod.getInputStream());
                    pod.close();
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(120, TimeUnit.SECONDS);
            }
        }
        return flows.stream().allMatch(bytes -> bytes.arrived().equals(bytes.written()));
    }

    /**
     * A pipe counts that is there before and after the loop has done something else: one that is found too small is
     * closed before that.
     */
    private static void note(Loop loop, Descriptors before, Map<String, Integer> sizes) throws Exception {
        synchronized (sizes) {
            Map<String, Integer> first = Descriptors.now().pipeSizesSince(before);
            CompletableFuture.runAsync(() -> {
                // The turn is all that is wanted.
            }, loop).get(60, TimeUnit.SECONDS);
            Map<String, Integer> second = Descriptors.now().pipeSizesSince(before);
            second.keySet().retainAll(first.keySet());
            sizes.putAll(second);
        }
    }
}
