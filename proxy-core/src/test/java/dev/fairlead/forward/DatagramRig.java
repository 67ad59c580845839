package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.forward.RecordedFlow.Told;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.OpenFailure;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One data path whose datagram doors lead to an endpoint of the test's choice, real UDP sockets on loopback on either
 * side, and a record of every flow.
 */
final class DatagramRig {
    private static final int LARGEST = 65_536;

    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    final BlockingQueue<RecordedFlow> arrived = new LinkedBlockingQueue<>();
    final DataPath path;
    private final Descriptors atFirst;
    private final Map<Told, Consumer<RecordedFlow>> reactions = new ConcurrentHashMap<>();
    private final List<DatagramDoor> doors = new ArrayList<>();
    private final List<DatagramSocket> sockets = new ArrayList<>();
    volatile IpPort endpoint = IpPort.of("127.0.0.1:9");
    volatile int responses;
    /** What is done with a client that is not known. */
    volatile Consumer<RecordedFlow> welcome = this::connect;

    /** The path is made by the test: what it keeps for itself as long as it lives is not held against it. */
    DatagramRig(DataPath path) throws IOException {
        this.path = path;
        this.atFirst = Descriptors.now();
        on(Told.UNREACHABLE, RecordedFlow::disconnect);
        on(Told.WANTED, this::connect);
    }

    /** Does this when a flow is told that; by default one that is unreachable is disconnected, one wanted connected. */
    void on(Told told, Consumer<RecordedFlow> reaction) {
        reactions.put(told, reaction);
    }

    Consumer<RecordedFlow> reaction(Told told) {
        return reactions.getOrDefault(told, _ -> {
        });
    }

    void connect(RecordedFlow flow) {
        FlowOpening opening = flow.connect(endpoint, responses);
        if (!(opening instanceof FlowOpening.Connected)) {
            violations.add("connecting to " + endpoint + ": " + opening);
        }
    }

    /** Opens a door, at a free port where the port is 0. */
    IpPort open(String address) throws OpenFailure {
        DatagramDoor door = path.openDatagrams(IpPort.of(address), this::arrived);
        doors.add(door);
        return door.address();
    }

    /** Closes the doors at an address; those that are closed already, again. */
    void close(IpPort address) {
        doors.stream().filter(door -> door.address().equals(address)).forEach(DatagramDoor::close);
    }

    private void arrived(DatagramFlow flow) {
        if (!flow.loop().inLoop()) {
            violations.add("arrived on a thread that is not the flow's loop");
        }
        RecordedFlow recorded = new RecordedFlow(this, flow);
        welcome.accept(recorded);
        arrived.add(recorded);
    }

    RecordedFlow nextArrived() throws InterruptedException {
        RecordedFlow flow = arrived.poll(10, TimeUnit.SECONDS);
        if (flow == null) {
            throw new AssertionError("no client arrived within 10 s");
        }
        return flow;
    }

    /** A socket of the test's own at a free port of an address. */
    DatagramSocket socket(String ip) throws IOException {
        return keep(new DatagramSocket(IpPort.of(freePort(ip)).socketAddress()));
    }

    DatagramSocket keep(DatagramSocket socket) throws IOException {
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** An endpoint that flows are connected to from now on. */
    DatagramSocket endpoint(String ip) throws IOException {
        DatagramSocket socket = socket(ip);
        endpoint = address(socket);
        return socket;
    }

    /** A port that was free a moment ago. */
    static IpPort refusing() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(IpPort.of("127.0.0.1:0").socketAddress())) {
            return address(socket);
        }
    }

    /** Any free port of an address, as doors take it. */
    static String freePort(String ip) {
        return ip.contains(":") ? "[" + ip + "]:0" : ip + ":0";
    }

    static IpPort address(DatagramSocket socket) {
        return new IpPort(socket.getLocalAddress(), socket.getLocalPort());
    }

    static void send(DatagramSocket from, byte[] content, IpPort to) throws IOException {
        from.send(new DatagramPacket(content, content.length, to.socketAddress()));
    }

    static void send(DatagramSocket from, String content, IpPort to) throws IOException {
        send(from, content.getBytes(US_ASCII), to);
    }

    static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        socket.receive(packet);
        return packet;
    }

    static byte[] content(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }

    static IpPort sender(DatagramPacket packet) {
        return IpPort.of((InetSocketAddress) packet.getSocketAddress());
    }

    /** Closes everything and asserts that the path has kept the contract's general rules and no socket. */
    void finish() throws Exception {
        try {
            doors.forEach(DatagramDoor::close);
            sockets.forEach(DatagramSocket::close);
            assertThat(violations).isEmpty();
            assertThat(path.datagramsLost()).isZero();
            nothingLeft();
        } finally {
            path.close();
        }
    }

    /** Awaits that the path and the test's sockets have given back every descriptor. */
    void nothingLeft() {
        nothingLeft(atFirst);
    }

    void nothingLeft(Descriptors before) {
        await("sockets left behind").atMost(Duration.ofSeconds(10))
                .until(() -> Descriptors.now().since(before).isEmpty());
    }
}
