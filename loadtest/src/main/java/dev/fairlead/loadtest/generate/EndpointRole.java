package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints: doors by their addresses. */
final class EndpointRole implements Role {
    private final Loops loops;
    private final Map<InetSocketAddress, List<Door>> doors = new LinkedHashMap<>();
    private long acceptedByDropped;

    EndpointRole(Loops loops) {
        this.loops = loops;
    }

    @Override
    public JsonLine answer(Command command) throws CommandFailed, InterruptedException {
        return switch (command.word()) {
            case "serve" -> serve(command.knowing("kind", "listen", "bytes", "request"));
            case "drop" -> drop(command.knowing("listen"));
            case "status" -> status(command.knowing());
            default -> throw new CommandFailed(
                    "unknown command \"" + command.word() + "\" (expected: serve, drop or status)");
        };
    }

    private JsonLine serve(Command command) throws CommandFailed, InterruptedException {
        EndpointKind kind = EndpointKind.byWord(command.text("kind"));
        EndpointPlan plan = new EndpointPlan(kind, command.number("bytes", 128, 0, bytesAtMost(kind)),
                command.number("request", 1, 1, Integer.MAX_VALUE), loops.lanes().size());
        List<String> listening = new ArrayList<>();
        for (InetSocketAddress at : command.addresses("listen")) {
            listening.add(text(open(plan, at)));
        }
        return new JsonLine().with("listening", listening);
    }

    private static int bytesAtMost(EndpointKind kind) {
        return kind == EndpointKind.UDP_REPLY ? 65_507 : Integer.MAX_VALUE;
    }

    private InetSocketAddress open(EndpointPlan plan, InetSocketAddress at) throws CommandFailed, InterruptedException {
        if (doors.containsKey(at)) {
            throw new CommandFailed("somebody serves on " + text(at) + " already (expected: drop first)");
        }
        List<Door> opened = new ArrayList<>();
        InetSocketAddress address = at;
        try {
            for (Lane lane : loops.lanes()) {
                InetSocketAddress wanted = address;
                address = Loops.on(lane, () -> {
                    Door door = plan.kind() == EndpointKind.UDP_REPLY
                            ? new DatagramDoor(lane, plan, wanted)
                            : new StreamDoor(lane, plan, wanted);
                    opened.add(door);
                    return door.open(wanted);
                });
            }
        } catch (CommandFailed problem) {
            for (Door door : opened) {
                Loops.on(door.lane, door::drop);
            }
            throw new CommandFailed("cannot serve on " + text(at) + ": " + problem.getMessage(), problem);
        }
        doors.put(address, opened);
        return address;
    }

    private JsonLine drop(Command command) throws CommandFailed, InterruptedException {
        List<InetSocketAddress> addresses = command.addresses("listen");
        for (InetSocketAddress at : addresses) {
            if (!doors.containsKey(at)) {
                throw new CommandFailed("nobody serves on " + text(at) + " (expected: one of "
                        + doors.keySet().stream().map(EndpointRole::text).toList() + ")");
            }
        }
        int dropped = 0;
        for (InetSocketAddress at : addresses) {
            for (Door door : doors.getOrDefault(at, List.of())) {
                dropped += Loops.on(door.lane, door::drop);
                acceptedByDropped += Loops.on(door.lane, door::taken);
            }
            doors.remove(at);
        }
        return new JsonLine().with("dropped", dropped);
    }

    private JsonLine status(Command ignored) throws CommandFailed, InterruptedException {
        int open = 0;
        long accepted = acceptedByDropped;
        for (List<Door> lanes : doors.values()) {
            for (Door door : lanes) {
                open += Loops.on(door.lane, door::connections);
                accepted += Loops.on(door.lane, door::taken);
            }
        }
        CpuReading spent = CpuReading.of(ProcessHandle.current().pid());
        String[] descriptors = new File("/proc/self/fd").list();
        return new JsonLine().with("open", open).with("accepted", accepted)
                .with("userSeconds", spent.life().user()).with("systemSeconds", spent.life().system())
                .with("descriptors", descriptors == null ? 0 : descriptors.length);
    }

    private static String text(InetSocketAddress address) {
        String ip = address.getAddress().getHostAddress();
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + address.getPort();
    }

    @Override
    public void close() {
        loops.close();
    }
}
