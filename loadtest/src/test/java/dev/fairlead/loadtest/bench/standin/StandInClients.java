package dev.fairlead.loadtest.bench.standin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Closed loops only: a rate is not kept, since nobody tests latency with it. */
final class StandInClients implements StandIn.Role {
    private static final double TICKS = 100;

    private final List<Socket> held = new ArrayList<>();
    private final List<Running> background = new ArrayList<>();

    @Override
    public String answer(String word, Map<String, String> options) throws IOException {
        return switch (word) {
            case "run" -> run(options);
            case "hold" -> hold(options);
            case "touch" -> touch();
            case "release" -> release();
            case "background" -> {
                background.add(new Running(options));
                yield "{\"running\":true}";
            }
            case "background-stop" -> background.removeLast().stop(1);
            default -> throw new IOException("this stand-in does not know " + word);
        };
    }

    private static String run(Map<String, String> options) throws IOException {
        double seconds = Double.parseDouble(options.getOrDefault("measure", "1"));
        double before = cpu(options.getOrDefault("pids", ""));
        Running load = new Running(options);
        LockSupport.parkNanos((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
        double after = cpu(options.getOrDefault("pids", ""));
        String report = load.stop(seconds);
        return String.format(Locale.ROOT, "%s,\"latency\":{\"count\":1,\"p50\":10,\"p99\":20,\"p999\":30},"
                + "\"cpu\":{\"user\":%.3f,\"system\":0},\"generator\":{\"user\":0.01,\"system\":0.01},"
                + "\"endpoints\":{\"user\":0.01,\"system\":0.01}}", report.substring(0, report.length() - 1),
                after - before);
    }

    private static double cpu(String pids) throws IOException {
        double ticks = 0;
        for (String pid : pids.isEmpty() ? new String[0] : pids.split(",", -1)) {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        }
        return ticks / TICKS;
    }

    private String hold(Map<String, String> options) throws IOException {
        InetSocketAddress to = StandIn.addresses(options.getOrDefault("to", "")).getFirst();
        for (int i = 0; i < Integer.parseInt(options.getOrDefault("connections", "1")); i++) {
            held.add(new Socket(to.getAddress(), to.getPort()));
        }
        return "{\"open\":" + held.size() + ",\"errors\":0}";
    }

    private String touch() throws IOException {
        int echoed = 0;
        for (Socket socket : held) {
            socket.getOutputStream().write(1);
            echoed += socket.getInputStream().read() == 1 ? 1 : 0;
        }
        return "{\"echoed\":" + echoed + ",\"errors\":0}";
    }

    private String release() throws IOException {
        for (Socket socket : held) {
            socket.close();
        }
        held.clear();
        return "{\"closed\":0}";
    }

    /** A load that runs until it is stopped. */
    private static final class Running {
        private final AtomicLong units = new AtomicLong();
        private final AtomicLong errors = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> slots = new ArrayList<>();

        Running(Map<String, String> options) {
            List<InetSocketAddress> to = StandIn.addresses(options.getOrDefault("to", ""));
            String kind = options.getOrDefault("kind", "");
            for (int i = 0; i < Integer.parseInt(options.getOrDefault("connections", "1")); i++) {
                InetSocketAddress address = to.get(i % to.size());
                slots.add(Thread.ofVirtual().start(() -> slot(kind, address)));
            }
        }

        private void slot(String kind, InetSocketAddress to) {
            byte[] buffer = new byte[65_536];
            while (!over.get()) {
                try (Socket socket = new Socket(to.getAddress(), to.getPort())) {
                    socket.setSoTimeout(200);
                    use(kind, socket, buffer);
                } catch (IOException failed) {
                    if (!over.get()) {
                        errors.incrementAndGet();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                }
            }
        }

        private void use(String kind, Socket socket, byte[] buffer) throws IOException {
            switch (kind) {
                case "connect" -> {
                    socket.getOutputStream().write(buffer, 0, 64);
                    if (socket.getInputStream().readAllBytes().length != 128) {
                        throw new IOException("short");
                    }
                    units.incrementAndGet();
                }
                case "pingpong" -> {
                    while (!over.get()) {
                        socket.getOutputStream().write(buffer, 0, 64);
                        if (socket.getInputStream().readNBytes(buffer, 0, 64) != 64) {
                            throw new IOException("short");
                        }
                        units.incrementAndGet();
                    }
                }
                case "bulk-down", "slow" -> {
                    while (!over.get()) {
                        units.addAndGet(Math.max(0, socket.getInputStream().read(buffer)));
                    }
                }
                case "bulk-up" -> {
                    while (!over.get()) {
                        socket.getOutputStream().write(buffer);
                        units.addAndGet(buffer.length);
                    }
                }
                default -> throw new IOException("no such kind: " + kind);
            }
        }

        String stop(double seconds) throws IOException {
            over.set(true);
            long counted = units.get();
            long failed = errors.get();
            for (Thread slot : slots) {
                try {
                    slot.join(1000);
                } catch (InterruptedException hurried) {
                    throw new IOException(hurried);
                }
            }
            return String.format(Locale.ROOT,
                    "{\"units\":%d,\"seconds\":%.2f,\"errors\":%d,\"errorKinds\":{\"failed\":%d}}", counted, seconds,
                    failed, failed);
        }
    }
}
